"""The only way to the bytes of a file."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from madoguchi.ledgers.documents.errors import FileHeld, PurposeMissing
from madoguchi.ledgers.documents.models import Document
from madoguchi.ledgers.documents.states import ScanState
from madoguchi.ledgers.documents.views import DocumentView, OpenedDocument
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject


@transaction.atomic
def open_document(
    document_id: UUID | str, *, owner: Subject, by: Actor, at: datetime, purpose: str
) -> OpenedDocument:
    """Read one file of a record. Staff say why; the look and its purpose stand in the trace of the record."""
    if by.kind == "staff" and not purpose.strip():
        raise PurposeMissing(
            "書類を開く目的が書かれていません。", next_step="目的を選ぶか書いてから、もう一度開いてください。"
        )
    document = owned_document(document_id, owner)
    refuse_held(document)
    leave_trace(by, "documents.opened", owner, at=at, purpose=purpose, note={"document": str(document.id)})
    return OpenedDocument(view_of(document), bytes(document.content.body))


def refuse_held(document: Document) -> None:
    """Nobody opens a file before a scanner has found it clean."""
    state = ScanState(document.content.scan)
    if state == ScanState.WAITING:
        raise FileHeld(
            "この書類は、ウイルス検査が済んでいないため、まだ開けません。",
            next_step="検査は自動で続きます。数分たってから、もう一度開いてください。",
        )
    if state == ScanState.INFECTED:
        raise FileHeld(
            "この書類からウイルスが見つかったため、中身を消しました。開けません。",
            next_step="提出した人に連絡し、別のファイルか紙で出し直してもらってください。",
        )


def owned_document(document_id: UUID | str, owner: Subject) -> Document:
    """The document if it belongs to this record of this municipality; otherwise NotFound."""
    try:
        found = (
            Document.objects.filter(id=document_id, owner_kind=owner.kind, owner_id=owner.id)
            .select_related("content")
            .defer("content__body")
            .first()
        )
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise NotFound("書類")
    return found


def view_of(document: Document) -> DocumentView:
    content = document.content
    return DocumentView(
        document.id, document.name, content.media_type, content.size, content.sha256,
        content.scan, tuple(content.cautions),
    )  # fmt: skip
