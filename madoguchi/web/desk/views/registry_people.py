"""A person and a household of the register as of a day, looked at for a purpose."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.common.era import DateUnreadable, parse_japanese_date
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.registry import access, history
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.residents import PURPOSES


@needs(Power.SEARCH_RESIDENTS)
def person(request: StaffRequest, resident_id: int) -> HttpResponse:
    """The record on a day beside everything that was ever recorded."""
    purpose = request.GET.get("purpose", "").strip()[:200]
    on, fault = day_of(request.GET.get("on", ""))
    if not purpose:
        return ask_purpose(request, on)
    shown, versions = access.record_for(
        resident_id, on=on, by=actor_of(request.user), at=now(), purpose=purpose
    )
    context = {
        "head": versions[0],
        "shown": shown,
        "steps": steps_of(versions),
        "on": on,
        "fault": fault,
        "purpose": purpose,
        "first": versions[-1].valid_from,
    }
    return render(request, "desk/registry_person.html", context, status=422 if fault else 200)


def steps_of(versions: list[history.RecordView]) -> list[dict]:
    """Each record with what it says otherwise than the one before it; newest first."""
    before = [*versions[1:], None]
    return [
        {"record": record, "changes": history.differences(old, record) if old else []}
        for record, old in zip(versions, before, strict=True)
    ]


@needs(Power.SEARCH_RESIDENTS)
def household(request: StaffRequest, household_number: int) -> HttpResponse:
    """Who lived together on a day."""
    purpose = request.GET.get("purpose", "").strip()[:200]
    on, fault = day_of(request.GET.get("on", ""))
    if not purpose:
        return ask_purpose(request, on)
    found = access.household_for(
        household_number, on=on, by=actor_of(request.user), at=now(), purpose=purpose
    )
    context = {"household": found, "on": on, "fault": fault, "purpose": purpose}
    return render(request, "desk/registry_household.html", context, status=422 if fault else 200)


def day_of(text: str) -> tuple[date, str]:
    """Today without a day; 和暦 and 西暦 are read; the sentence when a day cannot be read."""
    if not text.strip():
        return today(), ""
    try:
        return parse_japanese_date(text), ""
    except DateUnreadable as refusal:
        return today(), str(refusal)


def ask_purpose(request: StaffRequest, on: date) -> HttpResponse:
    return render(request, "desk/registry_purpose.html", {"purposes": PURPOSES, "on": on})
