"""Taking the hash of a draft as it stands, and keeping what it was taken of. Part of actions.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from madoguchi.clerical.decisions.content import content_of, content_sha256
from madoguchi.clerical.decisions.errors import WrongState
from madoguchi.clerical.decisions.models import Attachment, Draft, Edition, PaperMaterial
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.documents.actions import FileToKeep, keep_files
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

File = tuple[str, bytes]
"""Name and bytes."""


def seal(draft: Draft, at: datetime) -> str:
    """The hash of everything on the draft now; what it was taken of is kept beside it."""
    attachments = Attachment.objects.filter(draft=draft).order_by("place").values("place", "name", "sha256")
    papers = PaperMaterial.objects.filter(draft=draft).order_by("place").values("what", "kept_at", "sheets")
    content = content_of(draft, attachments, papers)
    draft.content_sha256 = content_sha256(content)
    Edition.objects.get_or_create(
        draft=draft, sha256=draft.content_sha256, defaults={"content": content, "made_at": at}
    )
    return draft.content_sha256


@transaction.atomic
def attach(*, draft_id: int, files: Sequence[File], by: Staff, at: datetime) -> list[UUID]:
    """Add files to a draft, while it waits or after its decision. What is there is never replaced or removed.

    Who approves next sees and covers them; who approved before is on record with the hash without them.
    Refused: NotFound for whoever does not see the draft, WrongState for a rejected, discarded or shown one, and as
    keep_file refuses.
    """
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or not may_see(by, draft, at):
        raise NotFound("起案")
    if draft.state in {DraftState.REJECTED, DraftState.DISCARDED, DraftState.SHOWN}:
        raise WrongState(
            f"この起案は「{DraftState(draft.state).label}」のため、添付を足せません。",
            next_step="新しい起案で引用し、そこに添付してください。",
        )
    kept = add_files(draft, files, by, at)
    seal(draft, at)
    draft.version += 1
    draft.save(update_fields=["content_sha256", "version"])
    note = {"number": draft.number, "files": len(kept), "sha256": draft.content_sha256}
    leave_trace(
        actor_of(by), "decisions.attached", Subject("decisions.draft", str(draft.pk)), at=at, note=note
    )
    return kept


def add_files(draft: Draft, files: Sequence[File], by: Staff, at: datetime) -> list[UUID]:
    """Keep files and enter them behind those already there. Inside a transaction."""
    owner = Subject("decisions.draft", str(draft.pk))
    kept = keep_files(
        [FileToKeep(name, body, owner) for name, body in files],
        by=actor_of(by),
        at=at,
    )
    first = Attachment.objects.filter(draft=draft).count() + 1
    Attachment.objects.bulk_create(
        Attachment(
            draft=draft,
            place=place,
            document_id=document.id,
            name=document.name,
            sha256=document.sha256,
            added_by=by,
            added_at=at,
        )
        for place, document in enumerate(kept, first)
    )
    return [document.id for document in kept]
