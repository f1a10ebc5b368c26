"""The front page and the search."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.web.resident.drafts import draft_rows
from madoguchi.web.resident.life_events import DOORS, leads_to
from madoguchi.web.resident.searching import best
from madoguchi.web.resident.visiting import visitor_of

OFTEN = ("学童クラブ", "住民票", "引越し", "児童手当", "就学援助")


@dataclass(frozen=True)
class Deadline:
    """A round that can still be applied for; `days` counts calendar days to the closing day."""

    package: Any
    period: Any
    days: int


def top(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    visitor = visitor_of(request)
    shown = {
        "events": list(DOORS),
        "often": OFTEN,
        "deadlines": deadlines(on),
        "drafts": draft_rows(visitor, on) if visitor else [],
        "visitor": visitor,
    }
    return render(request, "resident/top.html", shown)


def deadlines(on: date) -> list[Deadline]:
    """Rounds open now, the next to close first."""
    found = [
        Deadline(loaded.package, period, (period.closes - on).days)
        for loaded in offered()
        for period in loaded.package.periods
        if period.is_open(on)
    ]
    return sorted(found, key=lambda each: each.period.closes)


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    event = request.GET.get("event", "")
    found = by_event(event) if event in DOORS else best(query, offered()) if query else []
    shown = {
        "query": query, "event": event if event in DOORS else "", "found": found,
        "near": [] if found else offered(),
    }  # fmt: skip
    return render(request, "resident/search.html", shown)


def by_event(event: str) -> list[Any]:
    return [loaded for loaded in offered() if leads_to(event, loaded.package.life_events)]


def offered() -> list[Any]:
    """What residents may apply for; registers that only staff keep are not shown."""
    return [loaded for loaded in procedures.live_procedures() if loaded.package.audience != "staff"]
