"""歳出予算: entered once a year, changed by rows with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.payments.errors import BudgetExceeded, BudgetUnfit, ReasonMissing
from madoguchi.clerical.payments.models import Appropriation, AppropriationChange
from madoguchi.clerical.payments.rules import require_amount, require_subject
from madoguchi.clerical.payments.states import ChangeKind
from madoguchi.common.ages import fiscal_year as year_of
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of, section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "payments.appropriation"


@dataclass(frozen=True)
class BudgetSubject:
    """予算科目, each as forms print it: 「18 負担金、補助及び交付金」."""

    account: str
    kan: str
    kou: str
    moku: str
    project: str
    setsu: str
    saisetsu: str


LABELS = {
    "account": "会計",
    "kan": "款",
    "kou": "項",
    "moku": "目",
    "project": "事業",
    "setsu": "節",
    "saisetsu": "細節",
}


@transaction.atomic
def enter_appropriation(
    *,
    fiscal_year: int,
    section_id: int,
    subject: BudgetSubject,
    name: str,
    amount: int,
    by: Staff,
    at: datetime,
) -> int:
    """Enter the initial budget (当初予算) of one 科目 and return its id; the same again is the same.

    Refused: NotAllowed, BudgetUnfit (a 科目 or amount that cannot be read, or entered before with another amount).
    """
    require_power(by, Power.MANAGE_BUDGET, at)
    named = {key: require_subject(label, getattr(subject, key)) for key, label in LABELS.items()}
    initial, told = require_amount(amount), require_name(name)
    require_year(fiscal_year, at)
    if section_in_year(section_id, timezone.localdate(at)) is None:
        raise NotFound("課")
    found, is_new = Appropriation.objects.get_or_create(
        fiscal_year=fiscal_year,
        section_id=section_id,
        **named,
        defaults={"name": told, "initial": initial, "budget": initial},
    )
    if not is_new and found.initial != initial:
        raise BudgetUnfit(
            f"この科目の当初予算は、すでに{found.initial:,}円で登録されています。",
            next_step="額を変えるときは、補正か流用を登録してください。",
        )
    if is_new:
        leave_trace(actor_of(by), "payments.appropriated", subject_of(found), at=at, note={"amount": initial})
    return found.pk


@transaction.atomic
def change_appropriation(
    *,
    appropriation_id: int,
    kind: ChangeKind,
    amount: int,
    reason: str,
    decided_on: date,
    by: Staff,
    at: datetime,
) -> None:
    """補正・流用: a row beside the others. Refused: NotAllowed, BudgetUnfit, ReasonMissing, BudgetExceeded."""
    require_power(by, Power.MANAGE_BUDGET, at)
    found = locked(appropriation_id)
    if not reason.strip():
        raise ReasonMissing("補正・流用")
    if amount == 0:
        raise BudgetUnfit(
            "増減額が0円です。", next_step="増やす額、または - を付けて減らす額を入れてください。"
        )
    if decided_on > timezone.localdate(at):
        raise BudgetUnfit("議決・決裁の日が先の日付です。", next_step="今日までの日付にしてください。")
    if found.budget + amount < found.committed:
        raise BudgetExceeded(found.name, found.budget - found.committed, -amount)
    AppropriationChange.objects.create(
        appropriation=found,
        kind=kind,
        amount=amount,
        reason=reason.strip()[:200],
        decided_on=decided_on,
        entered_by=by,
        entered_at=at,
    )
    note = {"kind": str(kind), "amount": amount, "reason": reason.strip()[:200]}
    leave_trace(actor_of(by), "payments.budget_changed", subject_of(found), at=at, note=note)


def require_name(name: str) -> str:
    """予算の名前. Raises BudgetUnfit."""
    told = " ".join(name.split())[:120]
    if not told:
        raise BudgetUnfit("予算の名前がありません。", next_step="事業の名前などを入れてください。")
    return told


def require_year(year: int, at: datetime) -> int:
    """A budget is entered for last year, this one or the next. Raises BudgetUnfit."""
    now = year_of(timezone.localdate(at))
    if not now - 1 <= year <= now + 1:
        raise BudgetUnfit(
            f"年度の「{year}」には登録できません。",
            next_step=f"{now - 1}年度から{now + 1}年度までにしてください。",
        )
    return year


def locked(appropriation_id: int) -> Appropriation:
    """The appropriation for one writer at a time: whoever commits next waits and sees what is left. NotFound."""
    found = Appropriation.objects.select_for_update().filter(pk=appropriation_id).first()
    if found is None:
        raise NotFound("予算")
    return found


def require_power(by: Staff, power: Power, at: datetime) -> None:
    if power not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(power.label)


def subject_of(found: Appropriation) -> Subject:
    return Subject(KIND, str(found.pk))
