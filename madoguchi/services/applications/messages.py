"""Messages on the case: what the applicant and the section write to each other, each kept for good."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.common.text import strip_controls
from madoguchi.ledgers.documents.actions import FileToKeep, keep_files
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.trace import Actor
from madoguchi.services.applications.errors import (
    MessageEmpty,
    MessageTooLong,
    NobodyReads,
    TooManyMessages,
)
from madoguchi.services.applications.models import Application, Message
from madoguchi.services.applications.moving import mark, subject_of, take_own
from madoguchi.services.applications.states import Direction
from madoguchi.services.applications.tasks import announce_message

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

LONGEST = 2000
MOST_IN_A_WHILE, WHILE_MINUTES = 5, 10
"""A resident's messages of one case: enough for a talk, too few for a flood."""
Files = Sequence[tuple[str, bytes]]


@transaction.atomic
def write_message(
    *, number: str, by: Actor, at: datetime, text: str, key: uuid.UUID, files: Files = ()
) -> int:
    """The applicant writes to the section; the id of the message. The same `key` again is the same message.

    Raises NotFound, MessageEmpty, MessageTooLong (over 2,000 characters), TooManyMessages (5 in 10 minutes) and what
    the documents room refuses (FileTooLarge, FileKindRefused, FileEmpty).
    """
    application = take_own(number, by, at)
    if (sent := _sent_before(application, key)) is not None:
        return sent
    _refuse_flood(application, at)
    message = _kept(application, Direction.RESIDENT, text, key, at=at, author_name=by.name)
    return _sent(message, files, by, at=at)


@transaction.atomic
def answer_message(
    *,
    number: str,
    by: "Staff",
    at: datetime,
    text: str,
    key: uuid.UUID,
    files: Files = (),
    staff_seconds: int | None = None,
) -> int:
    """The section writes; the applicant is told by e-mail that something waits, never what.

    Answering settles every unread message of the case. Raises as `write_message`, and NobodyReads for a case without
    a visitor of the portal.
    """
    application = take_own(number, actor_of(by), at)
    if (sent := _sent_before(application, key)) is not None:
        return sent
    if application.visitor_id is None:
        raise NobodyReads
    message = _kept(application, Direction.SECTION, text, key, at=at, author_name=by.name, staff=by)
    _unread_of(application).update(read_at=at)
    announce_message.defer(municipality_id=application.municipality_id, message_pk=message.pk)
    return _sent(message, files, actor_of(by), at=at, staff_seconds=staff_seconds)


@transaction.atomic
def mark_messages_read(*, number: str, by: "Staff", at: datetime, staff_seconds: int | None = None) -> int:
    """The section has read the messages and nothing is to be answered; how many were unread."""
    application = take_own(number, actor_of(by), at)
    count: int = _unread_of(application).update(read_at=at)
    if count:
        mark(
            application, "messages_read", actor_of(by), at=at, step="message",
            staff_seconds=staff_seconds, count=count,
        )  # fmt: skip
    return count


def _sent_before(application: Application, key: uuid.UUID) -> int | None:
    return application.messages.filter(key=key).values_list("pk", flat=True).first()


def _unread_of(application: Application) -> QuerySet[Message]:
    return application.messages.filter(direction=Direction.RESIDENT, read_at__isnull=True)


def _refuse_flood(application: Application, at: datetime) -> None:
    since = at - timedelta(minutes=WHILE_MINUTES)
    lately = application.messages.filter(direction=Direction.RESIDENT, sent_at__gt=since).count()
    if lately >= MOST_IN_A_WHILE:
        raise TooManyMessages(MOST_IN_A_WHILE, WHILE_MINUTES)


def _kept(
    application: Application,
    direction: Direction,
    text: str,
    key: uuid.UUID,
    *,
    at: datetime,
    author_name: str,
    staff: "Staff | None" = None,
) -> Message:
    written = strip_controls(text).strip()
    if not written:
        raise MessageEmpty
    if len(written) > LONGEST:
        raise MessageTooLong(len(written), LONGEST)
    return Message.objects.create(
        application=application,
        direction=direction,
        author_name=author_name,
        staff=staff,
        text=written,
        key=key,
        sent_at=at,
    )


def _sent(
    message: Message, files: Files, by: Actor, *, at: datetime, staff_seconds: int | None = None
) -> int:
    """Keep the files with the case, name them in the message, leave the trace; never the text itself."""
    owner = subject_of(message.application)
    kept = keep_files([FileToKeep(name, body, owner) for name, body in files], by=by, at=at)
    if kept:
        message.documents = [str(each.id) for each in kept]
        message.save(update_fields=["documents"])
    mark(
        message.application, "message_sent", by, at=at, step="message", staff_seconds=staff_seconds,
        message=message.pk, files=len(kept),
    )  # fmt: skip
    return message.pk
