"""続きから: on another device, by the code of the saved page and the same proof."""

import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import actions
from madoguchi.services.applications.errors import ResumeRefused, ResumeTooOften
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.drafts import ends_soon
from madoguchi.web.resident.qr import qr_svg
from madoguchi.web.resident.views.apply import opened
from madoguchi.web.resident.visiting import for_visitors, now

MOST_TYPED = 40


@for_visitors
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest, visitor: VisitorView) -> HttpResponse:
    """Whatever is wrong with a code, the page and its sentence are the same."""
    if request.method == "GET":
        return code_page(request, request.GET.get("code", ""))
    typed = request.POST.get("code", "")
    try:
        found = actions.resume(code=typed, visitor=visitor, at=now())
    except (ResumeRefused, ResumeTooOften) as error:
        return code_page(request, typed, str(error), 429 if isinstance(error, ResumeTooOften) else 422)
    return redirect("resident:resume", unsent_id=found)


def code_page(request: HttpRequest, typed: str, error: str = "", status: int = 200) -> HttpResponse:
    shown = {"typed": typed[:MOST_TYPED], "error": error, "problems": [("#code", error)] if error else []}
    return render(request, "resident/resume.html", shown, status=status)


@for_visitors
def saved(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """保存しました: until when, and the code with which another device goes on."""
    unsent, paper = opened(request, visitor, unsent_id)
    code = actions.resume_code(unsent_id=unsent_id, owner=visitor, at=now())
    base = settings.MADOGUCHI_PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    address = f"{base}{reverse('resident:resume-by-code')}"
    shown = {
        "unsent": unsent, "package": paper.package, "code": code, "address": address,
        "ends_soon": ends_soon(unsent, clock.today()), "qr": qr_svg(f"{address}?{urlencode({'code': code})}"),
    }  # fmt: skip
    return render(request, "resident/saved.html", shown)


@for_visitors
@require_POST
def new_code(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """Another code; the one shown before opens nothing any more."""
    actions.resume_code(unsent_id=unsent_id, owner=visitor, at=now(), anew=True)
    messages.success(request, speak_plain("resume.anew-done", reader_of(request)))
    return redirect("resident:saved", unsent_id=unsent_id)
