"""支出命令: from the claim to the order that may be paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from madoguchi.clerical.payments.committing import symbol_of, take_numbers_of
from madoguchi.clerical.payments.errors import SamePerson
from madoguchi.clerical.payments.models import Commitment, PaymentOrder
from madoguchi.clerical.payments.rules import order_number, require_due, require_order_move
from madoguchi.clerical.payments.states import CommitmentState, OrderState
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Account:
    """振込先."""

    bank_code: str
    branch_code: str
    deposit: str
    account_number: str
    holder_kana: str


@full_sight()
@transaction.atomic
def take_claim(
    *,
    subject: Subject,
    claimed_on: date,
    due_on: date,
    within_days: int,
    account: Account,
    by: Actor,
    at: datetime,
) -> str:
    """請求: one order for the standing commitment of a matter; its number. A second claim is the first, unless the
    transfer of the first failed: then it is another order.

    The amount is the commitment's: nobody types it. Refused: NotFound (nothing was committed), DueTooLate.
    """
    rows = Commitment.objects.select_for_update().filter(
        subject_kind=subject.kind, subject_id=subject.id, state=CommitmentState.STANDING
    )
    found = rows.first()
    if found is None:
        raise NotFound("支出負担行為")
    former = PaymentOrder.objects.filter(commitment=found).exclude(state=OrderState.FAILED).first()
    if former is not None:
        return former.number
    require_due(claimed_on, due_on, within_days)
    order = _make(found, claimed_on, due_on, within_days, account, at)
    note = {"order": order.number, "amount": order.amount, "due_on": due_on.isoformat(), "step": "claim"}
    leave_trace(by, "payments.claimed", subject, at=at, note=note)
    return order.number


def _make(
    found: Commitment, claimed_on: date, due_on: date, within_days: int, account: Account, at: datetime
) -> PaymentOrder:
    year = fiscal_year(timezone.localdate(at))
    take_numbers_of(found.section_id)
    numbered = PaymentOrder.objects.filter(section_id=found.section_id, fiscal_year=year)
    serial = (numbered.aggregate(last=Max("serial"))["last"] or 0) + 1
    return PaymentOrder.objects.create(
        commitment=found,
        section_id=found.section_id,
        fiscal_year=year,
        serial=serial,
        number=order_number(year, symbol_of(found.section_id, at), serial),
        amount=found.amount,
        claimed_on=claimed_on,
        due_on=due_on,
        within_days=within_days,
        claimed_at=at,
        **vars(account),
    )


@full_sight()
@transaction.atomic
def submit_orders(*, order_ids: Sequence[int], by: Staff, at: datetime) -> None:
    """起票: these orders are put before their approver by this person, all or none."""
    orders = _locked(order_ids)
    for order in orders:
        require_order_move(order.number, OrderState(order.state), OrderState.SUBMITTED, "決裁に回す")
        order.state, order.drafted_by = OrderState.SUBMITTED, by
    PaymentOrder.objects.bulk_update(orders, ["state", "drafted_by"])
    leave_traces(actor_of(by), "payments.order_submitted", _told(orders), at=at)


@full_sight()
@transaction.atomic
def approve_orders(*, order_ids: Sequence[int], approver: Staff, at: datetime) -> None:
    """命令: these orders may be paid, all or none. Refused: SamePerson (who drafted may not approve), WrongState."""
    orders = _locked(order_ids)
    for order in orders:
        require_order_move(order.number, OrderState(order.state), OrderState.APPROVED, "決裁する")
        if order.drafted_by_id == approver.pk:
            raise SamePerson(order.number, "起案者")
        order.state, order.approved_by, order.approved_at = OrderState.APPROVED, approver, at
    PaymentOrder.objects.bulk_update(orders, ["state", "approved_by", "approved_at"])
    leave_traces(actor_of(approver), "payments.order_approved", _told(orders), at=at)


@full_sight()
@transaction.atomic
def return_orders(*, order_ids: Sequence[int], by: Actor, at: datetime) -> None:
    """差し戻し: these orders are claims again."""
    orders = _locked(order_ids)
    for order in orders:
        require_order_move(order.number, OrderState(order.state), OrderState.CLAIMED, "差し戻す")
        order.state, order.drafted_by = OrderState.CLAIMED, None
    PaymentOrder.objects.bulk_update(orders, ["state", "drafted_by"])
    leave_traces(by, "payments.order_returned", _told(orders), at=at)


def _locked(order_ids: Sequence[int]) -> list[PaymentOrder]:
    rows = PaymentOrder.objects.select_for_update(of=("self",)).select_related("commitment")
    orders = list(rows.filter(pk__in=order_ids).order_by("pk"))
    if len(orders) != len(set(order_ids)):
        raise NotFound("支出命令")
    return orders


def _told(orders: Iterable[PaymentOrder]) -> list[tuple[Subject, dict[str, object]]]:
    return [
        (
            Subject(each.commitment.subject_kind, each.commitment.subject_id),
            {"order": each.number, "amount": each.amount, "step": "payment"},
        )
        for each in orders
    ]
