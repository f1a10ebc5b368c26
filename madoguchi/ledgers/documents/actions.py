"""Every write of the documents room."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from madoguchi.ledgers.documents.access import owned_document, view_of
from madoguchi.ledgers.documents.models import Content, Document
from madoguchi.ledgers.documents.rules import CheckedFile, check_file
from madoguchi.ledgers.documents.scanning import scanned_states
from madoguchi.ledgers.documents.states import MAY_BE_OPENED, ScanState
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import leave_trace, leave_traces
from madoguchi.ledgers.office.trace import Actor, Subject

BATCH = 50
"""Files a statement: a photo may have ten megabytes, and a statement is held in memory."""


@dataclass(frozen=True)
class FileToKeep:
    """A file and the record it belongs to."""

    name: str
    body: bytes
    owner: Subject
    retention_class: str = "5"
    made_here: bool = False
    """Set by ourselves, such as a letter: nothing came from outside that a scanner could find."""


def keep_file(
    *, name: str, body: bytes, owner: Subject, by: Actor, at: datetime, retention_class: str = "5"
) -> DocumentView:
    """Keep a file with a record. Refused: FileEmpty, FileTooLarge, FileKindRefused (what it really is), FileInfected."""
    return keep_files([FileToKeep(name, body, owner, retention_class)], by=by, at=at)[0]


def keep_files(files: Sequence[FileToKeep], *, by: Actor, at: datetime) -> list[DocumentView]:
    """Keep many files, all or none, in their order; refused as keep_file refuses.

    A file that no scanner can look at now is kept and held until one has (`scanning.scan_waiting`).
    """
    checked = [check_file(file.name, file.body, settings.FILE_LIMIT_BYTES) for file in files]
    states = scanned_states(files, checked, by=by, at=at)
    return _enter(files, checked, states, by=by, at=at)


@transaction.atomic
def _enter(
    files: Sequence[FileToKeep],
    checked: Sequence[CheckedFile],
    states: Mapping[str, ScanState],
    *,
    by: Actor,
    at: datetime,
) -> list[DocumentView]:
    kept = {
        each.sha256: (each, file.body, states[each.sha256]) for each, file in zip(checked, files, strict=True)
    }
    contents = _contents(kept, at)
    documents = Document.objects.bulk_create(
        Document(
            content=contents[each.sha256],
            name=each.name,
            owner_kind=file.owner.kind,
            owner_id=file.owner.id,
            retention_class=file.retention_class,
            added_at=at,
            added_by=by.name,
        )
        for each, file in zip(checked, files, strict=True)
    )
    leave_traces(
        by,
        "documents.kept",
        [
            (file.owner, {"document": str(document.id), "sha256": each.sha256, "size": each.size})
            for document, each, file in zip(documents, checked, files, strict=True)
        ],
        at=at,
    )
    return [view_of(document) for document in documents]


def _contents(files: Mapping[str, tuple[CheckedFile, bytes, ScanState]], at: datetime) -> dict[str, Content]:
    """The kept bytes by hash, each once."""
    # Somebody may be dropping the last document with these bytes at this moment: the lock waits for that to
    # end, and the bytes are then entered anew. In the order of the hashes, so that no two writers wait for
    # each other.
    kept: dict[str, Content] = {}
    while missing := sorted(files.keys() - kept.keys()):
        Content.objects.bulk_create(
            [_content(*files[sha256], at) for sha256 in missing],
            ignore_conflicts=True,
            batch_size=BATCH,
        )
        rows = Content.objects.select_for_update().defer("body").filter(sha256__in=missing)
        kept |= {row.sha256: row for row in rows.order_by("sha256")}
    for row in kept.values():
        _, body, state = files[row.sha256]
        if state == ScanState.CLEAN and row.scan not in MAY_BE_OPENED:
            # The same bytes were held before, and a scanner has found them clean now.
            row.scan, row.scanned_at, row.found, row.body = state, at, "", body
            row.save(update_fields=["scan", "scanned_at", "found", "body"])
    return kept


def _content(each: CheckedFile, body: bytes, state: ScanState, at: datetime) -> Content:
    return Content(
        sha256=each.sha256,
        size=each.size,
        media_type=each.media_type,
        body=body,
        scan=state,
        scanned_at=at if state == ScanState.CLEAN else None,
        cautions=list(each.cautions),
    )


def hand_over(*, from_owner: Subject, to_owner: Subject, only: Collection[str] | None = None) -> int:
    """Move every file of one record to another, or `only` these; says how many were moved."""
    rows = Document.objects.filter(owner_kind=from_owner.kind, owner_id=from_owner.id)
    chosen = rows if only is None else rows.filter(pk__in=list(only))
    return chosen.update(owner_kind=to_owner.kind, owner_id=to_owner.id)


@transaction.atomic
def drop_file(*, document_id: UUID | str, owner: Subject, by: Actor, at: datetime) -> None:
    """Take a file away from a record; the bytes go with the last document that holds them."""
    document = owned_document(document_id, owner)
    content = Content.objects.select_for_update().defer("body").get(pk=document.content_id)
    document.delete()
    if not content.documents.exists():
        content.delete()
    leave_trace(by, "documents.dropped", owner, at=at, note={"document": str(document_id)})


@transaction.atomic
def forget_files(*, document_ids: Collection[UUID]) -> int:
    """Take files away whose records are disposed of, and the bytes nobody else holds; says how many.

    The record of the disposal is the caller's: no trace names a file that is gone.
    """
    documents = Document.objects.filter(pk__in=list(document_ids))
    hashes = sorted(set(documents.values_list("content__sha256", flat=True)))
    contents = Content.objects.select_for_update().defer("body").filter(sha256__in=hashes).order_by("sha256")
    keys = [content.pk for content in contents]
    count, _ = documents.delete()
    Content.objects.filter(pk__in=keys).exclude(pk__in=Document.objects.values("content_id")).delete()
    return count
