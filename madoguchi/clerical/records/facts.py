"""What the rules must know of files: asked for many at once, everybody counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils.timezone import localdate

from madoguchi.clerical.decisions.settled import unsettled_among
from madoguchi.clerical.records.classing import classes_in_force
from madoguchi.clerical.records.closing import end_of, told_clock
from madoguchi.clerical.records.ends import FileFacts, Held
from madoguchi.clerical.records.models import CaseFile, FileCopy, FiledDraft, LegalHold
from madoguchi.clerical.records.states import Appraisal, CopyState, FileState, HoldGround
from madoguchi.ledgers.office.session import full_sight


@full_sight()
def facts_of(files: Collection[CaseFile]) -> dict[int, FileFacts]:
    """The facts of these files by key. The clock is taken anew from the documents, not from what was written down."""
    keys = [file.pk for file in files]
    filed: dict[int, list[tuple[int, date, str]]] = defaultdict(list)
    rows = FiledDraft.objects.filter(file__in=keys).values_list(
        "file_id", "draft_id", "completed_on", "retention"
    )
    for file_id, draft_id, completed_on, retention in rows:
        filed[file_id].append((draft_id, completed_on, retention))
    unsettled = unsettled_among([draft_id for each in filed.values() for draft_id, _, _ in each])
    holds, copied, known = _holds(keys), _copied(files), classes_in_force()
    return {
        file.pk: FileFacts(
            FileState(file.state),
            end_of(file),
            told_clock(
                file,
                known.get(file.class_code),
                [(day, term) for _, day, term in filed[file.pk]],
                localdate(file.closed_at),
            )
            if file.closed_at
            else None,
            Appraisal(file.appraisal),
            tuple(holds[file.pk]),
            len(unsettled & {draft_id for draft_id, _, _ in filed[file.pk]}),
            file.pk in copied,
        )
        for file in files
    }


def _holds(keys: Collection[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    rows = LegalHold.objects.filter(file__in=keys, released_at__isnull=True).order_by("pk")
    for file_id, ground, until in rows.values_list("file_id", "ground", "until"):
        found[file_id].append(Held(HoldGround(ground).label, until))
    return found


def _copied(files: Collection[CaseFile]) -> set[int]:
    closed = {file.pk: file.closed_at for file in files}
    rows = FileCopy.objects.filter(file__in=list(closed), state=CopyState.READY, whole=True)
    made = rows.values_list("file_id", "ordered_at")
    return {key for key, at in made if (since := closed[key]) is not None and at >= since}
