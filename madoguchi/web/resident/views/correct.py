"""補正 answered on the portal: only the asked questions, what was typed before stands in them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.errors import AnswersIncomplete
from madoguchi.services.applications.proofs import insist_on_level
from madoguchi.services.applications.rules import belongs_to
from madoguchi.services.applications.typing_in import is_file_input
from madoguchi.web.components.field_views import Shown
from madoguchi.web.components.filled import Filled
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.answers_shown import AnswersShown
from madoguchi.web.resident.form_pages import Paper, pressed, typed, without_row
from madoguchi.web.resident.receipt_mail import receipt_address
from madoguchi.web.resident.views.after import paper_of_status, subject_of
from madoguchi.web.resident.visiting import actor_of, for_visitors, now


@for_visitors
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    if status.correction is None:
        return redirect("resident:status", number=number)
    paper = paper_of_status(request, status)
    insist_on_level(paper.package.slug, paper.package.required_identity, visitor)
    if request.method == "GET":
        return asked_page(request, status, paper, [])
    raw = {**typed(request.POST), **kept_files(request, visitor, status, paper)}
    button, value = pressed(request.POST)
    if button:
        return rows_changed(request, status, paper.with_raw({**paper.raw, **raw}), button, value)
    try:
        actions.answer_correction(number=number, by=actor_of(visitor), at=now(), raw=raw)
    except AnswersIncomplete as error:
        asked = [each.key for each in asked_fields(paper, status)]
        wrong = [each for each in error.reading.errors if belongs_to(each.name, asked)]
        return asked_page(request, status, paper.with_raw({**paper.raw, **raw}), wrong)
    mail_corrected(request, visitor, number, paper)
    return redirect("resident:corrected", number=number)


@for_visitors
def corrected(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    """The receipt of a correction: when it came in, and the asked questions as they stand now."""
    answered = queries.answered_correction(visitor.id, number)
    if answered is None:
        return redirect("resident:status", number=number)
    status = queries.status_for(visitor.id, number)
    paper = paper_of_status(request, status)
    files = {str(each.id): each for each in documents_of(subject_of(status))}
    answers = AnswersShown(paper, paper.reading, files)
    shown = {
        "status": status, "package": paper.package, "answered": answered,
        "items": answers.items(fields_of(paper, answered.fields)),
    }  # fmt: skip
    return render(request, "resident/corrected.html", shown)


def mail_corrected(request: HttpRequest, visitor: VisitorView, number: str, paper: Paper) -> None:
    """A copy of the receipt by mail, without any answer; a mail that fails takes nothing back."""
    email = receipt_address(visitor, paper.reading)
    if not email:
        return
    reader = reader_of(request)
    link = request.build_absolute_uri(reverse("resident:corrected", kwargs={"number": number}))
    try:
        send_mail(
            to=email,
            subject=speak_plain("correct.mail-subject", reader, number=number),
            body=speak_plain("correct.mail", reader, number=number, link=link),
        )
    except Refusal:
        return


def rows_changed(request: HttpRequest, status: Any, paper: Paper, button: str, value: str) -> HttpResponse:
    """A row added or taken away: the page again, nothing is sent yet."""
    key, _, index = value.rpartition(":") if button == "_remove" else (value, "", "")
    field = paper.package.form.fields.get(key)
    if field is None or not field.has_rows:
        return asked_page(request, status, paper, [])
    if button == "_remove" and index.isdigit():
        return asked_page(request, status, paper.with_raw(without_row(paper.raw, key, int(index))), [])
    rows = len(paper.filled(paper.reading.values).row_indexes(field))
    return asked_page(request, status, paper, [], {key: rows + 1})


def asked_fields(paper: Paper, status: Any) -> list[Field]:
    """The questions staff named, or of which they named a part."""
    return fields_of(paper, status.correction.fields)


def fields_of(paper: Paper, named: Iterable[str]) -> list[Field]:
    form = paper.package.form.fields
    keys = dict.fromkeys(key if key in form else key.partition("-")[0] for key in named)
    return [form[key] for key in keys if key in form]


def asked_parts(paper: Paper, named: Iterable[str], filled: Filled) -> list[dict[str, Any]]:
    """What is drawn: a whole question, or of a row only the part that was named, under the name of its row."""
    form = paper.package.form.fields
    parts: list[dict[str, Any]] = []
    for name in dict.fromkeys(named):
        field = form.get(name.partition("-")[0])
        if name in form:
            parts.append({"row": "", "shown": Shown(form[name], name, filled)})
        elif field is not None and field.has_rows:
            rows = Shown(field, field.key, filled).rows
            parts += [
                {"row": row["plain"], "shown": each}
                for row in rows
                for each in row["fields"]
                if belongs_to(each.name, [name])
            ]
    return parts


def asked_page(
    request: HttpRequest, status: Any, paper: Paper, wrong: list[Any], open_rows: dict[str, int] | None = None
) -> HttpResponse:
    reading = paper.reading
    files = {str(each.id): each for each in documents_of(subject_of(status))}
    errors = {each.name: each.sentence for each in reversed(wrong)}
    filled = paper.filled(
        reading.values, echoes=reading.echoes, errors=errors, files=files, open_rows=open_rows or {}
    )
    parts = asked_parts(paper, status.correction.fields, filled)
    shown = {
        "status": status, "package": paper.package, "parts": parts,
        "problems": [(f"#{each.name}", each.sentence) for each in wrong],
        "multipart": any(has_file(each["shown"].field) for each in parts),
        "message": status.correction.message, "due_on": status.correction.due_on,
    }  # fmt: skip
    return render(request, "resident/correct.html", shown, status=422 if wrong else 200)


def kept_files(request: HttpRequest, visitor: VisitorView, status: Any, paper: Paper) -> dict[str, list[str]]:
    """Files chosen on this page join those already there."""
    kept: dict[str, list[str]] = {}
    for input_name in request.FILES:
        name, file = input_name.removeprefix("file-"), request.FILES.get(input_name)
        if file and is_file_input(paper.package.form, name) and belongs_to(name, status.correction.fields):
            view = documents.keep_file(
                name=file.name or "file", body=file.read(), owner=subject_of(status), by=actor_of(visitor), at=now(),
            )  # fmt: skip
            kept[name] = [*request.POST.getlist(name), str(view.id)]
    return kept


def has_file(field: Field) -> bool:
    return field.type == "file" or any(column.type == "file" for column in field.columns)
