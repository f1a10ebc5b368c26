"""請求: the applicant claims what was granted, in the portal or through a clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.queries import findings_of
from madoguchi.clerical.controls.states import FindingState
from madoguchi.clerical.notices.queries import released_letters_of
from madoguchi.clerical.payments.actions import take_claim
from madoguchi.clerical.payments.ordering import Account
from madoguchi.clerical.payments.queries import commitment_about
from madoguchi.clerical.payments.rules import due_day
from madoguchi.clerical.payments.states import CommitmentState
from madoguchi.clerical.payments.views import CreditorFound
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.case_reads import CaseRead, own_case
from madoguchi.services.applications.casefacts import by_prefill
from madoguchi.services.applications.rules import full_name
from madoguchi.services.applications.states import Outcome
from madoguchi.services.applications.truth import same_holder
from madoguchi.services.subsidies.controlling import subject_of
from madoguchi.services.subsidies.errors import HolderDiffers, NotGranted
from madoguchi.services.subsidies.granting import payees_of
from madoguchi.services.subsidies.package_file import is_subsidy, subsidy_of

HOLDER_CONTROL = "ic10_holder"


@transaction.atomic
def claim(*, number: str, by: Actor, at: datetime, claimed_on: date | None = None) -> str:
    """Claim the granted subsidy of one case; the number of the payment order. A second press is the same order.

    The money goes to the account the town has registered for the applicant, on the last open day within the days
    the package gives from the claim. A clerk enters the day a paper claim came in. Refused: NotFound (not theirs),
    NotGranted (a resident before the letter is out), NoCreditor, HolderDiffers, DueTooLate.
    """
    case = own_case(number, by, at)
    _require_granted(case, by)
    subsidy = subsidy_of(package_of(case.version_id).package)
    on = claimed_on or timezone.localdate(at)
    creditor = _registered(case)
    if not _is_own(case, creditor.holder_kana):
        raise HolderDiffers(case.number)
    account = Account(
        creditor.bank_code,
        creditor.branch_code,
        creditor.deposit,
        creditor.account_number,
        creditor.holder_kana,
    )
    return take_claim(
        subject=subject_of(case),
        claimed_on=on,
        due_on=due_day(on, subsidy.pay_within_days, office_calendar()),
        within_days=subsidy.pay_within_days,
        account=account,
        by=by,
        at=at,
    )


@dataclass(frozen=True)
class Offer:
    """What may be claimed, and the account it goes to; of its number only the end is told."""

    amount: int
    pay_within_days: int
    bank_code: str
    branch_code: str
    account_end: str
    holder: str
    is_own: bool


def offer(*, number: str, by: Actor, at: datetime) -> Offer:
    """What somebody reads before claiming. Refused: NotFound, NotGranted, NoCreditor."""
    case = own_case(number, by, at)
    _require_granted(case, by)
    creditor, bound = _registered(case), commitment_about(subject_of(case))
    return Offer(
        bound.amount if bound else 0,
        subsidy_of(package_of(case.version_id).package).pay_within_days,
        creditor.bank_code,
        creditor.branch_code,
        creditor.account_number[-3:],
        creditor.holder_kana,
        _is_own(case, creditor.holder_kana),
    )


def _registered(case: CaseRead) -> CreditorFound:
    with full_sight():
        found: CreditorFound = payees_of([case])[case.id]
    return found


def _is_own(case: CaseRead, holder: str) -> bool:
    """口座名義の確認: the registered holder is the applicant, or the head let another one stand (委任状)."""
    form = package_of(case.version_id).package.form
    names = [full_name(by_prefill(form, case.answers, f"resident.{part}")) for part in ("name", "kana")]
    stands = any(
        each.key == HOLDER_CONTROL and each.state == FindingState.OVERRIDDEN
        for each in findings_of(subject_of(case))
    )
    return stands or any(name and same_holder(holder, name) for name in names)


def _require_granted(case: CaseRead, by: Actor) -> None:
    told = by.kind != "resident" or bool(released_letters_of(subject_of(case)))
    package = package_of(case.version_id).package
    if case.outcome != Outcome.GRANTED or not told or not is_subsidy(package):
        raise NotGranted(case.number)
    standing = commitment_about(subject_of(case))
    if standing is None or standing.state != CommitmentState.STANDING:
        raise NotGranted(case.number)
