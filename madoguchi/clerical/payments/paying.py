"""支出命令データ: every approved order goes into exactly one file, kept byte for byte."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.payments.budgeting import require_power
from madoguchi.clerical.payments.errors import (
    NothingToPay,
    ReasonMissing,
    SamePerson,
    SumsDiffer,
    WrongState,
)
from madoguchi.clerical.payments.models import PaymentFile, PaymentOrder
from madoguchi.clerical.payments.order_csv import FileSums, file_bytes, sums_of
from madoguchi.clerical.payments.rules import require_order_move
from madoguchi.clerical.payments.states import OrderState
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import plain_sight
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "payments.file"


@dataclass(frozen=True)
class Fetched:
    """A file as it was made, byte for byte."""

    name: str
    body: bytes


@transaction.atomic
def export_orders(
    *, press: uuid.UUID, by: Staff, at: datetime, only: Collection[int] | None = None
) -> list[uuid.UUID]:
    """Write every approved order this person sees into a file; protected people into one apart. The ids of the files.

    `only` leaves out what another room holds back: those orders wait for the next file.

    The orders are locked and leave the list in the same transaction: each goes out exactly once, and the same
    press is the same files. Refused: NotAllowed, NothingToPay, SamePerson (whoever drafted or approved may not pay).
    """
    require_power(by, Power.PAY, at)
    former = list(PaymentFile.objects.filter(press=press).order_by("apart"))
    if former:
        return [each.pk for each in former]
    orders = [each for each in _approved() if only is None or each.pk in only]
    if not orders:
        raise NothingToPay
    for order in orders:
        _refuse_same_person(order, by)
    with plain_sight():
        open_to_all = set(
            PaymentOrder.objects.filter(pk__in=[each.pk for each in orders]).values_list("pk", flat=True)
        )
    parts = [
        (False, [each for each in orders if each.pk in open_to_all]),
        (True, [each for each in orders if each.pk not in open_to_all]),
    ]
    return [_write(press, apart, part, by, at) for apart, part in parts if part]


def sums_when_written(order_ids: Collection[int], by: Staff, at: datetime) -> FileSums:
    """照合 before the file is made: the bytes these orders would be, read back as whoever receives them reads them."""
    orders = [each for each in _approved(lock=False) if each.pk in order_ids]
    return sums_of(file_bytes(_row(order, by, at) for order in orders))


def _approved(*, lock: bool = True) -> list[PaymentOrder]:
    rows = PaymentOrder.objects.filter(state=OrderState.APPROVED)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    whole = rows.select_related(
        "commitment__appropriation",
        "drafted_by",
        "approved_by",
        "commitment__drafted_by",
        "commitment__approved_by",
    )
    return list(whole.order_by("due_on", "pk"))


def _refuse_same_person(order: PaymentOrder, by: Staff) -> None:
    bound = order.commitment
    others = {
        order.drafted_by_id: "起案者",
        order.approved_by_id: "決裁者",
        bound.drafted_by_id: "負担行為の起案者",
        bound.approved_by_id: "負担行為の決裁者",
    }
    if by.pk in others:
        raise SamePerson(order.number, others[by.pk])


def _write(
    press: uuid.UUID, apart: bool, orders: Sequence[PaymentOrder], by: Staff, at: datetime
) -> uuid.UUID:
    body = file_bytes(_row(order, by, at) for order in orders)
    _require_same_sums(body, orders)
    day = timezone.localdate(at)
    made = PaymentFile.objects.create(
        press=press,
        apart=apart,
        file_name=f"shiharai-{day:%Y%m%d}-{str(press)[:8]}{'-a' if apart else ''}.csv",
        body=body,
        sha256=sha256(body).hexdigest(),
        row_count=len(orders),
        total=sum(order.amount for order in orders),
        made_by=by,
        made_at=at,
    )
    for order in orders:
        require_order_move(order.number, OrderState(order.state), OrderState.EXPORTED, "書き出す")
        order.state, order.payer, order.file = OrderState.EXPORTED, by, made
    PaymentOrder.objects.bulk_update(orders, ["state", "payer", "file"])
    told = [
        (
            Subject(each.commitment.subject_kind, each.commitment.subject_id),
            {"order": each.number, "amount": each.amount, "step": "payment"},
        )
        for each in orders
    ]
    leave_traces(actor_of(by), "payments.exported", told, at=at, purpose="支出命令データの書出し")
    return made.pk


def _require_same_sums(body: bytes, orders: Sequence[PaymentOrder]) -> None:
    read = sums_of(body)
    ordered = (len(orders), sum(order.amount for order in orders))
    if (read.count, read.total) != ordered:
        raise SumsDiffer((read.count, read.total), ordered)


def _row(order: PaymentOrder, by: Staff, at: datetime) -> dict[str, object]:
    bound = order.commitment
    budget = bound.appropriation
    section = section_in_year(order.section_id, timezone.localdate(at))
    names = ("account", "kan", "kou", "moku", "project", "setsu", "saisetsu")
    held = (
        "budget_kind",
        "committed_on",
        "decision_rank",
        "spending_kind",
        "title",
        "budget_then",
        "left_then",
    )
    payee = ("creditor_number", "payee_name", "payee_kana")
    paid = ("bank_code", "branch_code", "deposit", "account_number", "holder_kana", "claimed_on", "due_on")
    return {
        **{name: getattr(budget, name) for name in names},
        **{name: getattr(bound, name) for name in (*held, *payee)},
        **{name: getattr(order, name) for name in paid},
        "number": order.number,
        "commitment_number": bound.number,
        "fiscal_year": budget.fiscal_year,
        "section": section.name if section else "",
        "committed": bound.amount,
        "amount": order.amount,
        "tax": order.tax,
        "net": order.amount - order.tax,
        "drafter": order.drafted_by.name if order.drafted_by else "",
        "approver": order.approved_by.name if order.approved_by else "",
        "payer": by.name,
    }


@transaction.atomic
def fetch_payment_file(*, file_id: uuid.UUID, reason: str = "", by: Staff, at: datetime) -> Fetched:
    """The bytes of a file, a second time for a reason only. Refused: NotAllowed, NotFound, ReasonMissing, WrongState."""
    require_power(by, Power.PAY, at)
    made = PaymentFile.objects.select_for_update().filter(pk=file_id).first()
    if made is None:
        raise NotFound("支払のファイル")
    said = reason.strip()[:200]
    if made.fetched_at is not None and not said:
        raise ReasonMissing("もう一度受け取る")
    body = bytes(made.body)
    if sha256(body).hexdigest() != made.sha256:
        raise WrongState(made.file_name, "中身が作成時と違う", "受け取る")
    made.fetched_at = made.fetched_at or at
    made.save(update_fields=["fetched_at"])
    about = _subject_of(made)
    note = {"file": made.file_name, "rows": made.row_count, "sha256": made.sha256}
    leave_trace(
        actor_of(by),
        "payments.file_fetched",
        about,
        at=at,
        purpose=said or "会計システムへの引渡し",
        note=note,
    )
    return Fetched(made.file_name, body)


def _subject_of(made: PaymentFile) -> Subject:
    """A file of protected people is traced with one of its cases: the record of a file would be there for everybody."""
    first = made.orders.select_related("commitment").order_by("pk").first()
    if made.apart and first is not None:
        return Subject(first.commitment.subject_kind, first.commitment.subject_id)
    return Subject(KIND, str(made.pk))
