"""Deciding: one draft over thousands of cases beside a bulk UPDATE of the same rows, and an inbox of thousands of drafts.

The draft is the allocation of the after-school clubs with the 5,849 applications that 八王子市 printed: 300 that came in
and were accepted by the actions of the house, multiplied by the database before the list is computed. The press decides
it (`press_ms`); the job that the press orders moves every case, writes a line of the trace for each and settles the list,
in one transaction (`approve_seconds`). The bench runs that job as the worker does, so that nothing else is measured.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction

from demo.accounts import PASSWORD
from madoguchi.clerical.decisions import access, queries
from madoguchi.clerical.decisions.actions import approve, carry_out
from madoguchi.ledgers.office.session import full_sight
from madoguchi.services.allocation import actions as allocation
from madoguchi.services.applications.accepting import accept_chunk
from scenarios.bench_cases import multiply_accepted
from scenarios.bench_town import SLUG, found, timed
from scenarios.browser import Browser
from scenarios.draft_rows import DraftRow, enter_rows
from scenarios.gakudo_club.season import FIRST_DAY, PLAN
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.desk import every_row, settle, staff
from scenarios.whole_period.intake import receive_all
from scenarios.whole_period.plan import at

CASES = {"small": 200, "full": 5849}
REAL = {"small": 100, "full": 300}
OPEN_DRAFTS = {"small": 500, "full": 10_000}
TURNS = {"small": 2, "full": 3}
PAGES = {"small": 40, "full": 300}
CHUNK = 500
INBOX_GOAL_MS = 100
KINDS = ("K06", "K12", "K20", "K43")
BARE_UPDATE = """
UPDATE applications_application SET stage = 'decided', outcome = 'granted', outcome_facts = '{}', decided_at = %(at)s,
  changed_at = %(at)s, edition = edition + 1 WHERE stage = 'deciding'
"""
BARE_INBOX = """
SELECT draft.id, draft.number, draft.title, draft.item_count, draft.state, person.name, draft.drafted_at, draft.kind,
  draft.amount, draft.mode, draft.urgent, draft.content_sha256, draft.version, step.kind, step.opened_at
FROM decisions_step step JOIN decisions_draft draft ON draft.id = step.draft_id
JOIN office_staff person ON person.id = draft.drafted_by_id
WHERE step.approver_id = %s AND step.outcome = '' AND step.opened_at IS NOT NULL
  AND step.kind IN ('line', 'consult', 'decide') AND step.submission = draft.submissions
  AND draft.state = 'submitted' AND draft.mode <> 'paper'
ORDER BY draft.urgent DESC, step.opened_at, step.id LIMIT 51
"""


class _TakenBack(Exception):
    """Ends a turn whose writes are only measured."""


def play(stage: Stage) -> Report:
    """First the big draft, in turns with the bare UPDATE; then the inbox."""
    report = Report("approve")
    draft_id, seconds = timed(lambda: _drafted(REAL[stage.size], CASES[stage.size], report))
    report.figures["seconds_to_fill"] = round(seconds, 1)
    _approve(draft_id, TURNS[stage.size], report)
    _inbox(stage, report)
    return report


def _drafted(real: int, count: int, report: Report) -> int:
    """Some cases received, looked at and accepted, multiplied, then placed and drafted."""
    loaded, drawn, lot = found(real)
    receive_all(PLAN, loaded, sorted(drawn, key=lambda arrival: (arrival.duplicate, arrival.at)), PLAN.seed)
    reviewer, head = staff(PLAN, "shinsa"), staff(PLAN, "kacho")
    settle(PLAN, [row for row in every_row(PLAN) if row.checks_to_look_at], reviewer, lot)
    numbers = [row.number for row in every_row(PLAN)]
    for first in range(0, len(numbers), CHUNK):
        accept_chunk(numbers=numbers[first : first + CHUNK], by=reviewer, at=at(PLAN.review_day, 16))
    multiply_accepted(count)
    opened = allocation.open_round(
        slug=SLUG, period_code=PLAN.period, by=reviewer, at=at(PLAN.allocation_day, 9)
    )
    allocation.compute_round(round_id=opened.id, by=reviewer, at=at(PLAN.allocation_day, 9, 30))
    draft_id = allocation.submit_round(
        round_id=opened.id, approver=head, by=reviewer, at=at(PLAN.allocation_day, 17)
    )
    report.figures["cases"] = _cases_in("deciding")
    return draft_id


@full_sight()
def _cases_in(stage: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM applications_application WHERE stage = %s", [stage])
        return int(cursor.fetchone()[0])


def _approve(draft_id: int, turns: int, report: Report) -> None:
    """Turns that are taken back, then the one that stays."""
    cases = report.figures["cases"]
    acts: list[float] = []
    bare: list[float] = []
    presses: list[float] = []
    for _ in range(turns):
        bare.append(_taken_back(_bare_update))
        presses.append(_taken_back(lambda: _press(draft_id)))
    presses.append(timed(lambda: _press(draft_id))[1])
    report.check("the press moves nothing", _cases_in("deciding") == cases)
    for _ in range(turns):
        acts.append(_taken_back(lambda: _work(draft_id)))
    report.check("a job that is broken off moves nothing", _cases_in("deciding") == cases)
    acts.append(timed(lambda: _work(draft_id))[1])
    report.check("every case is decided", _cases_in("decided") == cases, f"{_cases_in('decided')}／{cases}")
    lines = _lines("applications.decided")
    report.check("each with a line of the trace", lines == cases, str(lines))
    report.check("a second worker finds nothing to do", not carry_out(draft_id=draft_id, at=_decided_at()))
    found = queries.inbox(staff(PLAN, "kacho"))
    report.check("the draft waits no more", draft_id not in {row.id for row in found})
    report.figures |= {
        "press_ms": round(statistics.median(presses) * 1000, 1),
        "approve_seconds": round(statistics.median(acts), 3),
        "bulk_update_seconds": round(statistics.median(bare), 3),
        "ratio": round(statistics.median(acts) / statistics.median(bare), 2),
        "cases_per_second": round(cases / statistics.median(acts)),
    }


def _press(draft_id: int) -> None:
    head = staff(PLAN, "kacho")
    seen = access.draft_for(head, draft_id, at(PLAN.decision_day, 10))
    approve(
        draft_id=draft_id,
        by=head,
        at=_decided_at(),
        seen_sha256=seen.content_sha256,
        edition=seen.edition,
    )


def _work(draft_id: int) -> None:
    if not carry_out(draft_id=draft_id, at=_decided_at()):
        raise LookupError(f"nothing was moved for draft {draft_id}")


def _decided_at() -> datetime:
    return at(PLAN.decision_day, 10, 20)


@full_sight()
def _bare_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_UPDATE, {"at": _decided_at()})


@full_sight()
def _lines(verb: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM office_trace WHERE verb = %s", [verb])
        return int(cursor.fetchone()[0])


def _taken_back(work: Callable[[], None]) -> float:
    """The seconds of the work, which is then undone."""
    try:
        with transaction.atomic():
            _, seconds = timed(work)
            raise _TakenBack
    except _TakenBack:
        return seconds


def _inbox(stage: Stage, report: Report) -> None:
    """Pages of the inbox over HTTP, in turns with the bare SQL of their rows."""
    head, count = staff(PLAN, "kacho"), OPEN_DRAFTS[stage.size]
    rows = (_waiting(key, head.section_id) for key in range(1, count + 1))
    report.figures["open_drafts"] = enter_rows(rows, drafter=staff(PLAN, "shinsa").pk, approver=head.pk)
    browser = Browser(stage.turn_to(PLAN.decision_day))
    page = browser.get("/desk/login/")
    browser.submit(page, page.form_with("login"), {"login": ["kacho"], "password": [PASSWORD]})
    first = browser.get("/desk/decisions/")
    shown = f"{count:,}件が、あなたを待っています"
    report.check("the inbox counts every open draft", shown in first.text)
    took: dict[str, list[float]] = {}
    for turn in range(PAGES[stage.size]):
        for name, address in _pages(turn):
            (status, _), seconds = timed(partial(browser.fetch, address))
            report.check(f"{address} is shown", status == 200) if status != 200 else None
            took.setdefault(name, []).append(seconds * 1000)
        took.setdefault("inbox_sql", []).append(_bare_inbox(head.pk))
    browser.close()
    _told(took, report, stage)


def _pages(turn: int) -> list[tuple[str, str]]:
    kind = KINDS[turn % len(KINDS)]
    return [
        ("inbox", "/desk/decisions/"),
        ("inbox_kind", f"/desk/decisions/?kind={kind}&after={50 * (turn % 3)}"),
        ("home", "/desk/"),
    ]


def _bare_inbox(approver: int) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(BARE_INBOX, [approver])
        cursor.fetchall()
    return (time.perf_counter() - began) * 1000


def _told(took: dict[str, list[float]], report: Report, stage: Stage) -> None:
    for name, spent in took.items():
        ordered = sorted(spent)
        report.figures[f"{name}_p50_ms"] = round(statistics.median(ordered), 1)
        report.figures[f"{name}_p99_ms"] = round(ordered[len(ordered) * 99 // 100], 1)
    ratio = statistics.median(took["inbox"]) / statistics.median(took["inbox_sql"])
    report.figures["inbox_ratio"] = round(ratio, 1)
    if stage.size == "full":
        reached = report.figures["inbox_p99_ms"]
        report.check(f"inbox_p99_ms ≤ {INBOX_GOAL_MS}", reached <= INBOX_GOAL_MS, str(reached))


def _waiting(key: int, section: int) -> DraftRow:
    """A draft that came in during the autumn and waits for its decision."""
    drafted = at(FIRST_DAY, 9) + timedelta(minutes=key % 90_000)
    matter = KINDS[key % len(KINDS)]
    return DraftRow(
        key, section, 2026, f"見本の案件 {key} について", matter, "electronic", "", 3, drafted, None, None
    )
