"""One procedure before it is begun: who, when, how long, what it costs, when the result comes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.services.applications.queries import median_minutes
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak
from madoguchi.web.components.words import Reader, reader_of
from madoguchi.web.resident.views.top import EVENTS


def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    loaded = live_package(slug)
    if loaded is None or loaded.package.audience == "staff":
        raise Http404
    on = timezone.localdate()
    package = loaded.package
    rounds = [{"period": each, "days": (each.closes - on).days} for each in package.periods if each.is_open(on)]
    reader = reader_of(request)
    minutes = median_minutes(slug)
    shown = {
        "package": package, "rounds": rounds, "next_period": next_period(package, on), "minutes": minutes,
        "minutes_about": about(minutes) if minutes else None, "event": event_of(package),
        "who_lines": lines_of(package.who, reader), "way": way_of(package, reader),
    }  # fmt: skip
    return render(request, "resident/procedure.html", shown)


def event_of(package: Any) -> str:
    return next((event for event in package.life_events if event in EVENTS), "")


def lines_of(text: Any, reader: Reader) -> list[SafeString]:
    lines = words.marked(text, reader.voice).splitlines()
    return [words.shown(line.strip("・- "), reader) for line in lines if line.strip()]


def way_of(package: Any, reader: Reader) -> list[dict[str, Any]]:
    """The stages as residents see them, after the applying itself."""
    stages = [stage for stage in package.flow.stages if stage.resident_sees]
    first = {"name": speak("review.submit", reader), "text": speak("top.online-all-day", reader)}
    return [first, *({"name": words.spoken(each.resident_sees, reader), "text": days(each, reader)} for each in stages)]


def days(stage: Any, reader: Reader) -> SafeString:
    return speak("procedure.law-days-text", reader, days=stage.office_days) if stage.office_days else SafeString("")


def next_period(package: Any, on: date) -> Any:
    coming = [period for period in package.periods if period.opens > on]
    return min(coming, key=lambda period: period.opens, default=None)


def about(minutes: float) -> int:
    """Rounded up to five minutes: a promise that is kept for most."""
    return int(-(-minutes // 5) * 5)
