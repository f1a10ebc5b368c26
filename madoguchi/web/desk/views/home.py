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
from madoguchi.web.desk.lookups import calendar_of, period_of, steps_waiting
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

ABOUT = {
    "over": "標準処理期間を過ぎた申請。遅れの理由を書くか、進めます",
    "soon": "あと3開庁日のうちに期限が来る申請",
    "answered": "申請した人が直しました。変わったところを確かめます",
    "marked": "人が見て確かめる印のある申請",
}
DRAFTS_SHOWN = 5
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
    context = {
        "at": now(),
        "tasks": [
            *(waits(request) if sees else []),
            *draft_tasks(request, Power.APPROVE in held),
            *(sent_back(request, loaded) if Power.EXPORT in held else []),
        ],
        "unanswered": waiting.unanswered_of(request.user, today()) if sees else [],
        "calls": waiting.calls_of(request.user, today()) if sees else [],
        "groups": groups(request, loaded, held) if sees else [],
        "drafts": first_drafts(request, held),
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


def draft_tasks(request: StaffRequest, decides: bool) -> list[Task]:
    """What waits for my decision, whom I may stand in for, what came back to me, what I am to look at."""
    staff, href = request.user, reverse("desk:decisions")
    waiting, to_look = steps_waiting(request)
    waiting = waiting if decides else 0
    absent = len(decisions.to_stand_in_for(staff, now(), today())) if decides else 0
    back = decisions.come_back_to(staff)
    counted = (
        (waiting, "決裁を待つ起案", "あなたの決裁を待っています", href),
        (absent, "代決できる起案", "決裁者が不在です", href),
        (len(back), "戻ってきた起案", "直して同じ番号で出し直すか、廃案にします", back_href(back, href)),
        (to_look, "後閲・供覧", "見たら「確認した」を押します", href),
    )
    return [
        Task(count, name, text, where, urgent=name != "後閲・供覧")
        for count, name, text, where in counted
        if count
    ]


def first_drafts(request: StaffRequest, held: frozenset[Power]) -> list:
    if Power.APPROVE not in held or not steps_waiting(request)[0]:
        return []
    return decisions.inbox(request.user, most=DRAFTS_SHOWN)


def back_href(back: list, href: str) -> str:
    return reverse("desk:draft", args=[back[0].id]) if len(back) == 1 else href


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
