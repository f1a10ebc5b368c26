"""One procedure before it is begun: who, when, how long, what it costs, when the result comes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.services.applications.queries import median_minutes
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak
from madoguchi.web.components.words import Reader, reader_of
from madoguchi.web.resident.life_events import door_of


ON_THE_WAY = ("received", "reviewing", "accepted", "deciding", "decided")
"""What happens to every application; a correction or a withdrawal need not be announced before it is begun."""


def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    loaded = offered_package(slug)
    on = clock.today()
    package = loaded.package
    rounds = [{"period": each, "days": (each.closes - on).days} for each in package.periods if each.is_open(on)]
    reader = reader_of(request)
    minutes = median_minutes(slug)
    shown = {
        "package": package, "rounds": rounds, "next_period": next_period(package, on), "minutes": minutes,
        "minutes_about": about(minutes) if minutes else None, "event": door_of(package.life_events),
        "way": way_of(package, reader),
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


def way_of(package: Any, reader: Reader) -> list[dict[str, Any]]:
    """The stages as residents see them, after the applying itself."""
    stages = [stage for stage in package.flow.stages if stage.resident_sees and stage.key in ON_THE_WAY]
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
