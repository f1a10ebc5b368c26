"""支出負担行為: money is bound for a matter, never more than there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from madoguchi.clerical.payments.budgeting import locked
from madoguchi.clerical.payments.errors import (
    AlreadyCommitted,
    BudgetUnfit,
    ReasonMissing,
    SamePerson,
    WrongSetsu,
    WrongState,
)
from madoguchi.clerical.payments.models import Appropriation, Commitment
from madoguchi.clerical.payments.rules import (
    code_of,
    commitment_number,
    require_amount,
    require_commitment_move,
    require_left,
)
from madoguchi.clerical.payments.states import CommitmentState
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "payments.commitment"
NUMBERING_LOCK = 7303


@dataclass(frozen=True)
class Payee:
    """債権者, as registered when the money is bound."""

    number: str
    name: str
    kana: str


@dataclass(frozen=True)
class CommitmentRequest:
    """Money for one matter of another room."""

    subject: Subject
    title: str
    amount: int
    payee: Payee


@full_sight()
@transaction.atomic
def commit(
    *,
    appropriation_id: int,
    requests: Sequence[CommitmentRequest],
    setsu: str,
    decision_rank: str,
    drafter: Staff,
    approver: Staff,
    at: datetime,
) -> list[int]:
    """Bind money for all of these matters or for none; the ids in the same order.

    The row of the appropriation is locked first, so two approvals at one moment are one after the other and the
    second sees what the first left. Refused: BudgetExceeded (what is left, and 補正・流用), AlreadyCommitted,
    SamePerson, WrongSetsu, BudgetUnfit (of another year).
    """
    if drafter.pk == approver.pk:
        raise SamePerson("支出負担行為", "起案者")
    found = locked(appropriation_id)
    _require_of_this(found, setsu, at)
    _refuse_second([request.subject for request in requests])
    amounts = [require_amount(request.amount, least=1) for request in requests]
    require_left(found.name, found.budget, found.committed, sum(amounts))
    made = _make(found, requests, decision_rank, drafter, approver, at)
    note = {"appropriation": found.pk, "section": found.section_id}
    told = [(request.subject, note | {"amount": request.amount}) for request in requests]
    leave_traces(actor_of(approver), "payments.committed", told, at=at)
    return [each.pk for each in made]


def _require_of_this(found: Appropriation, setsu: str, at: datetime) -> None:
    if code_of(found.setsu) != setsu:
        raise WrongSetsu(found.name, found.setsu, setsu)
    if found.fiscal_year != fiscal_year(timezone.localdate(at)):
        raise BudgetUnfit(
            f"予算「{found.name}」は{found.fiscal_year}年度のものです。",
            next_step="今の年度の予算を選んでください。",
        )


def _refuse_second(subjects: Sequence[Subject]) -> None:
    standing = Commitment.objects.filter(
        subject_kind__in={each.kind for each in subjects},
        subject_id__in={each.id for each in subjects},
        state=CommitmentState.STANDING,
    )
    wanted = {(each.kind, each.id) for each in subjects}
    rows = standing.values_list("subject_kind", "subject_id", "number")
    numbers = [number for kind, key, number in rows if (kind, key) in wanted]
    if numbers or len(wanted) != len(subjects):
        raise AlreadyCommitted(numbers or ["この中に同じものが2件"])


def _make(
    found: Appropriation,
    requests: Sequence[CommitmentRequest],
    decision_rank: str,
    drafter: Staff,
    approver: Staff,
    at: datetime,
) -> list[Commitment]:
    symbol, serial = symbol_of(found.section_id, at), _next_serial(found)
    left, rows = found.budget - found.committed, []
    for place, request in enumerate(requests):
        left -= request.amount
        rows.append(
            Commitment(
                appropriation=found,
                section_id=found.section_id,
                fiscal_year=found.fiscal_year,
                serial=serial + place,
                number=commitment_number(found.fiscal_year, symbol, serial + place),
                subject_kind=request.subject.kind,
                subject_id=request.subject.id,
                title=request.title[:160],
                amount=request.amount,
                creditor_number=request.payee.number,
                payee_name=request.payee.name,
                payee_kana=request.payee.kana,
                decision_rank=decision_rank,
                committed_on=timezone.localdate(at),
                budget_then=found.budget,
                left_then=left,
                drafted_by=drafter,
                approved_by=approver,
                committed_at=at,
            )
        )
    return Commitment.objects.bulk_create(rows)


def symbol_of(section_id: int, at: datetime) -> str:
    """文書記号 of the section that year. Raises NotFound."""
    section = section_in_year(section_id, timezone.localdate(at))
    if section is None:
        raise NotFound("課の文書記号")
    return section.symbol


def _next_serial(found: Appropriation) -> int:
    take_numbers_of(found.section_id)
    rows = Commitment.objects.filter(section_id=found.section_id, fiscal_year=found.fiscal_year)
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1


def take_numbers_of(section_id: int) -> None:
    """Numbers have no double: who numbers for a section waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERING_LOCK, section_id])


@full_sight()
@transaction.atomic
def cancel_commitment(*, subject: Subject, reason: str, by: Staff, at: datetime) -> None:
    """取消: the money is free again. Refused: NotFound, ReasonMissing, WrongState once a claim was received."""
    rows = Commitment.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    known = rows.filter(state=CommitmentState.STANDING).values_list("appropriation", flat=True).first()
    if known is None:
        raise NotFound("支出負担行為")
    locked(known)
    found = rows.select_for_update().get(state=CommitmentState.STANDING)
    require_commitment_move(found.number, CommitmentState(found.state), CommitmentState.CANCELLED, "取り消す")
    if not reason.strip():
        raise ReasonMissing("取消")
    if found.orders.exists():
        raise WrongState(found.number, "請求受付", "取り消す")
    found.state, found.cancelled_reason = CommitmentState.CANCELLED, reason.strip()[:200]
    found.save(update_fields=["state", "cancelled_reason"])
    note = {"amount": found.amount, "number": found.number}
    leave_trace(
        actor_of(by), "payments.commitment_cancelled", subject, at=at, purpose=reason.strip()[:200], note=note
    )
