"""Budgets, commitments and orders to look at, and what the lists of other systems say of a person."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from madoguchi.clerical.payments.models import (
    Appropriation,
    Arrears,
    Commitment,
    Creditor,
    PaymentFile,
    PaymentOrder,
    Snapshot,
)
from madoguchi.clerical.payments.rules import code_of
from madoguchi.clerical.payments.states import ChangeKind, CommitmentState, OrderState, Plan, SnapshotKind
from madoguchi.clerical.payments.views import (
    AppropriationRow,
    ArrearsFound,
    ChangeRow,
    CommitmentRow,
    CreditorFound,
    FileRow,
    OrderRow,
    Source,
)
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Subject

SUBJECT = (
    *(("account", "会計"), ("kan", "款"), ("kou", "項"), ("moku", "目"), ("project", "事業")),
    *(("setsu", "節"), ("saisetsu", "細節")),
)
NOT_THERE = ("", "", "", "", "", "", "", "")


def appropriations(
    fiscal_year: int, sections: Collection[int] | None, *, setsu: str = ""
) -> list[AppropriationRow]:
    """The budgets of a year, of these sections (None: of every one), of one 節 where it is named."""
    rows = Appropriation.objects.filter(fiscal_year=fiscal_year)
    rows = rows if sections is None else rows.filter(section_id__in=sections)
    found = [
        _appropriation(row)
        for row in _with_paid(rows).order_by("account", "kan", "kou", "moku", "setsu", "pk")
    ]
    return [row for row in found if not setsu or row.setsu == setsu]


def appropriation(appropriation_id: int, sections: Collection[int] | None) -> AppropriationRow:
    """One budget of these sections. Raises NotFound."""
    rows = Appropriation.objects.filter(pk=appropriation_id)
    rows = rows if sections is None else rows.filter(section_id__in=sections)
    found = _with_paid(rows).first()
    if found is None:
        raise NotFound("予算")
    return _appropriation(found)


def _with_paid(rows: QuerySet[Appropriation]) -> QuerySet[Any]:
    handed_over = Q(
        commitments__state=CommitmentState.STANDING, commitments__orders__state=OrderState.EXPORTED
    )
    return rows.annotate(paid=Sum("commitments__amount", filter=handed_over))


def _appropriation(row: Any) -> AppropriationRow:
    return AppropriationRow(
        row.pk,
        row.fiscal_year,
        row.section_id,
        tuple((label, getattr(row, name)) for name, label in SUBJECT),
        row.name,
        code_of(row.setsu),
        row.initial,
        row.budget,
        row.committed,
        row.paid or 0,
    )


def changes_of(appropriation_id: int) -> list[ChangeRow]:
    """Every 補正 and 流用 of a budget, oldest first."""
    found = Appropriation.objects.get(pk=appropriation_id)
    rows = found.changes.select_related("entered_by").order_by("decided_on", "pk")
    return [
        ChangeRow(
            ChangeKind(row.kind), row.amount, row.reason, row.decided_on, row.entered_by.name, row.entered_at
        )
        for row in rows
    ]


def commitments_of(appropriation_id: int, *, paid: bool | None = None) -> list[CommitmentRow]:
    """What was bound from a budget, newest first; with `paid` only what was, or was not yet, handed over."""
    rows = Commitment.objects.filter(appropriation_id=appropriation_id)
    handed_over = Exists(PaymentOrder.objects.filter(commitment=OuterRef("pk"), state=OrderState.EXPORTED))
    if paid is not None:
        rows = rows.filter(state=CommitmentState.STANDING)
        rows = rows.filter(handed_over) if paid else rows.filter(~handed_over)
    return _commitments(rows.order_by("-serial"))


def commitment_about(subject: Subject) -> CommitmentRow | None:
    """The latest commitment for a record of another room."""
    rows = Commitment.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return next(iter(_commitments(rows.order_by("-pk")[:1])), None)


def _commitments(rows: QuerySet[Commitment]) -> list[CommitmentRow]:
    latest = Prefetch("orders", PaymentOrder.objects.order_by("-pk"), to_attr="newest_orders")
    found: Iterable[Any] = rows.select_related("drafted_by", "approved_by", "appropriation").prefetch_related(
        latest
    )
    return [
        CommitmentRow(
            row.pk,
            row.number,
            Subject(row.subject_kind, row.subject_id),
            row.title,
            row.payee_name,
            row.creditor_number,
            row.amount,
            row.budget_then,
            row.left_then,
            row.committed_on,
            row.drafted_by.name,
            row.approved_by.name,
            CommitmentState(row.state),
            row.appropriation_id,
            row.appropriation.name,
            row.newest_orders[0].number if row.newest_orders else "",
            OrderState(row.newest_orders[0].state) if row.newest_orders else None,
            row.committed_at,
            row.approved_by_id,
        )
        for row in found
    ]


def orders(
    sections: Collection[int] | None, *, state: str = "", ids: Iterable[int] | None = None
) -> list[OrderRow]:
    """Payment orders of these sections, the soonest due first."""
    rows = PaymentOrder.objects.all()
    rows = rows if sections is None else rows.filter(section_id__in=sections)
    rows = rows.filter(state=state) if state else rows
    rows = rows if ids is None else rows.filter(pk__in=list(ids))
    return [_order(row) for row in _whole(rows).order_by("due_on", "pk")]


def order_about(subject: Subject) -> OrderRow | None:
    """The latest order on the standing commitment for a record of another room."""
    rows = PaymentOrder.objects.filter(
        commitment__subject_kind=subject.kind,
        commitment__subject_id=subject.id,
        commitment__state=CommitmentState.STANDING,
    )
    found = _whole(rows).order_by("-pk").first()
    return _order(found) if found else None


def failed_before(order_id: int) -> list[OrderRow]:
    """The former orders of the same commitment whose transfer failed, oldest first."""
    rows = PaymentOrder.objects.filter(commitment__orders=order_id, state=OrderState.FAILED)
    return [_order(row) for row in _whole(rows.exclude(pk=order_id)).order_by("pk")]


def _whole(rows: QuerySet[PaymentOrder]) -> QuerySet[PaymentOrder]:
    return rows.select_related("commitment", "drafted_by", "approved_by", "payer")


def _order(row: PaymentOrder) -> OrderRow:
    return OrderRow(
        row.pk,
        row.number,
        row.commitment.number,
        Subject(row.commitment.subject_kind, row.commitment.subject_id),
        row.commitment.payee_name,
        row.amount,
        row.claimed_on,
        row.due_on,
        OrderState(row.state),
        row.drafted_by.name if row.drafted_by else "",
        row.approved_by.name if row.approved_by else "",
        row.payer.name if row.payer else "",
        row.file_id,
        row.section_id,
        row.drafted_by_id,
        row.approved_by_id,
        row.approved_at,
        row.failed_on,
        row.failed_reason,
        row.returned_on,
    )


def payment_files() -> list[FileRow]:
    """Every file for the accounting system that this session sees, newest first."""
    rows = PaymentFile.objects.select_related("made_by").defer("body").order_by("-made_at", "apart")
    return [
        FileRow(
            row.pk,
            row.file_name,
            row.row_count,
            row.total,
            row.made_by.name,
            row.made_at,
            row.fetched_at,
            row.apart,
        )
        for row in rows
    ]


def files_of(press: uuid.UUID) -> list[uuid.UUID]:
    """The files one press has made."""
    return list(PaymentFile.objects.filter(press=press).order_by("apart").values_list("pk", flat=True))


def orders_in(file_id: uuid.UUID) -> list[OrderRow]:
    """The orders of one file, in the order of its lines."""
    return [
        _order(row) for row in _whole(PaymentOrder.objects.filter(file_id=file_id)).order_by("due_on", "pk")
    ]


def source_of(kind: SnapshotKind) -> Source | None:
    """The list from which look-ups of a kind answer now; None when none was taken in."""
    found = _latest(kind)
    return Source(found.source, found.as_of, found.taken_at) if found else None


def _latest(kind: SnapshotKind) -> Snapshot | None:
    return Snapshot.objects.filter(kind=kind).order_by("-as_of", "-taken_at").first()


def arrears_of(atena_numbers: Iterable[int]) -> dict[int, ArrearsFound]:
    """滞納 by 宛名番号, from the latest list; whoever is not in it owes nothing. Empty when there is no list."""
    wanted = set(atena_numbers)
    snapshot = _latest(SnapshotKind.ARREARS) if wanted else None
    if snapshot is None:
        return {}
    source = Source(snapshot.source, snapshot.as_of, snapshot.taken_at)
    rows = Arrears.objects.filter(snapshot=snapshot, atena_number__in=wanted)
    listed = {
        number: (months, plan) for number, months, plan in rows.values_list("atena_number", "months", "plan")
    }
    nothing = (0, str(Plan.NONE))
    return {number: ArrearsFound(*listed.get(number, nothing), source) for number in wanted}


def creditors_of(atena_numbers: Iterable[int]) -> dict[int, CreditorFound]:
    """債権者 by 宛名番号, from the latest list; whoever is not in it is not registered. Empty when there is no list."""
    wanted = set(atena_numbers)
    snapshot = _latest(SnapshotKind.CREDITORS) if wanted else None
    if snapshot is None:
        return {}
    source = Source(snapshot.source, snapshot.as_of, snapshot.taken_at)
    rows = Creditor.objects.filter(snapshot=snapshot, atena_number__in=wanted)
    listed = {row.atena_number: _creditor(row, source) for row in rows}
    return {number: listed.get(number) or CreditorFound(*NOT_THERE, source) for number in wanted}


def _creditor(row: Any, source: Source) -> CreditorFound:
    return CreditorFound(
        row.number,
        row.name,
        row.kana,
        row.bank_code,
        row.branch_code,
        row.deposit,
        row.account_number,
        row.holder_kana,
        source,
    )
