"""A decided list is worked off chunk by chunk, each chunk whole or not at all. Part of actions.py."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.actions import forget_drafts
from madoguchi.clerical.records.ends import FileFacts, kind_of_list, reasons_to_keep
from madoguchi.clerical.records.facts import facts_of
from madoguchi.clerical.records.models import (
    CaseFile,
    CopyPart,
    DisposalItem,
    DisposalList,
    EndedDraft,
    FileCopy,
    FiledDraft,
    FileEnd,
    LegalHold,
)
from madoguchi.clerical.records.queues import queue_chunk
from madoguchi.clerical.records.rules import require_file_move, require_list_move
from madoguchi.clerical.records.states import CopyState, FileState, ItemState, ListKind, ListState
from madoguchi.clerical.records.tracing import trace_file, trace_list
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM

CHUNK = 10
"""Files a transaction: one may hold some hundred drafts."""


@full_sight()
@transaction.atomic
def dispose_chunk(*, list_id: uuid.UUID, at: datetime) -> int:
    """Dispose of, or hand over, the next files of a decided list; says how many rows of the list were settled.

    Run again after a crash it goes on where the last whole chunk ended. A file that may no longer go is left out
    with its reason and is a closed file again.
    """
    row = DisposalList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if row is None or row.state != ListState.RUNNING or (row.job and jobs.is_stopped(row.job)):
        return 0
    items = list(row.items.filter(state=ItemState.WAITING).order_by("pk")[:CHUNK])
    files = CaseFile.objects.select_for_update().filter(pk__in=[item.file_id for item in items])
    by_key = {file.pk: file for file in files.order_by("pk")}
    facts = facts_of(by_key.values())
    for item in items:
        file = by_key[item.file_id]
        item.reason = _why_not(facts[file.pk], row, at)
        item.state = ItemState.LEFT_OUT if item.reason else ItemState.DONE
        _end(file, row, at) if not item.reason else _leave_out(file, item.reason, at)
    DisposalItem.objects.bulk_update(items, ["state", "reason"])
    _account_for(row, items, at)
    return len(items)


def _why_not(facts: FileFacts, row: DisposalList, at: datetime) -> str:
    """What has come between since the list was made; empty when nothing has."""
    reasons = reasons_to_keep(facts, localdate(at), FileState.LISTED)
    if not reasons and kind_of_list(facts) != row.kind:
        reasons = ("満了後の扱いが変わりました。",)
    return "".join(reasons)[:300]


def _leave_out(file: CaseFile, reason: str, at: datetime) -> None:
    if file.state == FileState.LISTED:
        file.state = FileState.CLOSED
        file.version += 1
        file.save(update_fields=["state", "version"])
    trace_file(SYSTEM, "file_left_out", file, at, reason=reason)


def _end(file: CaseFile, row: DisposalList, at: datetime) -> None:
    to = FileState.TRANSFERRED if row.kind == ListKind.TRANSFER else FileState.DISPOSED
    require_file_move(FileState(file.state), to)
    assert file.closed_at is not None
    copy = FileCopy.objects.filter(file=file, state=CopyState.READY, whole=True).order_by("-made_at").first()
    end = FileEnd.objects.create(
        file=file,
        list=row,
        treatment=to,
        fiscal_year=file.fiscal_year,
        class_code=file.class_code,
        title=file.title,
        retention=file.retention,
        closed_on=localdate(file.closed_at),
        ends_on=file.ends_on,
        approval=row.draft.number if row.draft else "",
        manifest_sha256=copy.manifest_sha256 if copy and to == FileState.TRANSFERRED else "",
        ended_at=at,
    )
    if to == FileState.DISPOSED:
        _forget(file, end)
    file.state = to
    file.version += 1
    file.save(update_fields=["state", "version"])
    trace_file(SYSTEM, f"file_{to.value}", file, at, list=str(row.pk), approval=end.approval)


def _forget(file: CaseFile, end: FileEnd) -> None:
    """Everything that was written in the file goes; number, days and hashes of each draft stay."""
    completed = dict(FiledDraft.objects.filter(file=file).values_list("draft_id", "completed_on"))
    EndedDraft.objects.bulk_create(
        EndedDraft(
            end=end,
            draft_id=kept.draft_id,
            number=kept.number,
            drafted_on=kept.drafted_on,
            settled_on=kept.settled_on,
            completed_on=completed[kept.draft_id],
            content_sha256=kept.content_sha256,
            hashes=kept.hashes,
        )
        for kept in forget_drafts(draft_ids=completed, by=SYSTEM, at=end.ended_at)
    )
    CopyPart.objects.filter(copy__file=file).delete()
    LegalHold.objects.filter(file=file).delete()


def _account_for(row: DisposalList, items: Sequence[DisposalItem], at: datetime) -> None:
    if row.job and items:
        failures = [f"{item.file.title}: {item.reason}" for item in items if item.reason]
        jobs.advance(row.job, done=len(items), failures=failures)
    if row.items.filter(state=ItemState.WAITING).exists():
        queue_chunk(row.municipality_id, row.pk)
        return
    done = row.items.filter(state=ItemState.DONE).count()
    require_list_move(ListState(row.state), ListState.DONE)
    row.state, row.finished_at = ListState.DONE, at
    row.save(update_fields=["state", "finished_at"])
    told = {"done": done, "left_out": row.total - done}
    if row.job:
        jobs.finish(row.job, at=at, result=told)
    trace_list(SYSTEM, "list_done", row, at, **told)
