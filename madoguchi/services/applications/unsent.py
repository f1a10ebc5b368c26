"""入力の途中. What is typed is kept page by page, and sent when the applicant says so."""

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.prepared import do, prepared_objects, slot
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.procedures.answers import read_page
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package, package_of
from madoguchi.ledgers.registry.queries import resident_of_visitor
from madoguchi.services.applications.errors import DraftExpired, DraftSent, FieldsMissing, PeriodClosed
from madoguchi.services.applications.models import ForgottenDraft, UnsentApplication
from madoguchi.services.applications.people import require
from madoguchi.services.applications.proxies import for_another, portal_channel
from madoguchi.services.applications.reading import Situation, context_of, period_of
from madoguchi.services.applications.registered import registry_facts
from madoguchi.services.applications.rules import UNSENT_DAYS
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.typing_in import is_file_input, with_page
from madoguchi.services.applications.views import PageOutcome, UnsentView

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff
    from madoguchi.ledgers.registry.views import VisitorView

    Owner = VisitorView | Staff

UNSENT = "applications.unsent"
KEEP = """
UPDATE applications_unsentapplication SET raw = $1::jsonb, pages_done = $2::jsonb, saved_at = $3, expires_on = $4
WHERE id = $5
"""
"""A page as it was typed: the one thing that is written on every page."""


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
    begun = _begun(loaded, period_code, visitor, staff, at)
    own = loaded if begun.version_id == loaded.version_id else package_of(begun.version_id)
    return _view(begun, own, today)


@transaction.atomic
def _begun(
    loaded: LoadedPackage, period_code: str, visitor: Any, staff: Any, at: datetime
) -> UnsentApplication:
    today = timezone.localdate(at)
    if visitor is not None:
        former = UnsentApplication.objects.filter(
            visitor_id=visitor.id,
            version__procedure_id=loaded.procedure_id,
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
        lambda: facts_of(unsent, on),
    )


def facts_of(unsent: UnsentApplication, on: date) -> dict[str, Any]:
    """Facts of the registry for a visitor who is known there, for prefilling and for the rules of the form."""
    if for_another(unsent.raw) or unsent.visitor_id is None:
        return {}
    return registry_facts(resident_of_visitor(unsent.visitor_id), on=on)


def unsent_of(unsent_id: uuid.UUID | str, owner: "Owner", *, on: date) -> UnsentView:
    """One unsent application of its owner; another's, an expired or a sent one is NotFound."""
    unsent = mine(unsent_id, owner)
    refuse_ended(unsent, on)
    return _view(unsent, package_of(unsent.version_id), on)


def unsent_list(owner: "Owner", *, on: date) -> list[UnsentView]:
    """What somebody began and did not send, newest first."""
    rows = UnsentApplication.objects.filter(**_owned(owner), application__isnull=True, expires_on__gte=on)
    found = rows.select_related("visitor").order_by("-saved_at")
    return [_view(each, package_of(each.version_id), on) for each in found]


def _owned(owner: Any) -> dict[str, Any]:
    return {"staff_id": owner.pk} if is_staff(owner) else {"visitor_id": owner.id}


def mine(unsent_id: uuid.UUID | str, owner: Any, *, lock: bool = False) -> UnsentApplication:
    found = _of_visitor(unsent_id, owner, lock) if not is_staff(owner) else _of_staff(unsent_id, owner, lock)
    if found is None:
        _tell_of_forgotten(unsent_id, owner)
        raise NotFound("入力の途中の申請")
    return found


def _of_staff(unsent_id: uuid.UUID | str, owner: Any, lock: bool) -> UnsentApplication | None:
    rows = UnsentApplication.objects.select_for_update() if lock else UnsentApplication.objects
    try:
        return rows.filter(id=unsent_id, staff_id=owner.pk).first()
    except (ValidationError, ValueError):
        return None


def _of_visitor(unsent_id: uuid.UUID | str, owner: Any, lock: bool) -> UnsentApplication | None:
    try:
        key = uuid.UUID(str(unsent_id))
    except ValueError:
        return None
    found = (_lock_own if lock else _ask_own)(id=key, visitor=owner.id)
    return next(iter(found), None)


def _own() -> Any:
    return UnsentApplication.objects.filter(id=slot("id", "uuid"), visitor_id=slot("visitor", "uuid"))


_ask_own = prepared_objects(_own)
_lock_own = prepared_objects(lambda: _own().select_for_update())


def _tell_of_forgotten(unsent_id: uuid.UUID | str, owner: Any) -> None:
    """Who began what the night has forgotten is told so; for anybody else it was never there."""
    if is_staff(owner):
        return
    try:
        gone = ForgottenDraft.objects.filter(id=unsent_id, visitor_id=owner.id).first()
    except (ValidationError, ValueError):
        return
    if gone is not None:
        raise DraftExpired(gone.procedure, gone.expired_on)


def still_unsent(unsent_id: uuid.UUID | str, owner: Any, at: datetime) -> UnsentApplication:
    """One's own unsent application, locked. Raises NotFound, DraftSent, DraftExpired."""
    unsent = mine(unsent_id, owner, lock=True)
    refuse_ended(unsent, timezone.localdate(at))
    return unsent


def refuse_ended(unsent: UnsentApplication, on: date) -> None:
    if unsent.application is not None:
        raise DraftSent(unsent.application.number)
    if unsent.expires_on < on:
        raise DraftExpired(package_of(unsent.version_id).package.slug, unsent.expires_on)


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
    unsent = still_unsent(unsent_id, owner, at)
    package = package_of(unsent.version_id).package
    fields = [field.key for field in package.form.page(page_key).fields]
    unsent.raw = with_page(package.form, unsent.raw, raw, fields)
    reading = read_page(package.form, page_key, unsent.raw, _context(unsent, package, owner, at))
    done = set(unsent.pages_done) - {page_key} | (set() if reading.errors else {page_key})
    unsent.pages_done = sorted(done)
    unsent.saved_at = at
    unsent.expires_on = timezone.localdate(at) + timedelta(days=UNSENT_DAYS)
    do(
        KEEP,
        [
            json.dumps(unsent.raw),
            json.dumps(unsent.pages_done),
            unsent.saved_at,
            unsent.expires_on,
            unsent.pk,
        ],
    )
    return PageOutcome(reading, at, _view(unsent, package_of(unsent.version_id), timezone.localdate(at)))


def _context(unsent: UnsentApplication, package: Any, owner: Any, at: datetime) -> Any:
    on = timezone.localdate(at)
    period = period_of(package, unsent.period_code)
    channel = Channel.COUNTER if is_staff(owner) else portal_channel(unsent.raw)
    facts = facts_of(unsent, on) if package.form.looks_at_facts else {}
    return context_of(package, Situation(period, on, channel, facts))


@transaction.atomic
def add_file(
    *, unsent_id: uuid.UUID, owner: "Owner", field: str, name: str, body: bytes, at: datetime
) -> DocumentView:
    """Attach a file to a question; the file's id becomes its answer. Refused by the documents room."""
    unsent = still_unsent(unsent_id, owner, at)
    if not is_file_input(package_of(unsent.version_id).package.form, field):
        raise FieldsMissing([field])
    kept = documents.keep_file(
        name=name, body=body, owner=subject_of_unsent(unsent.id), by=actor_for(owner), at=at
    )
    unsent.raw[field] = [*filter(None, unsent.raw.get(field, [])), str(kept.id)]
    unsent.saved_at = at
    unsent.expires_on = timezone.localdate(at) + timedelta(days=UNSENT_DAYS)
    unsent.save(update_fields=["raw", "saved_at", "expires_on"])
    return kept


@transaction.atomic
def drop_file(
    *, unsent_id: uuid.UUID, owner: "Owner", field: str, document_id: uuid.UUID, at: datetime
) -> None:
    """Take an attached file away again."""
    unsent = still_unsent(unsent_id, owner, at)
    documents.drop_file(
        document_id=document_id, owner=subject_of_unsent(unsent.id), by=actor_for(owner), at=at
    )
    unsent.raw[field] = [each for each in unsent.raw.get(field, []) if each != str(document_id)]
    unsent.save(update_fields=["raw"])


@transaction.atomic
def drop_unsent(*, unsent_id: uuid.UUID, owner: "Owner", at: datetime) -> None:
    """消す: forget what was typed and its files, at the wish of whoever typed it. NotFound for anybody else."""
    forget(still_unsent(unsent_id, owner, at), at)


def forget(unsent: UnsentApplication, at: datetime) -> int:
    """Delete an unsent application with its files; says how many files there were. Inside a transaction."""
    owner = subject_of_unsent(unsent.id)
    files = documents_of(owner)
    for document in files:
        documents.drop_file(document_id=document.id, owner=owner, by=SYSTEM, at=at)
    unsent.delete()
    return len(files)
