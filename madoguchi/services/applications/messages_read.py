"""Reading messages: on the own case, on the desk, and who still waits for an answer."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Min, Q

from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import OpenedDocument
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor
from madoguchi.services.applications.models import Application, Message
from madoguchi.services.applications.moving import found, mark, subject_of
from madoguchi.services.applications.states import Direction
from madoguchi.services.applications.views import MessageView, UnreadCase

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Section


def messages_of(number: str) -> tuple[MessageView, ...]:
    """Every message of a case, the oldest first, for a page that has already opened the case."""
    return _views(found(Application.objects.only("pk"), number))


@transaction.atomic
def own_messages(visitor_id: uuid.UUID, number: str, *, by: Actor, at: datetime) -> tuple[MessageView, ...]:
    """The messages of an own case; what the section wrote counts as read from now on. Raises NotFound."""
    application = found(Application.objects.filter(visitor_id=visitor_id), number)
    news = application.messages.filter(direction=Direction.SECTION, read_at__isnull=True)
    if count := news.update(read_at=at):
        mark(application, "messages_read", by, at=at, count=count)
    return _views(application)


def own_message_document(
    visitor_id: uuid.UUID, number: str, document_id: uuid.UUID, *, by: Actor, at: datetime
) -> OpenedDocument:
    """A file that came with a message of an own case. Raises NotFound for any other file."""
    application = found(Application.objects.filter(visitor_id=visitor_id), number)
    if not application.messages.filter(documents__contains=[str(document_id)]).exists():
        raise NotFound("書類")
    return open_document(document_id, owner=subject_of(application), by=by, at=at, purpose="連絡を読む")


def unread_messages(section: "Section | int | None" = None) -> list[UnreadCase]:
    """Cases whose applicant wrote and was not answered, the longest waiting first; of one section or of all."""
    waiting = Q(messages__direction=Direction.RESIDENT, messages__read_at__isnull=True)
    rows = Application.objects.filter(waiting)
    if section is not None:
        rows = rows.filter(section_id=getattr(section, "pk", section))
    counted = rows.annotate(count=Count("messages"), first_at=Min("messages__sent_at")).order_by("first_at")
    columns = counted.values_list("number", "procedure", "person_name", "count", "first_at")
    return [UnreadCase(*row) for row in columns]


def unread_for_visitor(visitor_id: uuid.UUID) -> dict[str, int]:
    """How many unread messages of the section wait in each own case, by number."""
    rows = Message.objects.filter(
        application__visitor_id=visitor_id, direction=Direction.SECTION, read_at__isnull=True
    )
    counted = rows.values_list("application__number").annotate(count=Count("pk"))
    return dict(counted.order_by("application__number"))


def sent_by_section(messages: Iterable[MessageView]) -> set[str]:
    """Ids of the files the section sent, which are not papers of the applicant."""
    return {str(each.id) for message in messages if not message.from_resident for each in message.documents}


def _views(application: Application) -> tuple[MessageView, ...]:
    files = {str(each.id): each for each in documents_of(subject_of(application))}
    return tuple(
        MessageView(
            row.pk,
            Direction(row.direction),
            row.author_name,
            row.text,
            tuple(files[each] for each in row.documents if each in files),
            row.sent_at,
            row.read_at,
        )
        for row in application.messages.order_by("sent_at", "pk")
    )
