"""Every write of the documents room."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from madoguchi.ledgers.documents.access import owned_document, view_of
from madoguchi.ledgers.documents.models import Content, Document
from madoguchi.ledgers.documents.rules import CheckedFile, check_file
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.trace import Actor, Subject


@transaction.atomic
def keep_file(
    *, name: str, body: bytes, owner: Subject, by: Actor, at: datetime, retention_class: str = "5"
) -> DocumentView:
    """Keep a file with a record. Refused: FileEmpty, FileTooLarge, FileKindRefused (what it really is)."""
    checked = check_file(name, body, settings.FILE_LIMIT_BYTES)
    document = Document.objects.create(
        content=_content(checked, body),
        name=checked.name,
        owner_kind=owner.kind,
        owner_id=owner.id,
        retention_class=retention_class,
        added_at=at,
        added_by=by.name,
    )
    leave_trace(
        by,
        "documents.kept",
        owner,
        at=at,
        note={"document": str(document.id), "sha256": checked.sha256, "size": checked.size},
    )
    return view_of(document)


def _content(checked: CheckedFile, body: bytes) -> Content:
    # Somebody may be dropping the last document with these bytes at this moment: the lock waits for that to
    # end, and the bytes are then entered anew.
    while True:
        Content.objects.bulk_create(
            [Content(sha256=checked.sha256, size=checked.size, media_type=checked.media_type, body=body)],
            ignore_conflicts=True,
        )
        kept = Content.objects.select_for_update().defer("body").filter(sha256=checked.sha256).first()
        if kept is not None:
            return kept


@transaction.atomic
def hand_over(*, from_owner: Subject, to_owner: Subject) -> int:
    """Move every file of one record to another, as when a draft is submitted; says how many were moved."""
    return Document.objects.filter(owner_kind=from_owner.kind, owner_id=from_owner.id).update(
        owner_kind=to_owner.kind, owner_id=to_owner.id
    )


@transaction.atomic
def drop_file(*, document_id: UUID | str, owner: Subject, by: Actor, at: datetime) -> None:
    """Take a file away from a record; the bytes go with the last document that holds them."""
    document = owned_document(document_id, owner)
    content = Content.objects.select_for_update().defer("body").get(pk=document.content_id)
    document.delete()
    if not content.documents.exists():
        content.delete()
    leave_trace(by, "documents.dropped", owner, at=at, note={"document": str(document_id)})
