"""朝の一覧: what needs this person today."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.clerical.decisions import queries as decisions
from madoguchi.clerical.notices import queries as notices
from madoguchi.clerical.notices.states import ReleaseState
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.services.allocation import queries as allocation
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest


@dataclass(frozen=True)
class Task:
    """One thing to do: how many, and where."""

    count: int
    name: str
    text: str
    href: str
    urgent: bool = False


@needs(*Power)
def home(request: StaffRequest) -> HttpResponse:
    held = powers(request)
    loaded = list(procedures.live_procedures())
    groups = [group(one, request, held) for one in loaded] if Power.SEE_CASES in held else []
    context = {
        "at": now(),
        "groups": groups,
        "drafts": list(decisions.inbox(request.user)) if Power.APPROVE in held else [],
        "releases": releases_to_send() if Power.RELEASE_LETTERS in held else [],
        "procedures": loaded,
        "held": {power.value for power in held},
    }
    return render(request, "desk/home.html", context)


def group(loaded, request: StaffRequest, held: frozenset[Power]) -> dict:
    """The counts of one procedure, each a link to its rows."""
    package = loaded.package
    period = period_of(package, "", today())
    counts = ledger_views.counts(package.slug, period, request.user)
    tasks = [
        Task(counts.get(view.key, 0), view.name, view.about, link(package.slug, view.key), view.urgent)
        for view in ledger_views.VIEWS
        if view.morning
    ]
    found = allocation.round_of(package.slug, period.code) if period and Power.ALLOCATE in held else None
    return {"package": package, "period": period, "tasks": tasks, "round": found}


def link(slug: str, view: str) -> str:
    return f"{reverse('desk:ledger', args=[slug])}?view={view}"


def releases_to_send() -> list:
    return [one for one in notices.releases() if one.state != ReleaseState.RELEASED]
