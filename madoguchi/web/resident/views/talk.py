"""Messages on the own case: read, write, open what came with them. Works without a script."""

import uuid
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import access, actions, queries
from madoguchi.web.components.downloads import as_download
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.refusals import refused
from madoguchi.web.resident.visiting import actor_of, for_visitors, now

MOST_FILES = 3


@for_visitors
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    error = sent(request, visitor, number) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        notes.success(request, speak_plain("message.done", reader_of(request)))
        return redirect("resident:messages", number=number)
    before = queries.messages_of(number)
    access.own_messages(visitor.id, number, by=actor_of(visitor), at=now())
    shown = {
        "status": status, "package": package_of(status.version_id).package, "talk": before, "error": error,
        "typed": request.POST.get("text", ""), "key": key_of(request),
    }  # fmt: skip
    return render(request, "resident/messages.html", shown, status=422 if error else 200)


def sent(request: HttpRequest, visitor: VisitorView, number: str) -> str:
    """The sentence of a refusal; empty when the message is with the case."""
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("file")[:MOST_FILES]]
    try:
        actions.write_message(
            number=number, by=actor_of(visitor), at=now(), text=request.POST.get("text", ""),
            key=key_of(request), files=files,
        )  # fmt: skip
    except Refusal as refusal:
        return refused(refusal, reader_of(request))
    return ""


def key_of(request: HttpRequest) -> uuid.UUID:
    """The form's own key, so that a second press is the same message."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@for_visitors
def document(
    _request: HttpRequest, visitor: VisitorView, number: str, document_id: uuid.UUID
) -> HttpResponse:
    opened: Any = access.own_message_document(visitor.id, number, document_id, by=actor_of(visitor), at=now())
    return as_download(opened)
