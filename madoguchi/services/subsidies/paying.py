"""支出命令の起案, and the file for the accounting system after the controls of payment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.errors import ControlsOpen
from madoguchi.clerical.payments.actions import export_orders as write_file
from madoguchi.clerical.payments.actions import submit_orders
from madoguchi.clerical.payments.paying import sums_when_written
from madoguchi.clerical.payments.queries import (
    appropriation,
    commitment_about,
    failed_before,
    files_of,
    orders,
)
from madoguchi.clerical.payments.states import OrderState
from madoguchi.clerical.payments.views import CommitmentRow, OrderRow
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.case_reads import CaseRead, case_reads
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.states import Outcome
from madoguchi.services.subsidies.batching import batch_for
from madoguchi.services.subsidies.controlling import (
    BEFORE_PAYMENT,
    Looked,
    check_cases,
    documents_sha256,
    require_all_clear,
)
from madoguchi.services.subsidies.controlling import (
    KIND as CASE,
)
from madoguchi.services.subsidies.errors import NothingChosen
from madoguchi.services.subsidies.general import Done, granted_item
from madoguchi.services.subsidies.granting import put_before, require_power
from madoguchi.services.subsidies.models import BatchItem
from madoguchi.services.subsidies.states import BatchKind
from madoguchi.services.subsidies.telling import tell_paid

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def submit_payments(*, order_ids: Sequence[int], approver: Staff, by: Staff, at: datetime) -> int:
    """One draft for these claims (支出命令); the id of the draft. Refused: NotAllowed, NothingChosen, NotFound, WrongState."""
    require_power(by, Power.REVIEW_CASES, at)
    if not order_ids:
        raise NothingChosen("請求")
    found = orders(sections_seen(by, timezone.localdate(at)), ids=order_ids)
    if len(found) != len(set(order_ids)):
        raise NotFound("請求")
    submit_orders(order_ids=[each.id for each in found], by=by, at=at)
    cases = _cases_of(found)
    batch = batch_for(BatchKind.PAYMENT, cases, section_id=found[0].section_id, by=by, at=at)
    BatchItem.objects.bulk_create(
        BatchItem(
            batch=batch,
            application_id=int(each.subject.id),
            order_id=each.id,
            outcome=Outcome.GRANTED,
            amount=each.amount,
            documents_sha256=documents_sha256(cases[int(each.subject.id)]),
        )
        for each in found
    )
    return put_before(batch, _words(found), len(found), approver, by, at)


def _words(found: Sequence[OrderRow]) -> dict[str, Any]:
    total = sum(each.amount for each in found)
    first, last = min(each.due_on for each in found), max(each.due_on for each in found)
    body = (
        f"支出負担行為済みの次の{len(found)}件について、合計{format_yen(total)}の支出を命令してよろしいか伺います。\n"
        f"支払予定日 {first} から {last} まで。額は支出負担行為と同じです。"
    )
    figures = [
        {"label": "支出命令", "value": len(found), "unit": "件"},
        {"label": "合計", "value": total, "unit": "円"},
    ]
    return {
        "amount": total,
        "title": f"補助金の支出命令について（{len(found)}件）",
        "body": body,
        "figures": figures,
    }


@dataclass(frozen=True)
class Exported:
    """The files of one press, and what was held back: number of the order and the sentence of its controls."""

    files: tuple[uuid.UUID, ...]
    held: tuple[tuple[str, str], ...] = ()


def export_payments(*, press: uuid.UUID, by: Staff, at: datetime) -> Exported:
    """Write the approved orders into their file, once, after the controls of 支払. A second press is the same files.

    An order whose controls stand in the way is held back and named; the others go. What the controls said is kept.
    Refused: NotAllowed, NothingToPay, SamePerson; ControlsOpen when every order is held back.
    """
    require_power(by, Power.PAY, at)
    if made := files_of(press):
        return Exported(tuple(made))
    waiting = orders(None, state=OrderState.APPROVED)
    cases = _cases_of(waiting)
    books = _books(waiting, by, at)
    looked = [
        (cases[int(each.subject.id)], _looked(each, cases, books, by, at)) for each in waiting if _ours(each)
    ]
    check_cases(looked, BEFORE_PAYMENT, by=actor_of(by), at=at)
    return _write(press, waiting, cases, by, at)


@transaction.atomic
def _write(
    press: uuid.UUID, waiting: Sequence[OrderRow], cases: dict[int, CaseRead], by: Staff, at: datetime
) -> Exported:
    held = {each.id: open_ for each in waiting if (open_ := _in_the_way(each, cases)) is not None}
    if held and len(held) == len(waiting):
        raise next(iter(held.values()))
    free = {each.id for each in waiting} - held.keys()
    files = write_file(press=press, by=by, at=at, only=free)
    tell_paid([each for each in waiting if each.id in free and _ours(each)], cases, at)
    numbers = {each.id: each.number for each in waiting}
    return Exported(tuple(files), tuple((numbers[key], str(open_)) for key, open_ in held.items()))


def _in_the_way(order: OrderRow, cases: dict[int, CaseRead]) -> ControlsOpen | None:
    try:
        require_all_clear([cases[int(order.subject.id)]] if _ours(order) else [], BEFORE_PAYMENT)
    except ControlsOpen as refusal:
        return refusal
    return None


def _ours(order: OrderRow) -> bool:
    return order.subject.kind == CASE


def _cases_of(found: Sequence[OrderRow]) -> dict[int, CaseRead]:
    return {case.id: case for case in case_reads(int(each.subject.id) for each in found if _ours(each))}


def _looked(
    order: OrderRow, cases: dict[int, CaseRead], books: dict[str, int], by: Staff, at: datetime
) -> Looked:
    """Who did what, and what the books say of this payment."""
    bound, item = commitment_about(order.subject), granted_item(cases[int(order.subject.id)])
    former = failed_before(order.id)
    acts = {
        "payer": str(by.pk),
        "drafter": str(order.drafter_id or ""),
        "approver": str(order.approver_id or ""),
    }
    told = {
        **books,
        "days_from_claim": (order.due_on - order.claimed_on).days,
        "claimed_on": order.claimed_on.isoformat(),
        "paid_amount": order.amount,
        "fixed_amount": order.amount,
        "decided_amount": item.amount if item else None,
        "committed_amount": bound.amount if bound else None,
        "setsu": appropriation(bound.appropriation_id, None).setsu if bound else None,
        "reissued": bool(former),
        "returned": all(each.returned_on is not None for each in former),
    }
    return Looked(acts, told, _done(order, bound, by, at))


def _books(waiting: Sequence[OrderRow], by: Staff, at: datetime) -> dict[str, int]:
    """照合: the file as it would be written and read back, beside the orders."""
    read = sums_when_written({each.id for each in waiting}, by, at)
    return {
        "file_count": read.count,
        "file_total": read.total,
        "order_count": len(waiting),
        "order_total": sum(each.amount for each in waiting),
    }


def _done(order: OrderRow, bound: CommitmentRow | None, by: Staff, at: datetime) -> tuple[Done, ...]:
    """Who decided the grant and the order, and who pays, each at the moment of it."""
    told = [Done(str(by.pk), Power.PAY, at)]
    if order.approver_id and order.approved_at:
        told.append(Done(str(order.approver_id), Power.APPROVE, order.approved_at))
    if bound and bound.approver_id and bound.committed_at:
        told.append(Done(str(bound.approver_id), Power.APPROVE, bound.committed_at))
    drafts = BatchItem.objects.filter(order_id=order.id).select_related("batch").order_by("-pk")[:1]
    told += [
        Done(str(each.batch.drafted_by_id), Power.REVIEW_CASES, each.batch.drafted_at) for each in drafts
    ]
    return tuple(told)
