"""Pages for what went wrong, in the same look and without anything from the database."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "resident/error.html", {"code": "404"}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    return render(request, "resident/error.html", {"code": "403"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    # No context processors: one of them may be what broke.
    return HttpResponse(render_to_string("resident/error.html", {"code": "500"}), status=500)
