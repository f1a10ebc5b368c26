"""One procedure before it is begun: who, when, how long, what it costs, when the result comes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.services.applications.queries import median_minutes
from madoguchi.web.components import dates, words
from madoguchi.web.components.speech import speak
from madoguchi.web.components.words import Reader, reader_of
from madoguchi.web.resident.life_events import door_of


def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    loaded = offered_package(slug)
    on = clock.today()
    package = loaded.package
    rounds = [
        {"period": each, "days": (each.closes - on).days} for each in package.periods if each.is_open(on)
    ]
    reader = reader_of(request)
    measured = median_minutes(slug)
    minutes = measured if measured and measured >= 1 else None
    shown = {
        "package": package, "rounds": rounds, "next_period": next_period(package, on), "minutes": minutes,
        "minutes_about": about(minutes) if minutes else None, "event": door_of(package.life_events),
        "way": way_of(rounds[0]["period"] if rounds else None, reader),
    }  # fmt: skip
    return render(request, "resident/procedure.html", shown)


def offered_package(slug: str) -> LoadedPackage:
    """What residents may apply for; anything else is not there."""
    try:
        loaded = live_package(slug)
    except NoSuchProcedure as error:
        raise Http404 from error
    if loaded.package.audience == "staff":
        raise Http404
    return loaded


def way_of(period: Any, reader: Reader) -> list[dict[str, Any]]:
    """Four steps, with the days of this round where they are known."""
    until = (
        speak("top.until", reader, day=words.shown(dates.day(period.closes, reader.language), reader))
        if period
        else ""
    )
    return [
        {"name": speak("review.submit", reader), "text": until},
        {"name": speak("receipt.next-checked", reader), "text": speak("receipt.next-checked-text", reader)},
        {"name": speak("receipt.next-decided", reader), "text": ""},
        {"name": speak("receipt.next-told", reader), "text": told_on(period, reader)},
    ]


def told_on(period: Any, reader: Reader) -> str:
    if period is None:
        return ""
    if period.released_at:
        return words.shown(dates.day_time(period.released_at, reader.language), reader)
    return words.shown(dates.day(period.decision_on, reader.language), reader) if period.decision_on else ""


def next_period(package: Any, on: date) -> Any:
    coming = [period for period in package.periods if period.opens > on]
    return min(coming, key=lambda period: period.opens, default=None)


def about(minutes: float) -> int:
    """Rounded up to five minutes: a promise that is kept for most."""
    return int(-(-minutes // 5) * 5)
