"""束: a batch that came back is submitted again under its number; what takes another one's place says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from madoguchi.clerical.decisions.queries import draft_of
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.subsidies.models import Batch, BatchItem
from madoguchi.services.subsidies.states import BatchKind, BatchState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "subsidies.batch"
CAME_BACK = (DraftState.RETURNED, DraftState.TAKEN_BACK)
"""A draft that goes on under its number; one that was rejected or discarded is at its end."""


def subject_of(batch: Batch) -> Subject:
    return Subject(KIND, str(batch.pk))


def batch_for(
    kind: BatchKind,
    application_ids: Collection[int],
    *,
    section_id: int,
    by: Staff,
    at: datetime,
    procedure: str = "",
    appropriation_id: int | None = None,
) -> Batch:
    """The newest batch that came back with one of these cases, emptied for what is asked now; else a new one."""
    returned = Batch.objects.select_for_update().filter(
        kind=kind,
        procedure=procedure,
        section_id=section_id,
        state=BatchState.TAKEN_BACK,
        items__application_id__in=application_ids,
    )
    keys = sorted(set(returned.values_list("pk", flat=True).order_by()), reverse=True)
    batch = next((each for each in map(_locked, keys) if _goes_on(each)), None)
    if batch is None:
        return Batch.objects.create(
            kind=kind,
            procedure=procedure,
            section_id=section_id,
            appropriation_id=appropriation_id,
            drafted_by=by,
            drafted_at=at,
        )
    BatchItem.objects.filter(batch=batch).delete()
    batch.state, batch.appropriation_id = BatchState.SUBMITTED, appropriation_id
    batch.drafted_by, batch.drafted_at = by, at
    batch.save(update_fields=["state", "appropriation", "drafted_by", "drafted_at"])
    return batch


def _locked(key: int) -> Batch:
    return Batch.objects.select_for_update(of=("self",)).get(pk=key)


def _goes_on(batch: Batch) -> bool:
    draft = draft_of(subject_of(batch))
    return draft is not None and draft.state in CAME_BACK


def replaced_by(batch: Batch, application_ids: Collection[int]) -> list[str]:
    """The numbers of the drafts at their end, or still sent back, in whose place this batch asks for these cases."""
    rows = Batch.objects.filter(
        kind=batch.kind, state=BatchState.TAKEN_BACK, items__application_id__in=application_ids
    )
    drafts = (draft_of(subject_of(each)) for each in rows.exclude(pk=batch.pk).distinct().order_by("pk"))
    return [draft.number for draft in drafts if draft is not None]
