"""組戻し: a transfer that failed, and the money coming back before anything is paid again. Part of actions.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.payments.budgeting import require_power
from madoguchi.clerical.payments.errors import DayUnfit, ReasonMissing, WrongState
from madoguchi.clerical.payments.models import PaymentOrder
from madoguchi.clerical.payments.rules import require_order_move
from madoguchi.clerical.payments.states import OrderState
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def fail_transfer(*, order_id: int, failed_on: date, reason: str, by: Staff, at: datetime) -> None:
    """振込不能: the bank sent a transfer back. The order stays; the matter may be claimed again.

    Refused: NotAllowed, NotFound, WrongState (never handed over), DayUnfit, ReasonMissing.
    """
    order = _locked(order_id, by, at)
    require_order_move(order.number, OrderState(order.state), OrderState.FAILED, "振込不能とする")
    said = reason.strip()[:200]
    if not said:
        raise ReasonMissing("振込不能")
    made_on = timezone.localdate(order.file.made_at) if order.file else failed_on
    _require_day("振込不能の日", failed_on, made_on, at)
    order.state, order.failed_on, order.failed_reason = OrderState.FAILED, failed_on, said
    order.save(update_fields=["state", "failed_on", "failed_reason"])
    _trace("payments.transfer_failed", order, by, at, failed_on, said)


@transaction.atomic
def take_return(*, order_id: int, returned_on: date, by: Staff, at: datetime) -> None:
    """戻入: the money of a failed transfer came back. Refused: NotAllowed, NotFound, WrongState, DayUnfit."""
    order = _locked(order_id, by, at)
    if order.state != OrderState.FAILED or order.returned_on is not None or order.failed_on is None:
        now = "戻入済み" if order.returned_on else str(OrderState(order.state).label)
        raise WrongState(order.number, now, "戻入を入れる")
    _require_day("戻入の日", returned_on, order.failed_on, at)
    order.returned_on = returned_on
    order.save(update_fields=["returned_on"])
    _trace("payments.money_returned", order, by, at, returned_on, "振込不能による戻入")


def _locked(order_id: int, by: Staff, at: datetime) -> PaymentOrder:
    require_power(by, Power.PAY, at)
    rows = PaymentOrder.objects.select_for_update(of=("self",)).select_related("commitment", "file")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise NotFound("支出命令")
    return order


def _require_day(what: str, day: date, first: date, at: datetime) -> None:
    if not first <= day <= timezone.localdate(at):
        raise DayUnfit(f"{what} {day} は使えません。", next_step=f"{first}から今日までの日を入れてください。")


def _trace(verb: str, order: PaymentOrder, by: Staff, at: datetime, day: date, purpose: str) -> None:
    about = Subject(order.commitment.subject_kind, order.commitment.subject_id)
    note = {"order": order.number, "amount": order.amount, "on": day.isoformat(), "step": "payment"}
    leave_trace(actor_of(by), verb, about, at=at, purpose=purpose, note=note)
