"""How money is counted, numbered and dated; no queries."""

from __future__ import annotations

import re
from datetime import date, timedelta

from madoguchi.clerical.payments.errors import BudgetExceeded, BudgetUnfit, DueTooLate, WrongState
from madoguchi.clerical.payments.states import NEXT_COMMITMENT, NEXT_ORDER, CommitmentState, OrderState
from madoguchi.common.calendar import OfficeCalendar

SUBJECT_SHAPE = re.compile(r"[0-9]{2,3}(?: .{1,60})?")
"""One 科目 as forms print it: 18 負担金、補助及び交付金."""
MOST_YEN = 10**12


def code_of(subject: str) -> str:
    """18 of 「18 負担金、補助及び交付金」."""
    return subject.split(" ")[0]


def require_subject(label: str, value: str) -> str:
    """A 科目 in its usual shape. Raises BudgetUnfit."""
    said = " ".join(value.split())
    if not SUBJECT_SHAPE.fullmatch(said):
        raise BudgetUnfit(
            f"{label}の「{said}」は科目として読めません。",
            next_step="「18 負担金、補助及び交付金」のように、番号と名前で入れてください。",
        )
    return said


def require_amount(amount: int, *, least: int = 0) -> int:
    """Whole yen from `least` on. Raises BudgetUnfit."""
    if not least <= amount <= MOST_YEN:
        raise BudgetUnfit(
            f"金額 {amount} は使えません。", next_step=f"{least}円以上の円単位の額にしてください。"
        )
    return amount


def require_left(name: str, budget: int, committed: int, wanted: int) -> None:
    """Raises BudgetExceeded when the appropriation has less left than is wanted."""
    if wanted > budget - committed:
        raise BudgetExceeded(name, budget - committed, wanted)


def commitment_number(year: int, symbol: str, serial: int) -> str:
    """令和8年度 サ衛検 第12号 as 2026-サ衛検-負12."""
    return f"{year}-{symbol}-負{serial}"


def order_number(year: int, symbol: str, serial: int) -> str:
    return f"{year}-{symbol}-命{serial}"


def last_day(claimed_on: date, within_days: int) -> date:
    """The last day of payment: the claim's day is not counted (民法140条)."""
    return claimed_on + timedelta(days=within_days)


def due_day(claimed_on: date, within_days: int, calendar: OfficeCalendar) -> date:
    """The last open day on which the claim is paid in time; never before the claim."""
    last = last_day(claimed_on, within_days)
    return max(claimed_on, last if calendar.is_open(last) else calendar.previous_open(last))


def require_due(claimed_on: date, due_on: date, within_days: int) -> None:
    """Raises DueTooLate outside the days from the claim."""
    last = last_day(claimed_on, within_days)
    if not claimed_on <= due_on <= last:
        raise DueTooLate(due_on, last)


def require_commitment_move(number: str, now: CommitmentState, to: CommitmentState, what: str) -> None:
    if to not in NEXT_COMMITMENT[now]:
        raise WrongState(number, str(now.label), what)


def require_order_move(number: str, now: OrderState, to: OrderState, what: str) -> None:
    if to not in NEXT_ORDER[now]:
        raise WrongState(number, str(now.label), what)
