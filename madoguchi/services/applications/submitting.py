"""申請する. What was typed becomes one application, however often and from however many devices it is sent."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.notices.actions import queue_mail
from madoguchi.clerical.notices.orders import MailOrder
from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.asking import confirmed_fields, refuse_unfixed
from madoguchi.services.applications.errors import PeriodClosed
from madoguchi.services.applications.intake import receipt_of, receive
from madoguchi.services.applications.models import UnsentApplication
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.proofs import insist_on_level
from madoguchi.services.applications.proxies import for_another, portal_channel
from madoguchi.services.applications.reading import period_of
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.unsent import actor_for, is_staff, mine, refuse_ended, subject_of_unsent
from madoguchi.services.applications.views import Receipt

if TYPE_CHECKING:
    from madoguchi.ledgers.registry.views import VisitorView
    from madoguchi.services.applications.unsent import Owner


@transaction.atomic
def submit(
    *,
    unsent_id: uuid.UUID,
    owner: "Owner",
    submission_key: uuid.UUID,
    channel: Channel,
    at: datetime,
    staff_seconds: int | None = None,
    resident_id: int | None = None,
    confirm_by: Callable[[Receipt], MailOrder | None] | None = None,
) -> Receipt:
    """Send it. Sending twice gives the same receipt.

    `confirm_by` writes the mail that confirms it: queued with the application, so that neither is without the other.
    Residents: ProofTooLow, AnswersIncomplete, LookAgain, PeriodClosed, AlreadyApplied. Staff: what is missing
    becomes a check.
    """
    unsent = mine(unsent_id, owner, lock=True)
    if unsent.application is not None:
        return receipt_of(unsent.application, again=True)
    refuse_ended(unsent, timezone.localdate(at))
    if not is_staff(owner):
        channel = portal_channel(unsent.raw)
        package = package_of(unsent.version_id).package
        insist_on_level(package.slug, package.required_identity, cast("VisitorView", owner))
        _refuse_closed(unsent, at)
        refuse_unfixed(unsent, at)
    receipt = receive(
        version_id=unsent.version_id,
        period_code=unsent.period_code,
        raw=unsent.raw,
        channel=channel,
        by=actor_for(owner),
        at=at,
        submission_key=submission_key,
        visitor_id=unsent.visitor_id,
        resident_id=resident_id
        if is_staff(owner)
        else _applicant_in_register(unsent, cast("VisitorView", owner)),
        staff_seconds=staff_seconds,
        email="" if is_staff(owner) else owner.email,
        once_a_visitor=not is_staff(owner) and not package_of(unsent.version_id).package.several,
        confirmed=tuple(confirmed_fields(unsent, package_of(unsent.version_id).package)),
    )
    _hand_over(unsent, receipt)
    if mail := confirm_by(receipt) if confirm_by else None:
        queue_mail(to=mail.to, subject=mail.subject, body=mail.body, message_id=mail.message_id, at=at)
    return receipt


def _hand_over(unsent: UnsentApplication, receipt: Receipt) -> None:
    """What was typed and attached is the application's from now on."""
    unsent.application_id = receipt.application_id
    unsent.save(update_fields=["application"])
    documents.hand_over(
        from_owner=subject_of_unsent(unsent.id), to_owner=Subject(KIND, str(receipt.application_id))
    )


def _applicant_in_register(unsent: UnsentApplication, visitor: "VisitorView") -> int | None:
    """The applicant's row of the register; a proxy's own household says nothing about the applicant's."""
    return None if for_another(unsent.raw) else visitor.resident_id


def _refuse_closed(unsent: UnsentApplication, at: datetime) -> None:
    period = period_of(package_of(unsent.version_id).package, unsent.period_code)
    if not period.is_open(timezone.localdate(at)):
        raise PeriodClosed(str(period.label), period.opens, period.closes)
