"""The trace, for auditors: who did or saw what, and whether the chain holds."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk import words
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

ROWS = 100


@needs(Power.SEE_TRACE)
def trace(request: StaffRequest) -> HttpResponse:
    page = Paginator(matching(request.GET), ROWS).get_page(request.GET.get("page"))
    for row in page:
        row.deed = words.deed(row.verb)
        row.about = f"{words.RECORDS.get(row.subject_kind, row.subject_kind)} {row.subject_id[:12]}"
    report = office.verify_chain(request.municipality) if "verify" in request.GET else None
    context = {"page": page, "report": report, "asked": request.GET, "verbs": words.DEEDS}
    return render(request, "desk/trace.html", context)


def matching(asked):
    """By deed, person, record and day; an unreadable day filters nothing."""
    return office.trace_matching(
        verb=asked.get("verb", ""),
        actor=asked.get("who", ""),
        subject_id=asked.get("subject", ""),
        day=read_day(asked.get("day", "")),
    )


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
