"""交付・不交付の起案: one draft for one case or many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.decisions.actions import submit_draft
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.clerical.payments.errors import BudgetExceeded, NoCreditor, WrongSetsu
from madoguchi.clerical.payments.queries import appropriation, creditors_of
from madoguchi.clerical.payments.views import AppropriationRow
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.queries import live_package, package_of
from madoguchi.ledgers.registry.queries import atena_numbers_of
from madoguchi.services.applications.actions import put_under_decision
from madoguchi.services.applications.case_reads import CaseRead, accepted_cases
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.states import Outcome
from madoguchi.services.subsidies.batching import KIND as KIND
from madoguchi.services.subsidies.batching import batch_for, replaced_by
from madoguchi.services.subsidies.batching import subject_of as subject_of
from madoguchi.services.subsidies.controlling import (
    BEFORE_DRAFT,
    Looked,
    check_cases,
    documents_sha256,
    require_all_clear,
)
from madoguchi.services.subsidies.errors import AmountMissing, NotAccepted, NothingChosen, WhyRefused
from madoguchi.services.subsidies.general import Done
from madoguchi.services.subsidies.models import Batch, BatchItem
from madoguchi.services.subsidies.package_file import Subsidy, subsidy_of
from madoguchi.services.subsidies.states import MATTER, BatchKind

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Choice:
    """A case and what is asked for it; a refusal says why in words for the applicant."""

    application_id: int
    outcome: Outcome = Outcome.GRANTED
    reason: str = ""


@dataclass(frozen=True)
class Asked:
    """A choice with its case and its amount."""

    case: CaseRead
    choice: Choice
    amount: int


def submit_grants(
    *, slug: str, choices: Sequence[Choice], appropriation_id: int, approver: Staff, by: Staff, at: datetime
) -> int:
    """One draft for all of these cases, which go under decision; the id of the draft.

    The controls of 申請, 審査 and 決定 are run first and what they said is kept, even when the draft is refused.
    Refused: NotAllowed, NotAccepted, AmountMissing, WhyRefused, NoCreditor, BudgetExceeded, WrongSetsu,
    ControlsOpen, NotTheApprover, OwnDraft.
    """
    asked, subsidy, budget = _asked(slug, choices, appropriation_id, by, at)
    granted = [each for each in asked if each.choice.outcome == Outcome.GRANTED]
    done = (Done(str(by.pk), Power.REVIEW_CASES, at), Done(str(approver.pk), Power.APPROVE, at))
    looked = looked_before_decision(granted, budget, done)
    check_cases(looked, BEFORE_DRAFT, by=actor_of(by), at=at)
    return _submit(slug, asked, subsidy, budget, approver, by, at)


def _asked(
    slug: str, choices: Sequence[Choice], appropriation_id: int, by: Staff, at: datetime
) -> tuple[list[Asked], Subsidy, AppropriationRow]:
    require_power(by, Power.REVIEW_CASES, at)
    if not choices:
        raise NothingChosen("申請")
    sections = sections_seen(by, timezone.localdate(at))
    cases = {case.id: case for case in accepted_cases(slug, sections)}
    strange = [str(each.application_id) for each in choices if each.application_id not in cases]
    if strange:
        raise NotAccepted(strange)
    asked = [_one(cases[each.application_id], each) for each in choices]
    return asked, subsidy_of(live_package(slug).package), appropriation(appropriation_id, sections)


def _one(case: CaseRead, choice: Choice) -> Asked:
    if choice.outcome != Outcome.GRANTED:
        if not choice.reason.strip():
            raise WhyRefused(case.number)
        return Asked(case, choice, 0)
    amount = case.answers.get(subsidy_of(package_of(case.version_id).package).amount)
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        raise AmountMissing(case.number)
    return Asked(case, choice, amount)


def looked_before_decision(
    granted: Sequence[Asked], budget: AppropriationRow, done: tuple[Done, Done]
) -> list[tuple[CaseRead, Looked]]:
    """What each case sees of the budget, what is left after those before it; `done` is the draft and its approval."""
    drafted, approved = done
    acts, left, told = {"drafter": drafted.staff_id, "approver": approved.staff_id}, budget.left, []
    for each in granted:
        told.append((each.case, Looked(acts, {"budget_left": left, "setsu": budget.setsu}, done)))
        left -= each.amount
    return told


@full_sight()
@transaction.atomic
def _submit(
    slug: str,
    asked: Sequence[Asked],
    subsidy: Subsidy,
    budget: AppropriationRow,
    approver: Staff,
    by: Staff,
    at: datetime,
) -> int:
    granted = [each for each in asked if each.choice.outcome == Outcome.GRANTED]
    require_all_clear([each.case for each in granted], BEFORE_DRAFT)
    if granted and budget.setsu != subsidy.setsu:
        raise WrongSetsu(budget.name, budget.setsu, subsidy.setsu)
    total = sum(each.amount for each in granted)
    if total > budget.left:
        raise BudgetExceeded(budget.name, budget.left, total)
    payees_of([each.case for each in granted])
    batch = batch_for(
        BatchKind.GRANT,
        [each.case.id for each in asked],
        section_id=asked[0].case.section_id,
        by=by,
        at=at,
        procedure=slug,
        appropriation_id=budget.id,
    )
    BatchItem.objects.bulk_create(_item(batch, each) for each in asked)
    put_under_decision(application_ids=[each.case.id for each in asked], by=actor_of(by), at=at)
    return put_before(batch, grant_words(slug, asked, budget, total), len(asked), approver, by, at)


def _item(batch: Batch, each: Asked) -> BatchItem:
    return BatchItem(
        batch=batch,
        application_id=each.case.id,
        outcome=each.choice.outcome,
        amount=each.amount,
        reason=each.choice.reason.strip()[:300] if each.choice.outcome != Outcome.GRANTED else "",
        documents_sha256=documents_sha256(each.case),
    )


def put_before(
    batch: Batch, words: dict[str, Any], count: int, approver: Staff, by: Staff, at: datetime
) -> int:
    """Submit the one draft of a batch, as the matter of 専決規程 that it is; the amount is that of the whole batch.

    A batch that came back keeps its number; one that takes the place of another draft names it.
    """
    cases = BatchItem.objects.filter(batch=batch).values_list("application_id", flat=True)
    replaced = replaced_by(batch, list(cases))
    told = [f"起案 {'、'.join(replaced)} に代わるものです。"] if replaced else []
    batch.draft_id = submit_draft(
        section_id=batch.section_id,
        approver=approver,
        subject=subject_of(batch),
        content_sha256=content_sha256(batch),
        item_count=count,
        by=by,
        at=at,
        title=words["title"],
        body="\n".join([words["body"], *told]),
        figures=words["figures"],
        terms=Terms(kind=MATTER[BatchKind(batch.kind)], amount=words["amount"]),
    )
    batch.save(update_fields=["draft"])
    leave_trace(
        actor_of(by),
        "subsidies.submitted",
        subject_of(batch),
        at=at,
        note={"draft": batch.draft_id, "items": count, **({"replaces": replaced} if replaced else {})},
    )
    return batch.draft_id


def content_sha256(batch: Batch) -> str:
    """The hash of what is decided: every case with its outcome, amount and reason."""
    rows = BatchItem.objects.filter(batch=batch).order_by("application_id")
    told = [
        list(row) for row in rows.values_list("application_id", "outcome", "amount", "reason", "order_id")
    ]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def grant_words(slug: str, asked: Sequence[Asked], budget: AppropriationRow, total: int) -> dict[str, Any]:
    package = live_package(slug).package
    granted = sum(each.choice.outcome == Outcome.GRANTED for each in asked)
    refused = len(asked) - granted
    lines = [
        f"{package.names.ja}について、別紙のとおり{'交付' if not refused else '交付・不交付'}を決定し、支出を負担してよろしいか伺います。",
        f"予算科目: {'　'.join(f'{label} {value}' for label, value in budget.subject)}",
        f"予算現額 {format_yen(budget.budget)}、負担行為済額 {format_yen(budget.committed)}、"
        f"今回 {format_yen(total)}、決定後の残額 {format_yen(budget.left - total)}",
    ]
    return {
        "amount": total,
        "title": (package.flow.approval_title.ja or f"{package.names.ja}の交付決定について")[:120],
        "body": "\n".join(lines),
        "figures": [
            {"label": "交付", "value": granted, "unit": "件"},
            {"label": "不交付", "value": refused, "unit": "件"},
            {"label": "交付決定額", "value": total, "unit": "円"},
        ],
    }


def payees_of(cases: Sequence[CaseRead]) -> dict[int, Any]:
    """The registered creditor of every case, from the latest list. Refused: NoCreditor, which names the first without."""
    numbers = atena_numbers_of(case.resident_id for case in cases if case.resident_id)
    found = creditors_of(numbers.values())
    payees = {}
    for case in cases:
        creditor = found.get(numbers.get(case.resident_id or 0, 0))
        if creditor is None or not creditor.is_registered:
            raise NoCreditor(f"{case.applicant_name}（{case.number}）")
        payees[case.id] = creditor
    return payees


def require_power(by: Staff, power: Power, at: datetime) -> None:
    if power not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(power.label)
