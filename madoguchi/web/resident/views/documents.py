"""A document that follows after applying."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents import actions
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import queries
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.answers_shown import missing_files
from madoguchi.web.resident.refusals import refused
from madoguchi.web.resident.views.after import paper_of_status, subject_of
from madoguchi.web.resident.visiting import actor_of, for_visitors, now


@for_visitors
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    if not status.may_withdraw:
        return redirect("resident:status", number=number)
    error = add(request, visitor, status) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("resident:documents", number=number)
    paper = paper_of_status(request, status)
    shown = {
        "status": status, "package": package_of(status.version_id).package, "error": error,
        "owed": missing_files(paper, paper.reading),
    }  # fmt: skip
    return render(request, "resident/documents.html", shown, status=422 if error else 200)


def add(request: HttpRequest, visitor: VisitorView, status: object) -> str:
    """The sentence of a refusal; empty when the document is with the case."""
    file = request.FILES.get("file")
    if file is None:
        return speak_plain("apply.file-missing", reader_of(request))
    try:
        kept = actions.keep_file(
            name=file.name or "", body=file.read(), owner=subject_of(status), by=actor_of(visitor), at=now()
        )
    except Refusal as refusal:
        return refused(refusal, reader_of(request))
    messages.success(request, speak_plain("document.done", reader_of(request), name=kept.name))
    return ""
