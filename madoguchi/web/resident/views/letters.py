"""A letter in the page and as PDF. Opening it leaves the read mark."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.clerical.notices import access, actions
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import queries
from madoguchi.web.resident.views.after import subject_of
from madoguchi.web.resident.visiting import actor_of, for_visitors, now


@for_visitors
def letter(request: HttpRequest, visitor: VisitorView, letter_id: uuid.UUID) -> HttpResponse:
    status = status_with(visitor, letter_id)
    view = actions.read_letter(letter_id, subject=subject_of(status), by=actor_of(visitor), at=now())
    shown = {"letter": view, "status": status, "package": package_of(status.version_id).package}
    return render(request, "resident/letter.html", shown)


@for_visitors
def letter_pdf(_request: HttpRequest, visitor: VisitorView, letter_id: uuid.UUID) -> HttpResponse:
    status = status_with(visitor, letter_id)
    body = access.letter_pdf(letter_id, subject=subject_of(status), by=actor_of(visitor), at=now())
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{status.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def status_with(visitor: VisitorView, letter_id: uuid.UUID) -> Any:
    """The own case this letter belongs to; another's letter is not there."""
    for number, *_ in queries.my_applications(visitor.id):
        status = queries.status_for(visitor.id, number)
        if any(str(each.id) == str(letter_id) for each in status.letters):
            return status
    raise Http404
