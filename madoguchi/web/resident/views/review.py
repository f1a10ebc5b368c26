"""内容の確認 and the one submit. Pressing twice makes one application."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import actions
from madoguchi.services.applications.errors import AlreadyApplied, AnswersIncomplete, DraftSent, LookAgain
from madoguchi.services.applications.proxies import for_another
from madoguchi.services.applications.rules import belongs_to
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.unsent import subject_of_unsent
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.answers_shown import AnswersShown, missing_files
from madoguchi.web.resident.receipt_mail import confirmation, receipt_address
from madoguchi.web.resident.refusals import refused
from madoguchi.web.resident.views.apply import opened
from madoguchi.web.resident.visiting import for_visitors, now


@for_visitors
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    if request.method == "POST":
        return submit(request, visitor, unsent_id)
    unsent, paper = opened(request, visitor, unsent_id)
    reading = paper.reading
    files = {str(each.id): each for each in documents_of(subject_of_unsent(unsent_id))}
    answers = AnswersShown(paper, reading, files)
    wrong = first_wrong_page(paper, reading)
    shown = {
        "unsent": unsent, "package": paper.package, "groups": answers.groups(), "errors": reading.errors,
        "wrong_page": wrong, "files": answers.file_count(), "later": missing_files(paper, reading),
        "known": bool(unsent.facts.get("resident")), "count": len(paper.pages(reading.values)) + 1,
        "for_another": for_another(unsent.raw) and paper.package.proxy is not None,
        "again": to_look_at(paper, reading, actions.look_again(unsent_id=unsent_id, owner=visitor, at=now())),
        "last_page": reading.pages[-1] if reading.pages else "", "aids_form": "",
    }  # fmt: skip
    return render(request, "resident/review.html", shown)


def submit(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    try:
        _, paper = opened(request, visitor, unsent_id)
        mail = confirmation(request, receipt_address(visitor, paper.reading), paper.package)
    except DraftSent:
        mail = None
    try:
        receipt = actions.submit(
            unsent_id=unsent_id,
            owner=visitor,
            submission_key=uuid.uuid5(unsent_id, "submit"),
            channel=Channel.ONLINE,
            at=now(),
            confirm_by=mail,
        )
    except (AnswersIncomplete, LookAgain) as error:
        messages.error(request, refused(error, reader_of(request)))
        return redirect("resident:review", unsent_id=unsent_id)
    except AlreadyApplied as error:
        messages.warning(request, refused(error, reader_of(request)))
        return redirect("resident:my")
    return redirect("resident:receipt", number=receipt.number)


def to_look_at(paper: Any, reading: Any, asked: Any) -> list[dict[str, Any]]:
    """The pages on which something should be looked at again; where and never why."""
    fields = {each.field for each in asked}
    return [
        {"page": page.key, "label": field.label}
        for page in paper.pages(reading.values)
        for field in page.fields
        if field.key in fields
    ]


def first_wrong_page(paper: Any, reading: Any) -> str:
    """The page to open when something is missing."""
    for page in paper.pages(reading.values):
        keys = [field.key for field in page.fields]
        if any(belongs_to(error.name, keys) for error in reading.errors):
            return str(page.key)
    return ""
