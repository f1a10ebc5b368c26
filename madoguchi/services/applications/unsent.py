"""入力の途中. What is typed is kept page by page, and sent when the applicant says so."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.notices.actions import queue_mail
from madoguchi.clerical.notices.orders import MailOrder
from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.procedures.answers import read_page
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package, package_of
from madoguchi.services.applications.errors import FieldsMissing, NoLongerUnsent, PeriodClosed
from madoguchi.services.applications.intake import receipt_of, receive
from madoguchi.services.applications.models import UnsentApplication
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.people import require
from madoguchi.services.applications.reading import Situation, context_of, period_of
from madoguchi.services.applications.registered import registry_facts
from madoguchi.services.applications.rules import UNSENT_DAYS
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.typing_in import is_file_input, with_page
from madoguchi.services.applications.views import PageOutcome, Receipt, UnsentView

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff
    from madoguchi.ledgers.registry.views import VisitorView

    Owner = VisitorView | Staff

UNSENT = "applications.unsent"


def subject_of_unsent(unsent_id: uuid.UUID) -> Subject:
    """The owner of files that are attached before sending."""
    return Subject(UNSENT, str(unsent_id))


def is_staff(owner: Any) -> bool:
    # Staff are Django users with a login; visitors of the portal never are.
    return hasattr(owner, "login")


def actor_for(owner: Any) -> Actor:
    """The owner as the trace names them."""
    if is_staff(owner):
        return actor_of(owner)
    return Actor("resident", str(owner.id), owner.name or owner.email)


def begin(
    *,
    slug: str,
    period_code: str,
    visitor: "VisitorView | None",
    staff: "Staff | None",
    at: datetime,
) -> UnsentView:
    """Begin an application, or go on with the one begun before. Raises NotFound, PeriodClosed, NotAllowed.

    Staff may enter paper that came in time after the period has closed; each press of theirs is a new entry.
    """
    loaded = live_package(slug)
    period = period_of(loaded.package, period_code)
    today = timezone.localdate(at)
    if staff is not None:
        require(staff, Power.ENTER_CASES, at=at)
    elif not period.is_open(today):
        raise PeriodClosed(str(period.label), period.opens, period.closes)
    return _view(_begun(loaded, period_code, visitor, staff, at), loaded, today)


@transaction.atomic
def _begun(
    loaded: LoadedPackage, period_code: str, visitor: Any, staff: Any, at: datetime
) -> UnsentApplication:
    today = timezone.localdate(at)
    if visitor is not None:
        former = UnsentApplication.objects.filter(
            visitor_id=visitor.id,
            version_id=loaded.version_id,
            period_code=period_code,
            application__isnull=True,
            expires_on__gte=today,
        )
        if found := former.order_by("-saved_at").first():
            return found
    return UnsentApplication.objects.create(
        visitor_id=visitor.id if visitor else None,
        staff=None if visitor else staff,
        version_id=loaded.version_id,
        period_code=period_code,
        started_at=at,
        saved_at=at,
        expires_on=today + timedelta(days=UNSENT_DAYS),
    )


def _view(unsent: UnsentApplication, loaded: LoadedPackage, on: date) -> UnsentView:
    return UnsentView(
        unsent.id,
        unsent.version_id,
        loaded.package.slug,
        unsent.period_code,
        unsent.raw,
        tuple(unsent.pages_done),
        unsent.saved_at,
        unsent.expires_on,
        _facts(unsent, on),
    )


def _facts(unsent: UnsentApplication, on: date) -> dict[str, Any]:
    """Facts of the registry for a visitor who is known there, for prefilling and for the rules of the form."""
    resident_id = unsent.visitor.resident_id if unsent.visitor else None
    return registry_facts(resident_id, on=on)


def unsent_of(unsent_id: uuid.UUID | str, owner: "Owner", *, on: date) -> UnsentView:
    """One unsent application of its owner; another's, an expired or a sent one is NotFound."""
    unsent = _mine(unsent_id, owner)
    if unsent.application_id is not None or unsent.expires_on < on:
        raise NoLongerUnsent
    return _view(unsent, package_of(unsent.version_id), on)


def unsent_list(owner: "Owner", *, on: date) -> list[UnsentView]:
    """What somebody began and did not send, newest first."""
    rows = UnsentApplication.objects.filter(**_owned(owner), application__isnull=True, expires_on__gte=on)
    found = rows.select_related("visitor").order_by("-saved_at")
    return [_view(each, package_of(each.version_id), on) for each in found]


def _owned(owner: Any) -> dict[str, Any]:
    return {"staff_id": owner.pk} if is_staff(owner) else {"visitor_id": owner.id}


def _mine(unsent_id: uuid.UUID | str, owner: Any, *, lock: bool = False) -> UnsentApplication:
    rows = UnsentApplication.objects.select_for_update(of=("self",)) if lock else UnsentApplication.objects
    try:
        found = rows.select_related("visitor").filter(id=unsent_id, **_owned(owner)).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise NotFound("入力の途中の申請")
    return found


def _still_unsent(unsent_id: uuid.UUID | str, owner: Any, at: datetime) -> UnsentApplication:
    unsent = _mine(unsent_id, owner, lock=True)
    if unsent.application_id is not None or unsent.expires_on < timezone.localdate(at):
        raise NoLongerUnsent
    return unsent


@transaction.atomic
def save_page(
    *,
    unsent_id: uuid.UUID,
    owner: "Owner",
    page_key: str,
    raw: Mapping[str, list[str]],
    at: datetime,
) -> PageOutcome:
    """Keep one page exactly as typed, right or wrong, and say how it reads."""
    unsent = _still_unsent(unsent_id, owner, at)
    package = package_of(unsent.version_id).package
    fields = [field.key for field in package.form.page(page_key).fields]
    unsent.raw = with_page(package.form, unsent.raw, raw, fields)
    reading = read_page(package.form, page_key, unsent.raw, _context(unsent, package, owner, at))
    done = set(unsent.pages_done) - {page_key} | (set() if reading.errors else {page_key})
    unsent.pages_done = sorted(done)
    unsent.saved_at = at
    unsent.expires_on = timezone.localdate(at) + timedelta(days=UNSENT_DAYS)
    unsent.save(update_fields=["raw", "pages_done", "saved_at", "expires_on"])
    return PageOutcome(reading, at)


def _context(unsent: UnsentApplication, package: Any, owner: Any, at: datetime) -> Any:
    on = timezone.localdate(at)
    period = period_of(package, unsent.period_code)
    channel = Channel.COUNTER if is_staff(owner) else Channel.ONLINE
    return context_of(package, Situation(period, on, channel, _facts(unsent, on)))


@transaction.atomic
def add_file(
    *, unsent_id: uuid.UUID, owner: "Owner", field: str, name: str, body: bytes, at: datetime
) -> DocumentView:
    """Attach a file to a question; the file's id becomes its answer. Refused by the documents room."""
    unsent = _still_unsent(unsent_id, owner, at)
    if not is_file_input(package_of(unsent.version_id).package.form, field):
        raise FieldsMissing([field])
    kept = documents.keep_file(
        name=name, body=body, owner=subject_of_unsent(unsent.id), by=actor_for(owner), at=at
    )
    unsent.raw[field] = [*filter(None, unsent.raw.get(field, [])), str(kept.id)]
    unsent.saved_at = at
    unsent.save(update_fields=["raw", "saved_at"])
    return kept


@transaction.atomic
def drop_file(
    *, unsent_id: uuid.UUID, owner: "Owner", field: str, document_id: uuid.UUID, at: datetime
) -> None:
    """Take an attached file away again."""
    unsent = _still_unsent(unsent_id, owner, at)
    documents.drop_file(
        document_id=document_id, owner=subject_of_unsent(unsent.id), by=actor_for(owner), at=at
    )
    unsent.raw[field] = [each for each in unsent.raw.get(field, []) if each != str(document_id)]
    unsent.save(update_fields=["raw"])


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
    Residents: AnswersIncomplete, PeriodClosed, AlreadyApplied. Staff: what is missing becomes a check.
    """
    unsent = _mine(unsent_id, owner, lock=True)
    if unsent.application is not None:
        return receipt_of(unsent.application, again=True)
    if unsent.expires_on < timezone.localdate(at):
        raise NoLongerUnsent
    if not is_staff(owner):
        channel = Channel.ONLINE
        _refuse_closed(unsent, at)
    receipt = receive(
        version_id=unsent.version_id,
        period_code=unsent.period_code,
        raw=unsent.raw,
        channel=channel,
        by=actor_for(owner),
        at=at,
        submission_key=submission_key,
        visitor_id=unsent.visitor_id,
        resident_id=unsent.visitor.resident_id if unsent.visitor else resident_id,
        staff_seconds=staff_seconds,
        email=unsent.visitor.email if unsent.visitor else "",
        once_a_visitor=not is_staff(owner),
    )
    unsent.application_id = receipt.application_id
    unsent.save(update_fields=["application"])
    documents.hand_over(
        from_owner=subject_of_unsent(unsent.id), to_owner=Subject(KIND, str(receipt.application_id))
    )
    if mail := confirm_by(receipt) if confirm_by else None:
        queue_mail(to=mail.to, subject=mail.subject, body=mail.body, message_id=mail.message_id, at=at)
    return receipt


def _refuse_closed(unsent: UnsentApplication, at: datetime) -> None:
    period = period_of(package_of(unsent.version_id).package, unsent.period_code)
    if not period.is_open(timezone.localdate(at)):
        raise PeriodClosed(str(period.label), period.opens, period.closes)


@full_sight()
def drop_expired(*, on: date, at: datetime) -> int:
    """Forget what was never sent, with its files; says how many were forgotten."""
    gone = list(UnsentApplication.objects.filter(application__isnull=True, expires_on__lt=on))
    for unsent in gone:
        _forget(unsent, at)
    return len(gone)


@transaction.atomic
def drop_unsent(*, unsent_id: uuid.UUID, owner: "Owner", at: datetime) -> None:
    """消す: forget what was typed and its files, at the wish of whoever typed it. NotFound for anybody else."""
    _forget(_still_unsent(unsent_id, owner, at), at)


@transaction.atomic
def _forget(unsent: UnsentApplication, at: datetime) -> None:
    owner = subject_of_unsent(unsent.id)
    for document in documents_of(owner):
        documents.drop_file(document_id=document.id, owner=owner, by=SYSTEM, at=at)
    unsent.delete()
