"""朝の一覧: what waits for this person today, in the order in which it should be done."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.clerical.decisions import queries as decisions
from madoguchi.clerical.notices import queries as notices
from madoguchi.clerical.notices.states import ReleaseState
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.services.allocation import queries as allocation
from madoguchi.services.applications import core_queries, waiting
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import calendar_of, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

ABOUT = {
    "over": "標準処理期間を過ぎた申請。遅れの理由を書くか、進めます",
    "soon": "あと3開庁日のうちに期限が来る申請",
    "answered": "申請した人が直しました。変わったところを確かめます",
    "marked": "人が見て確かめる印のある申請",
}
TROUBLED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One thing to do: how many, where, and how many of them are this person's own."""

    count: int
    name: str
    text: str
    href: str
    urgent: bool = False
    mine: int = 0
    mine_href: str = ""


@needs(*Power)
def home(request: StaffRequest) -> HttpResponse:
    held = powers(request)
    loaded = list(procedures.live_procedures())
    sees = Power.SEE_CASES in held
    drafts = list(decisions.inbox(request.user)) if Power.APPROVE in held else []
    context = {
        "at": now(),
        "tasks": [
            *(waits(request) if sees else []),
            *draft_tasks(drafts),
            *(sent_back(request, loaded) if Power.EXPORT in held else []),
        ],
        "unanswered": waiting.unanswered_of(request.user, today()) if sees else [],
        "calls": waiting.calls_of(request.user, today()) if sees else [],
        "groups": groups(request, loaded, held) if sees else [],
        "drafts": drafts,
        "troubled": jobs.troubled_of(request.user, now() - TROUBLED_FOR),
        "releases": releases_to_send() if Power.RELEASE_LETTERS in held else [],
        "procedures": loaded,
        "held": {power.value for power in held},
    }
    return render(request, "desk/home.html", context)


def waits(request: StaffRequest) -> list[Task]:
    """Late, near, answered, marked: each number leads to its cases."""
    counted = waiting.counts_of(request.user, today(), calendar_of(request))
    page = reverse("desk:overdue")
    return [
        Task(
            counted[key][0],
            waiting.WAITS[key],
            text,
            f"{page}?view={key}",
            key == "over",
            counted[key][1],
            f"{page}?view={key}&mine=1",
        )
        for key, text in ABOUT.items()
    ]


def draft_tasks(drafts: list) -> list[Task]:
    if not drafts:
        return []
    return [
        Task(
            len(drafts),
            "決裁を待つ起案",
            "あなたの決裁を待っています",
            reverse("desk:decisions"),
            urgent=True,
        )
    ]


def sent_back(request: StaffRequest, loaded: list) -> list[Task]:
    """What core systems refused, procedure by procedure."""
    names = {each.package.slug: each.package.names.ja for each in loaded}
    return [
        Task(
            count,
            "基幹システムから戻された申請",
            names.get(slug, slug),
            reverse("desk:export-cases", args=[slug, target, "rejected"]),
            urgent=True,
        )
        for slug, target, count in core_queries.sent_back(by=request.user, at=now())
    ]


def groups(request: StaffRequest, loaded: list, held: frozenset[Power]) -> list[dict]:
    """The open cases of every procedure by the views of its ledger; one question for all procedures."""
    counted = waiting.counts_by_procedure(request.user, today(), calendar_of(request))
    told = [group(one, counted, held) for one in loaded]
    return [each for each in told if each["tasks"] or each["round"]]


def group(loaded, counted: dict, held: frozenset[Power]) -> dict:
    """The counts of one procedure in the period that is on, each a link to its rows."""
    package = loaded.package
    period = period_of(package, "", today())
    counts = counted.get((package.slug, period.code if period else ""), {})
    tasks = [
        Task(counts.get(view.key, 0), view.name, view.about, link(package.slug, view.key), view.urgent)
        for view in ledger_views.VIEWS
        if view.morning
    ]
    scored = period and package.scoring is not None and Power.ALLOCATE in held
    found = allocation.round_of(package.slug, period.code) if scored else None
    return {"package": package, "period": period, "tasks": tasks, "round": found}


def link(slug: str, view: str) -> str:
    return f"{reverse('desk:ledger', args=[slug])}?view={view}"


def releases_to_send() -> list:
    return [one for one in notices.releases() if one.state != ReleaseState.RELEASED]
