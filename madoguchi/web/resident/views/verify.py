"""Anybody, signed in or not, sees whether a PDF is a letter of the municipality as it was signed. Nothing is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from madoguchi.clerical.notices import queries
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and below it what was found; a wrong choice stays a choice to be made again."""
    file = request.FILES.get("file")
    error = wrong_with(request, file) if request.method == "POST" else ""
    found = queries.verify_file(file.read()) if file and not error else None
    shown = {"error": error, "found": found, "file": file, "certificates": queries.certificates()}
    return render(request, "resident/verify.html", shown, status=422 if error else 200)


def wrong_with(request: HttpRequest, file) -> str:
    if file is None or not file.size:
        return speak_plain("verify.missing", reader_of(request))
    if file.size > settings.FILE_LIMIT_BYTES:
        limit = settings.FILE_LIMIT_BYTES // 1024**2
        return speak_plain("verify.too-large", reader_of(request), limit=limit)
    return ""


@require_GET
def certificates(_request: HttpRequest) -> HttpResponse:
    """All certificates as PEM, for whoever verifies with a program of their own."""
    body = "".join(each.pem for each in queries.certificates())
    answer = HttpResponse(body, content_type="application/x-pem-file")
    answer["Content-Disposition"] = 'attachment; filename="certificates.pem"'
    return answer
