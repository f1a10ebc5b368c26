"""What the section does with the applications: controls, acceptance, checklists, drafts, claims, payment."""

import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

from madoguchi.clerical.controls.actions import draw_sample, fill_checklist, judge_sampled, override
from madoguchi.clerical.controls.overseeing import sample_of, samples
from madoguchi.clerical.controls.queries import open_findings
from madoguchi.clerical.controls.sampling import MOST, Weights
from madoguchi.clerical.controls.states import SampleKind, SampleResult
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import approve, carry_out_again
from madoguchi.clerical.decisions.queries import work_of
from madoguchi.clerical.payments.queries import orders
from madoguchi.clerical.payments.states import OrderState
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import ControlStep
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.ledgers.registry.actions import register_protection
from madoguchi.ledgers.registry.states import Ground
from madoguchi.services.applications import access
from madoguchi.services.applications import actions as applications
from madoguchi.services.applications.case_reads import own_case
from madoguchi.services.applications.states import CheckResult
from madoguchi.services.subsidies import actions as subsidies
from madoguchi.services.subsidies.controlling import Looked, check_cases
from madoguchi.services.subsidies.general import Done
from madoguchi.services.subsidies.granting import Choice
from scenarios.neko_hojokin.people import Handed
from scenarios.neko_hojokin.season import (
    AT_DECISION,
    BATCH,
    CLAIM_DAY,
    DECISION_DAY,
    PAYMENT_DAY,
    RECEIPT_DAY,
    REVIEW_DAY,
    SLUG,
    at,
)
from scenarios.whole_period.desk import wait_for

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

RECEIPT = ("original", "addressee", "cat", "operation", "hospital")
ACCOUNTING = ("claim", "decision", "payee")


def staff(login: str) -> "Staff":
    found = office.staff_by_login(login)
    assert found is not None
    return found


def about(application_id: int) -> Subject:
    return Subject("applications.application", str(application_id))


def listed(
    loaded: LoadedPackage, application_id: int, key: str, items: Sequence[str], by: "Staff", when: datetime
) -> None:
    fill_checklist(
        subject=about(application_id),
        section_id=loaded.section_id,
        version_id=loaded.version_id,
        controls=loaded.package.controls,
        key=key,
        items=dict.fromkeys(items, True),
        by=by,
        at=when,
    )


def review(loaded: LoadedPackage, handed: dict[str, Handed], ids: dict[str, int]) -> dict[str, set[str]]:
    """Fill the checklists, run the controls of 申請 and 審査; the exceptions by receipt number."""
    found = {}
    for number, each in handed.items():
        hidden = each.wrong == "ic32_address"
        with full_sight() if hidden else nullcontext():
            found[number] = reviewed(loaded, number, ids[number], each.wrong)
    return found


def reviewed(loaded: LoadedPackage, number: str, application_id: int, wrong: str) -> set[str]:
    """The exceptions of one case; somebody with the right works on those of protected people."""
    reviewer, when = staff("eisei"), at(REVIEW_DAY, 10)
    receipt = RECEIPT[:-1] if wrong == "ic12_receipt_seen" else RECEIPT
    listed(loaded, application_id, "ic12_receipt_seen", receipt, reviewer, when)
    if wrong != "ic13_origin":
        listed(loaded, application_id, "ic13_origin", ("asked",), reviewer, when)
    found = {finding.key for finding in subsidies.check_case(number=number, by=reviewer, at=when)}
    return found | (at_decision(number, when) if wrong in AT_DECISION else set())


def at_decision(number: str, when: datetime) -> set[str]:
    """The exceptions of 決定 and 全般 as the reviewer would draft it, for a case that never gets that far."""
    drafter = staff("eisei")
    by, done = actor_of(drafter), (Done(str(drafter.pk), Power.REVIEW_CASES, when),)
    looked = [(own_case(number, by, when), Looked(done=done))]
    steps = [ControlStep.DECISION, ControlStep.GENERAL]
    return {finding.key for finding in check_cases(looked, steps, by=by, at=when)}


def accept_all(numbers: Sequence[str]) -> dict[str, str]:
    """Accept what can be accepted after settling every mark; the refusals of the others."""
    reviewer, when, refused = staff("eisei"), at(REVIEW_DAY, 14), {}
    for number in numbers:
        try:
            case = access.application_for(reviewer, number, at=when, purpose="審査")
            for check in case.checks:
                if check.result == CheckResult.LOOK:
                    applications.settle_check(
                        number=number, code=check.code, by=reviewer, at=when, reason="書類で確かめた"
                    )
            case = access.application_for(reviewer, number, at=when, purpose="審査")
            applications.accept(number=number, by=reviewer, at=when, edition=case.edition)
        except Refusal as refusal:
            refused[number] = refusal.sentence
    return refused


def draft(ids: Sequence[int], budget: int, approver: str = "eikacho") -> int:
    return subsidies.submit_grants(
        slug=SLUG,
        choices=[Choice(each) for each in ids],
        appropriation_id=budget,
        approver=staff(approver),
        by=staff("eisei"),
        at=at(DECISION_DAY, 9),
    )


def decide(draft_id: int, when: datetime, login: str = "eikacho") -> bool:
    """The section head approves, on what is seen; whether everything moved, with the press or by the worker."""
    head = staff(login)
    seen = draft_for(head, draft_id, when)
    approve(draft_id=draft_id, by=head, at=when, seen_sha256=seen.content_sha256, edition=seen.edition)
    return carried_out(draft_id, when, login)


def decide_again(draft_id: int, when: datetime, login: str = "eikacho") -> bool:
    """The head has the work of a decided draft done once more, after the reason of its refusal is gone."""
    carry_out_again(draft_id=draft_id, by=staff(login), at=when)
    return carried_out(draft_id, when, login)


def carried_out(draft_id: int, when: datetime, login: str) -> bool:
    """Whether a decided draft moved its cases; waits for the worker where the draft is large."""
    ordered = draft_for(staff(login), draft_id, when).work
    if ordered is None:
        return True
    wait_for(ordered)
    done = work_of(staff(login), draft_id, when)
    return done is not None and done.worked_off_at is not None


def refusal_shown(draft_id: int, when: datetime, login: str = "eikacho") -> str:
    """What the page of a decided draft says of the work that was refused, to whoever may put it right."""
    told = work_of(staff(login), draft_id, when)
    return told.failure if told is not None and told.may_put_right else ""


def refusal_of(ids: Sequence[int], budget: int) -> str:
    """Why these cannot be drafted; nothing when they can."""
    try:
        draft(ids, budget)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def in_batches(ids: Sequence[int]) -> list[list[int]]:
    return [list(ids[first : first + BATCH]) for first in range(0, len(ids), BATCH)]


def claim_all(numbers: Sequence[str]) -> None:
    """A clerk enters the claims that came back with the letters."""
    clerk = actor_of(staff("eisei"))
    for number in numbers:
        subsidies.claim(number=number, by=clerk, at=at(CLAIM_DAY, 10))


def order_all(when: datetime) -> None:
    """支出命令: drafted in batches, approved by the head."""
    waiting = [row.id for row in orders(None, state=OrderState.CLAIMED)]
    for part in in_batches(waiting):
        draft_id = subsidies.submit_payments(
            order_ids=part, approver=staff("eikacho"), by=staff("eisei"), at=when
        )
        decide(draft_id, when)


def examine(
    loaded: LoadedPackage, handed: dict[str, Handed], ids: dict[str, int], numbers: Sequence[str]
) -> None:
    """会計課の審査 of every claim but those that are seeded as not examined."""
    accountant = staff("kaikei")
    for number in numbers:
        if handed[number].wrong != "ic28_accounting":
            listed(loaded, ids[number], "ic28_accounting", ACCOUNTING, accountant, at(PAYMENT_DAY, 9))


def put_right(
    loaded: LoadedPackage, handed: dict[str, Handed], ids: dict[str, int], numbers: Sequence[str]
) -> None:
    """What was held back is examined, or let stand by the head with a reason."""
    for number in numbers:
        wrong = handed[number].wrong
        if wrong == "ic28_accounting":
            listed(loaded, ids[number], wrong, ACCOUNTING, staff("kaikei"), at(PAYMENT_DAY, 13))
        if wrong == "ic29_documents":
            (finding,) = [each for each in open_findings(about(ids[number])) if each.key == wrong]
            override(
                finding_id=finding.id,
                by=staff("eikacho"),
                reason="領収書の追加だけと確かめた",
                at=at(PAYMENT_DAY, 13),
            )


def protect(resident_id: int) -> None:
    """支援措置, registered after the application came in."""
    register_protection(
        applicant_id=resident_id,
        resident_ids=[],
        ground=Ground.VIOLENCE,
        begins_on=REVIEW_DAY,
        by=staff("jumin"),
        at=at(REVIEW_DAY, 8),
    )


def sampled(kind: SampleKind, wrong: set[str]) -> None:
    """監査 draws every case of the season, and finds something wrong with these numbers."""
    auditor, when = staff("kansa"), at(PAYMENT_DAY, 7)
    sample = draw_sample(
        sample_id=uuid.uuid4(),
        kind=kind,
        since=RECEIPT_DAY,
        until=PAYMENT_DAY,
        by=auditor,
        at=when,
        procedure=SLUG,
        size=MOST,
        weights=Weights(high_amount_from=1),
    )
    judged(sample, wrong, SampleResult.FAILED, when)


def judged(sample: uuid.UUID, numbers: set[str], result: SampleResult, when: datetime) -> None:
    auditor = staff("kansa")
    seen = sample_of(auditor, sample, when)
    for item in seen.items if seen else ():
        if item.label in numbers:
            judge_sampled(
                sample_id=sample,
                item_id=item.pk,
                result=result,
                note="領収書の写しが読めない",
                by=auditor,
                at=when,
            )


def judge_again() -> None:
    """What was found was put right: 監査 looks again."""
    when = at(PAYMENT_DAY, 13)
    for each in samples(staff("kansa"), when):
        wrong = {item.label for item in each.items if item.result == SampleResult.FAILED}
        judged(each.sample.pk, wrong, SampleResult.OK, when)
