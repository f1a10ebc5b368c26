"""What the decision on a batch means: money bound and cases decided at once, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.payments.actions import approve_orders, commit, return_orders
from madoguchi.clerical.payments.committing import CommitmentRequest, Payee
from madoguchi.clerical.payments.queries import appropriation
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import staff_by_id
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.actions import back_to_accepted, decide_many
from madoguchi.services.applications.case_reads import CaseRead, case_reads
from madoguchi.services.applications.states import Outcome
from madoguchi.services.applications.views import Decided
from madoguchi.services.subsidies.controlling import (
    BEFORE_DRAFT,
    check_cases,
    require_all_clear,
)
from madoguchi.services.subsidies.controlling import (
    subject_of as subject_of_case,
)
from madoguchi.services.subsidies.errors import WrongState
from madoguchi.services.subsidies.general import Done
from madoguchi.services.subsidies.granting import (
    KIND,
    Asked,
    Choice,
    looked_before_decision,
    payees_of,
    subject_of,
)
from madoguchi.services.subsidies.models import Batch, BatchItem
from madoguchi.services.subsidies.package_file import subsidy_of
from madoguchi.services.subsidies.states import NEXT, BatchKind, BatchState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@bells.settled.answer
@full_sight()
@transaction.atomic
def answer_settled(settled: bells.Settled) -> None:
    """Approved: money is bound and every case decided, or the approval is refused as a whole. Otherwise all goes back."""
    if settled.subject.kind != KIND:
        return
    batch = Batch.objects.select_for_update().filter(pk=int(settled.subject.id)).first()
    if batch is None:
        raise NotFound("起案の中身")
    items = list(BatchItem.objects.filter(batch=batch).order_by("pk"))
    if settled.state == DraftState.APPROVED:
        _move(batch, BatchState.SETTLED, "決定する")
        decide = _grant if batch.kind == BatchKind.GRANT else _order
        decide(batch, items, settled.by, settled.at)
        settled.tell(len(items), len(items))
        batch.settled_at = settled.at
    else:
        _move(batch, BatchState.TAKEN_BACK, "差し戻す")
        _take_back(batch, items, settled.by, settled.at)
    batch.save(update_fields=["state", "settled_at"])
    note = {"items": len(items), "kind": batch.kind}
    leave_trace(settled.by, f"subsidies.{batch.state}", subject_of(batch), at=settled.at, note=note)


def _move(batch: Batch, to: BatchState, what: str) -> None:
    now = BatchState(batch.state)
    if to not in NEXT[now]:
        raise WrongState(str(now.label), what)
    batch.state = to


def _grant(batch: Batch, items: Sequence[BatchItem], by: Actor, at: datetime) -> None:
    """The money first: where it does not suffice, BudgetExceeded undoes the approval with everything else."""
    approver = _staff(by)
    cases = {case.id: case for case in case_reads(item.application_id for item in items)}
    asked = [_asked(cases[item.application_id], item) for item in items if item.outcome == Outcome.GRANTED]
    if asked:
        _still_clear(batch, asked, approver, by, at)
        _commit(batch, asked, approver, at)
    decided = [Decided(item.application_id, Outcome(item.outcome), _told(item)) for item in items]
    decide_many(decided=decided, by=by, at=at)


def _asked(case: CaseRead, item: BatchItem) -> Asked:
    return Asked(case, Choice(case.id, Outcome(item.outcome), item.reason), item.amount)


def _still_clear(batch: Batch, asked: Sequence[Asked], approver: Staff, by: Actor, at: datetime) -> None:
    """The controls once more with whoever really approves and the budget of this moment."""
    budget = appropriation(batch.appropriation_id or 0, None)
    done = (
        Done(str(batch.drafted_by_id), Power.REVIEW_CASES, batch.drafted_at),
        Done(str(approver.pk), Power.APPROVE, at),
    )
    check_cases(looked_before_decision(asked, budget, done), BEFORE_DRAFT, by=by, at=at)
    require_all_clear([each.case for each in asked], BEFORE_DRAFT)


def _commit(batch: Batch, asked: Sequence[Asked], approver: Staff, at: datetime) -> None:
    payees = payees_of([each.case for each in asked])
    package = package_of(asked[0].case.version_id).package
    subsidy = subsidy_of(package)
    commit(
        appropriation_id=batch.appropriation_id or 0,
        requests=[
            CommitmentRequest(
                subject_of_case(each.case),
                f"{package.names.ja}（{each.case.number}）",
                each.amount,
                Payee(payees[each.case.id].number, payees[each.case.id].name, payees[each.case.id].kana),
            )
            for each in asked
        ],
        setsu=subsidy.setsu,
        decision_rank=subsidy.decision_rank,
        drafter=batch.drafted_by,
        approver=approver,
        at=at,
    )


def _told(item: BatchItem) -> dict[str, object]:
    """What is kept with the case and told in its letter."""
    return {"amount": item.amount, "sentences": [item.reason] if item.reason else [], "batch": item.batch_id}


def _order(_batch: Batch, items: Sequence[BatchItem], by: Actor, at: datetime) -> None:
    approve_orders(order_ids=[item.order_id or 0 for item in items], approver=_staff(by), at=at)


def _take_back(batch: Batch, items: Sequence[BatchItem], by: Actor, at: datetime) -> None:
    if batch.kind == BatchKind.GRANT:
        back_to_accepted(application_ids=[item.application_id for item in items], by=by, at=at)
    else:
        return_orders(order_ids=[item.order_id or 0 for item in items], by=by, at=at)


def _staff(by: Actor) -> Staff:
    found = staff_by_id(by.id)
    if found is None:
        raise NotFound("職員")
    return found
