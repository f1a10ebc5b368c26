"""保存の期限. An unsent application is announced before it is forgotten, and the person is told that it was."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.clerical.notices.actions import send_mail
from madoguchi.clerical.notices.rules import message_id
from madoguchi.common.emails import parse_email
from madoguchi.common.era import format_both
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.models import ExpiryNotice, ForgottenDraft, ResumeTry, UnsentApplication
from madoguchi.services.applications.rules import EXPIRY_STEPS, expiry_step
from madoguchi.services.applications.unsent import forget, subject_of_unsent

TOLD_FOR_DAYS = 365
"""How long a person who comes back is told that the unsent application was forgotten."""

BODY = """入力の途中で保存した申請が、まもなく消えます。

手続：{procedure}
保存の期限：{until}まで
続きの入力：{link}

期限までに1度でも保存すると、期限は延びます。申請しないときは、何もする必要はありません。
"""


@full_sight()
def announce_expiring(*, on: date, at: datetime) -> int:
    """Mail to everybody whose unsent application ends soon, once a step (7 days, 1 day); says how many mails.

    The mail goes first and bears the same Message-ID if it is tried again; a mail that was refused is tried
    at the next run.
    """
    return sum(_announce(unsent, step, at) for unsent, step in _due(on))


def _due(on: date) -> Iterator[tuple[UnsentApplication, int]]:
    rows = UnsentApplication.objects.filter(
        application__isnull=True,
        visitor__isnull=False,
        expires_on__gte=on,
        expires_on__lte=on + timedelta(days=max(EXPIRY_STEPS)),
    )
    for unsent in rows.select_related("visitor").order_by("pk"):
        step = expiry_step((unsent.expires_on - on).days)
        if step is None:
            continue
        told = ExpiryNotice.objects.filter(unsent=unsent, step=step, expires_on=unsent.expires_on)
        if not told.exists():
            yield unsent, step


def _announce(unsent: UnsentApplication, step: int, at: datetime) -> bool:
    package = package_of(unsent.version_id).package
    to = mail_address(unsent, package)
    if not to or unsent.visitor is None:
        return False
    procedure, until = package.names.ja, format_both(unsent.expires_on)
    name = uuid.uuid5(unsent.id, f"{step} {unsent.expires_on}")
    try:
        send_mail(
            to=to,
            subject=f"【{unsent.municipality.name}】入力の途中の申請は{until}に消えます",
            body=BODY.format(procedure=procedure, until=until, link=own_list()),
            message_id=message_id(name, ""),
        )
        _note(unsent, unsent.visitor.pk, step, at)
    except (Refusal, IntegrityError):
        return False
    return True


def own_list() -> str:
    """The address of the person's own list; its name where the address of the town is not set."""
    base = settings.MADOGUCHI_PUBLIC_URL.rstrip("/")
    return f"{base}/my/" if base else "ネット窓口の「あなたの申請」"


@transaction.atomic
def _note(unsent: UnsentApplication, visitor_id: uuid.UUID, step: int, at: datetime) -> None:
    ExpiryNotice.objects.create(
        visitor_id=visitor_id, unsent=unsent, step=step, expires_on=unsent.expires_on, sent_at=at
    )
    note = {"days": step, "expires_on": unsent.expires_on.isoformat()}
    leave_trace(SYSTEM, "applications.expiry_announced", subject_of_unsent(unsent.id), at=at, note=note)


def mail_address(unsent: UnsentApplication, package: Any) -> str:
    """The proven address, else the one typed so far, when it can be read as one."""
    if unsent.visitor is not None and unsent.visitor.email:
        return unsent.visitor.email
    fields = (field.key for field in package.form.fields.values() if field.prefill == "resident.email")
    typed = (unsent.raw.get(next(fields, "")) or [""])[0]
    try:
        return parse_email(typed)
    except Refusal:
        return ""


@full_sight()
def drop_expired(*, on: date, at: datetime) -> int:
    """Forget what was never sent, with its files; says how many were forgotten."""
    gone = list(UnsentApplication.objects.filter(application__isnull=True, expires_on__lt=on))
    for unsent in gone:
        _forget_expired(unsent, at)
    ForgottenDraft.objects.filter(forgotten_at__lt=at - timedelta(days=TOLD_FOR_DAYS)).delete()
    ResumeTry.objects.filter(tried_at__lt=at - timedelta(days=1)).delete()
    return len(gone)


@transaction.atomic
def _forget_expired(unsent: UnsentApplication, at: datetime) -> None:
    slug, subject = package_of(unsent.version_id).package.slug, subject_of_unsent(unsent.id)
    if unsent.visitor_id is not None:
        ForgottenDraft.objects.create(
            id=unsent.id,
            visitor_id=unsent.visitor_id,
            procedure=slug,
            expired_on=unsent.expires_on,
            forgotten_at=at,
        )
    note = {"procedure": slug, "expired_on": unsent.expires_on.isoformat(), "files": forget(unsent, at)}
    leave_trace(SYSTEM, "applications.unsent_expired", subject, at=at, note=note)
