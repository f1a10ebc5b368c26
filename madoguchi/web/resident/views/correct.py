"""補正 answered on the portal: only the asked questions, what was typed before stands in them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.errors import AnswersIncomplete
from madoguchi.web.components import words
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.form_pages import Paper, belongs, typed
from madoguchi.web.resident.views.after import paper_of_status, said, subject_of
from madoguchi.web.resident.visiting import actor_of, for_visitors, now


@for_visitors
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    if status.correction is None:
        return redirect("resident:status", number=number)
    paper = paper_of_status(request, status)
    if request.method == "GET":
        return asked_page(request, status, paper, [])
    raw = {**typed(request.POST), **kept_files(request, visitor, status, paper)}
    try:
        actions.answer_correction(number=number, by=actor_of(visitor), at=now(), raw=raw)
    except AnswersIncomplete as error:
        asked = [each.key for each in asked_fields(paper, status)]
        wrong = [each for each in error.reading.errors if belongs(each.name, asked)]
        return asked_page(request, status, paper.with_raw({**paper.raw, **raw}), wrong)
    messages.success(request, said(request, "correct.done"))
    return redirect("resident:status", number=number)


def asked_fields(paper: Paper, status: Any) -> list[Field]:
    """The questions staff named; a part of a row is asked with its whole question."""
    form = paper.package.form.fields
    keys = dict.fromkeys(key if key in form else key.partition("-")[0] for key in status.correction.fields)
    return [form[key] for key in keys if key in form]


def asked_page(request: HttpRequest, status: Any, paper: Paper, wrong: list[Any]) -> HttpResponse:
    reading = paper.reading
    files = {str(each.id): each for each in documents_of(subject_of(status))}
    errors = {each.name: each.sentence for each in reversed(wrong)}
    fields = asked_fields(paper, status)
    shown = {
        "status": status, "package": paper.package, "fields": fields,
        "filled": paper.filled(reading.values, echoes=reading.echoes, errors=errors, files=files),
        "problems": [(f"#{each.name}", each.sentence) for each in wrong],
        "multipart": any(each.type == "file" for each in fields),
        "message": status.correction.message, "due_on": status.correction.due_on,
    }  # fmt: skip
    return render(request, "resident/correct.html", shown, status=422 if wrong else 200)


def kept_files(request: HttpRequest, visitor: VisitorView, status: Any, paper: Paper) -> dict[str, list[str]]:
    """Files chosen on this page join those already there."""
    kept: dict[str, list[str]] = {}
    for field in asked_fields(paper, status):
        file = request.FILES.get(f"file-{field.key}")
        if field.type == "file" and file:
            view = documents.keep_file(
                name=file.name or words.marked(field.label, reader_of(request).voice), body=file.read(),
                owner=subject_of(status), by=actor_of(visitor), at=now(),
            )  # fmt: skip
            kept[field.key] = [*request.POST.getlist(field.key), str(view.id)]
    return kept
