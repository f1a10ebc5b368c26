"""What staff do before the list is decided: look at marks, ask for corrections, accept, and what families take back."""

import time
import uuid
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access, actions, queries
from madoguchi.services.applications.queries import Filters, LedgerRow
from madoguchi.services.applications.states import OPEN, CheckResult
from scenarios.stage import Stage as Scene
from scenarios.whole_period.plan import Plan, at

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PATIENCE_SECONDS = 240


class WorkerStuck(Exception):
    """A job of the story did not end in time."""


def everything(plan: Plan) -> Filters:
    """Every case of the period."""
    return Filters(procedure=plan.slug, period=plan.period, sort="number")


def staff(plan: Plan, login: str, power: Power = Power.SEE_CASES) -> "Staff":
    """Somebody with a power while the story is on."""
    found = office.staff_by_login(login)
    assert found is not None
    assert power in office.powers_of(found, plan.review_day)
    return found


def review(scene: Scene, plan: Plan, second: set[str], lot: Random) -> None:
    """Look at every mark, correct and withdraw as the plan has it, then accept all that are left."""
    scene.turn_to(plan.review_day)
    reviewer = staff(plan, "shinsa")
    rows = [row for row in every_row(plan) if row.stage in OPEN]
    lot.shuffle(rows)
    withdrawn = second | {row.number for row in rows[: round(len(rows) * plan.withdrawals_share)]}
    _withdraw(plan, withdrawn)
    left = [row for row in rows if row.number not in withdrawn]
    _correct(plan, left[: round(len(left) * plan.corrections_share)], reviewer, lot)
    settle(
        plan, [row for row in every_row(plan) if row.checks_to_look_at and row.stage in OPEN], reviewer, lot
    )
    numbers = queries.chosen_numbers(everything(plan))
    waiting = [number for number in numbers if number not in withdrawn]
    wait_for(actions.accept_many(numbers=waiting, by=reviewer, at=at(plan.review_day, 16)))


def every_row(plan: Plan) -> list[LedgerRow]:
    """Every case of the period as the ledger shows it."""
    page = queries.ledger(everything(plan))
    rows = list(page.rows)
    while page.next:
        page = queries.ledger(replace(everything(plan), after=page.next))
        rows += page.rows
    return rows


def _withdraw(plan: Plan, numbers: set[str]) -> None:
    clerk = actor_of(staff(plan, "madoguchi"))
    for number in sorted(numbers):
        actions.withdraw(number=number, by=clerk, at=at(plan.review_day, 9), reason="取下届の提出")


def _correct(plan: Plan, rows: list[LedgerRow], reviewer: "Staff", lot: Random) -> None:
    """Ask for a better phone number; nine days later the clerk enters what the family answered on paper."""
    clerk = actor_of(staff(plan, "madoguchi"))
    for row in rows:
        actions.ask_correction(
            number=row.number,
            by=reviewer,
            at=at(plan.review_day, 10),
            edition=row.edition,
            fields=["applicant_phone"],
            message="昼間につながる電話番号を入力してください。",
            due_on=plan.review_day + timedelta(days=14),
            staff_seconds=lot.randint(60, 240),
        )
        actions.answer_correction(
            number=row.number,
            by=clerk,
            at=at(plan.review_day + timedelta(days=9), 20),
            raw={"applicant_phone": ["090-1111-2222"]},
            staff_seconds=lot.randint(40, 120),
        )


def settle(plan: Plan, rows: list[LedgerRow], reviewer: "Staff", lot: Random) -> None:
    """A person looks at each marked check and writes why the case may go on."""
    for row in rows:
        case = access.application_for(reviewer, row.number, at=at(plan.review_day, 13), purpose="審査")
        for check in case.checks:
            if check.result == CheckResult.LOOK:
                actions.settle_check(
                    number=row.number,
                    code=check.code,
                    by=reviewer,
                    at=at(plan.review_day, 13, 30),
                    reason="申請書と台帳を見て確かめた。",
                    staff_seconds=lot.randint(30, 200),
                )


def wait_for(job_id: uuid.UUID) -> None:
    """Until the worker is done. Raises WorkerStuck."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        progress = jobs.job_progress(job_id)
        if progress is not None and progress.is_over:
            return
        time.sleep(0.2)
    raise WorkerStuck(str(job_id))
