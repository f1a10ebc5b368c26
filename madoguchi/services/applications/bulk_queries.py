"""What screens and workers ask about bulks: how one went, whether it can be taken back, what it would do."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from madoguchi.services.applications.accepting import would_be_accepted
from madoguchi.services.applications.bulk import MOST, MOST_PRINTED, Chosen, rows_of, why_not_undone
from madoguchi.services.applications.models import Application, Bulk, BulkItem, MadeFile
from madoguchi.services.applications.people import seen_by
from madoguchi.services.applications.states import OPEN, BulkVerb, ItemState, Stage, may_move

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

JUDGED = 2000
"""Cases judged one by one before a bulk; of more, stages and marks are counted and the rest shows when it runs."""
SHOWN = 500


@dataclass(frozen=True)
class BulkView:
    """A bulk as its page shows it. `why_not_undone` is empty when the asking person may take it back now."""

    verb: BulkVerb
    login: str
    undo_of: uuid.UUID | None
    why_not_undone: str
    has_file: bool


@dataclass(frozen=True)
class Preview:
    """What a bulk would do: how many were chosen and can be done, and why the others cannot."""

    total: int
    refused: tuple[tuple[str, int], ...]
    judged: bool
    too_many: bool
    most: int

    @property
    def ready(self) -> int:
        return self.total - sum(count for _, count in self.refused)


def bulk_of(bulk_id: uuid.UUID, staff: "Staff | None" = None, at: datetime | None = None) -> BulkView | None:
    """One bulk, told for a person at a moment."""
    bulk = Bulk.objects.select_related("asked_by").filter(pk=bulk_id).first()
    if bulk is None:
        return None
    reason = why_not_undone(bulk, staff, at) if staff is not None and at is not None else ""
    made = MadeFile.objects.filter(pk=bulk_id).exists()
    return BulkView(BulkVerb(bulk.verb), bulk.asked_by.login, bulk.undo_of_id, reason, made)


def has_file(file_id: uuid.UUID) -> bool:
    return MadeFile.objects.filter(pk=file_id).exists()


def failures_of(bulk_id: uuid.UUID) -> list[tuple[str, str]]:
    """Number and reason of what could not be done, in the order of the bulk."""
    failed = BulkItem.objects.filter(bulk=bulk_id, state=ItemState.FAILED).order_by("position")
    return list(failed.values_list("application__number", "reason")[:SHOWN])


def preview(*, verb: BulkVerb, chosen: Chosen, by: "Staff", at: datetime) -> Preview:
    """What a bulk with these would do now; nothing is changed."""
    most = MOST_PRINTED if verb == BulkVerb.PRINT else MOST
    ids = list(rows_of(chosen, seen_by(by, at))[: most + 1])
    counted = _refused(verb, ids, at)
    return Preview(
        min(len(ids), most),
        tuple(counted.most_common()),
        verb != BulkVerb.ACCEPT or len(ids) <= JUDGED,
        len(ids) > most,
        most,
    )


def _refused(verb: BulkVerb, ids: list[int], at: datetime) -> Counter[str]:
    counted: Counter[str] = Counter()
    if verb == BulkVerb.PRINT:
        return counted
    taken = set(
        BulkItem.objects.filter(application__in=ids, state=ItemState.WAITING, holds=True).values_list(
            "application", flat=True
        )
    )
    if taken:
        counted["ほかの一括処理が先に扱っています。"] = len(taken)
    rows = Application.objects.filter(pk__in=[pk for pk in ids if pk not in taken])
    judged = _judged if verb == BulkVerb.ACCEPT and len(ids) <= JUDGED else _by_stage
    return counted + judged(verb, rows, at)


def _judged(verb: BulkVerb, rows: Any, at: datetime) -> Counter[str]:  # noqa: ARG001
    numbers = list(rows.values_list("number", flat=True))
    already = rows.filter(stage=Stage.ACCEPTED).count()
    told = Counter(would_be_accepted(numbers, at).values())
    return told + Counter({"もう受理しています。": already} if already else {})


def _by_stage(verb: BulkVerb, rows: Any, at: datetime) -> Counter[str]:  # noqa: ARG001
    counted: Counter[str] = Counter()
    for stage, marks in rows.values_list("stage", "checks_to_look_at"):
        if reason := _why_not(verb, Stage(stage), marks):
            counted[reason] += 1
    return counted


def _why_not(verb: BulkVerb, stage: Stage, marks: int) -> str:
    if verb == BulkVerb.ASSIGN:
        return "" if stage in OPEN else f"もう{stage.label}です。"
    to = Stage.CORRECTING if verb == BulkVerb.CORRECT else Stage.ACCEPTED
    if not may_move(stage, to):
        return f"いま{stage.label}なので、{verb.label}ことはできません。"
    return "自動チェックの印を確かめていません。" if verb == BulkVerb.ACCEPT and marks else ""
