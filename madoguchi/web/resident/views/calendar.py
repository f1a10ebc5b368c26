"""The calendar of periods: what is open, what closes soon, the days of a month, and a file to take along."""

import calendar as months
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.common.icalendar_file import DayEvent, calendar_file
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.procedures.period_days import (
    PeriodDay,
    closes_soon,
    days_of,
    in_month,
    open_now,
    opens_next,
)
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import Reader, reader_of
from madoguchi.web.resident.life_events import DOORS
from madoguchi.web.resident.views.top import by_event, offered

FIRST_YEAR, LAST_YEAR = 2000, 2100


def calendar(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    event = chosen_event(request)
    packages = packages_of(event)
    first = chosen_month(request.GET.get("month", ""), on)
    days = days_of(packages)
    shown_days = in_month(days, first)
    opened = open_now(packages, on)
    shown = {
        "event": event, "events": list(DOORS), "today": on, "first": first,
        "closing": [with_left(day, on) for day in opened if closes_soon(day, on)],
        "open": [with_left(day, on) for day in opened if not closes_soon(day, on)],
        "opening": opens_next(packages, on), "days": shown_days,
        "next_day": next((day.on for day in days if day.on >= max(on, first)), None),
        "before": month_text(shifted(first, -1)), "after": month_text(shifted(first, 1)),
        "closed": closed_weekdays(first, office_calendar()),
        "weeks": weeks_of(first, shown_days, on),
    }  # fmt: skip
    return render(request, "resident/calendar.html", shown)


def chosen_event(request: HttpRequest) -> str:
    event = request.GET.get("event", "")
    return event if event in DOORS else ""


def packages_of(event: str) -> list[Any]:
    return [loaded.package for loaded in (by_event(event) if event else offered())]


def chosen_month(text: str, on: date) -> date:
    """2026-11 as the first of the month; anything else is this month."""
    year, _, month = text.partition("-")
    readable = year.isdecimal() and month.isdecimal() and len(text) <= 7
    if readable and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return on.replace(day=1)


def shifted(first: date, by: int) -> date:
    at = first.year * 12 + first.month - 1 + by
    return date(at // 12, at % 12 + 1, 1)


def month_text(first: date) -> str:
    return f"{first:%Y-%m}"


def with_left(day: PeriodDay, on: date) -> dict[str, Any]:
    return {"day": day, "left": (day.on - on).days}


def closed_weekdays(first: date, office: OfficeCalendar) -> list[dict[str, Any]]:
    """Monday to Friday on which nobody is there, with the reason."""
    length = months.monthrange(first.year, first.month)[1]
    every = [first.replace(day=number) for number in range(1, length + 1)]
    reasons = [(day, office.why_closed(day)) for day in every if day.weekday() < 5]
    return [{"on": day, "why": why} for day, why in reasons if why]


def weeks_of(first: date, days: list[PeriodDay], on: date) -> list[list[dict[str, Any]]]:
    """The month as rows of seven, Sunday first; days outside it are empty."""
    by_day = {day.on for day in days}
    grid = months.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    return [
        [
            {"on": day, "inside": day.month == first.month, "marked": day in by_day, "today": day == on}
            for day in week
        ]
        for week in grid
    ]


def calendar_ics(request: HttpRequest) -> HttpResponse:
    reader, event = reader_of(request), chosen_event(request)
    base = settings.MADOGUCHI_PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    events = [day_event(day, reader, base) for day in days_of(packages_of(event))]
    name = speak_plain("calendar.title", reader)
    answer = HttpResponse(
        calendar_file(name, events, at=clock.now(), domain=request.get_host().split(":")[0]),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="madoguchi.ics"'
    return answer


def day_event(day: PeriodDay, reader: Reader, base: str) -> DayEvent:
    name = words.without_readings(words.marked(day.package.names, reader.voice))
    label = words.without_readings(words.marked(day.period.label, reader.voice))
    link = base + reverse("resident:procedure", kwargs={"slug": day.package.slug})
    kind = speak_plain(f"calendar.{day.kind}", reader)
    return DayEvent(day.key, day.on, f"{kind}：{name}", f"{label}\n{link}", link, kind)
