"""The trace, for auditors: who did or saw what, and whether the chain holds."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk import words
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

ROWS = 100
PAYMENT_DEEDS = ("payments.", "controls.")
"""The deeds of which accounting sees the trace, by room."""


@needs(Power.SEE_TRACE, Power.SEE_PAYMENT_TRACE)
def trace(request: StaffRequest) -> HttpResponse:
    """The whole trace, or for accounting that of payments and controls."""
    whole = Power.SEE_TRACE in powers(request)
    rows = matching(request.GET, () if whole else PAYMENT_DEEDS)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    for row in page:
        row.deed = words.deed(row.verb)
        row.about = f"{words.RECORDS.get(row.subject_kind, row.subject_kind)} {row.subject_id[:12]}"
    report = office.verify_chain(request.municipality) if whole and "verify" in request.GET else None
    verbs = words.DEEDS if whole else {verb: said for verb, said in words.DEEDS.items() if of_payments(verb)}
    context = {"page": page, "report": report, "asked": request.GET, "verbs": verbs, "whole": whole}
    return render(request, "desk/trace.html", context)


def of_payments(verb: str) -> bool:
    return verb.startswith(PAYMENT_DEEDS)


def matching(asked, rooms: tuple[str, ...] = ()):
    """By deed, person, record and day; an unreadable day filters nothing. `rooms` leaves only their deeds."""
    return office.trace_matching(
        verb=asked.get("verb", ""),
        actor=asked.get("who", ""),
        subject_id=asked.get("subject", ""),
        day=read_day(asked.get("day", "")),
        rooms=rooms,
    )


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
