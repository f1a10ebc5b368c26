"""写し: a file with its evidence as a ZIP, made by the worker for whoever ordered it. Part of actions.py."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate, localtime

from madoguchi.clerical.decisions.evidence import SUBJECT, evidence_of
from madoguchi.clerical.records.copy_contents import Attached, Copy, add_draft
from madoguchi.clerical.records.errors import PurposeMissing, WrongFileState
from madoguchi.clerical.records.models import CaseFile, CopyPart, FileCopy, FiledDraft
from madoguchi.clerical.records.queues import queue_copy
from madoguchi.clerical.records.sight import files_read
from madoguchi.clerical.records.states import CopyState, FileState
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KEPT_DAYS = 3
PART = 4 * 1024 * 1024
COPY = "records.copy"


@transaction.atomic
def order_copy(
    *, file_id: int, purpose: str, by: Staff, at: datetime, copy_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Order a copy of a file this person may read; its key is the key of its job. A second press is the same order.

    Refused: NotFound, PurposeMissing, WrongFileState for one that was disposed of.
    """
    file = files_read(by, at).filter(pk=file_id).first()
    if file is None:
        raise NotFound("簿冊")
    said = " ".join(purpose.split())[:200]
    if not said:
        raise PurposeMissing
    if file.state == FileState.DISPOSED:
        raise WrongFileState(FileState(file.state), "書き出す")
    key = copy_id or uuid.uuid4()
    if FileCopy.objects.filter(pk=key).exists():
        return key
    total = FiledDraft.objects.filter(file=file).count()
    FileCopy.objects.create(
        id=key,
        file=file,
        ordered_by=by,
        ordered_at=at,
        purpose=said,
        expires_at=at + timedelta(days=KEPT_DAYS),
    )
    title = f"簿冊「{file.title}」の写し"
    jobs.start(kind=COPY, title=title, total=max(1, total), by=by, at=at, job_id=key)
    trace_file(actor_of(by), "copy_ordered", file, at, purpose=said, copy=str(key))
    queue_copy(file.municipality_id, key)
    return key


def make_copy(*, copy_id: uuid.UUID, at: datetime) -> None:
    """Make an ordered copy and keep it; made already, stopped or expired, nothing happens.

    A worker that is killed leaves the order as it was; the next one begins anew.
    """
    order = FileCopy.objects.select_related("ordered_by", "file").filter(pk=copy_id).first()
    if order is None or order.state != CopyState.ORDERED or jobs.is_stopped(copy_id):
        return
    try:
        with sight_of(order.ordered_by, at), tempfile.TemporaryFile() as out:
            _fill(order, out, at)
    except Refusal as refusal:
        FileCopy.objects.filter(pk=copy_id).update(state=CopyState.FAILED)
        jobs.advance(copy_id, done=0, failures=[str(refusal)])
        jobs.finish(copy_id, at=at, failed=True)


def sight_of(staff: Staff, at: datetime) -> AbstractContextManager[None]:
    """The worker sees what the person who ordered the copy may see."""
    sees_all = Power.SEE_PROTECTED in powers_of(staff, localdate(at))
    return full_sight() if sees_all else nullcontext()


def _fill(order: FileCopy, out: IO[bytes], at: datetime) -> None:
    by, file = order.ordered_by, order.file
    if not files_read(by, at).filter(pk=file.pk).exists():
        raise NotFound("簿冊")
    copy = Copy(out, localtime(order.ordered_at))
    rows = FiledDraft.objects.filter(file=file).order_by("completed_on", "pk")
    drafts = list(rows.values_list("draft_id", "completed_on", "retention"))
    for place, (draft_id, *_) in enumerate(drafts, 1):
        _add(copy, place, draft_id, order, at)
        jobs.advance(order.pk, done=1)
    with full_sight():
        whole = FiledDraft.objects.filter(file=file).count() == len(drafts)
    sha256 = copy.finish(_about(file, order, drafts))
    _keep(order, out, sha256, whole, [draft_id for draft_id, *_ in drafts], at)


def _add(copy: Copy, place: int, draft_id: int, order: FileCopy, at: datetime) -> None:
    evidence = evidence_of(draft_id)
    if evidence is None:
        raise NotFound("起案")
    files = _attachments(evidence, draft_id, order, at)
    add_draft(copy, place, evidence, files, seconds=int(order.ordered_at.timestamp()))


def _attachments(
    evidence: dict[str, Any], draft_id: int, order: FileCopy, at: datetime
) -> Iterator[Attached]:
    """One at a time, so that no more than one file is in memory. One held for its virus check says so."""
    owner, by = Subject(SUBJECT, str(draft_id)), actor_of(order.ordered_by)
    for row in evidence["attachments"]:
        try:
            opened = open_document(row["document_id"], owner=owner, by=by, at=at, purpose=order.purpose)
        except Refusal as refusal:
            yield Attached(row["place"], row["name"], None, refusal.sentence)
            continue
        yield Attached(row["place"], row["name"], opened.body)


def _about(file: CaseFile, order: FileCopy, drafts: list[Any]) -> dict[str, Any]:
    return {
        "file": {
            "title": file.title,
            "class_code": file.class_code,
            "class_name": file.class_name,
            "fiscal_year": file.fiscal_year,
            "state": file.state,
            "retention": file.retention,
            "closed_at": localtime(file.closed_at).isoformat() if file.closed_at else None,
            "counts_from": str(file.counts_from) if file.counts_from else None,
            "ends_on": str(file.ends_on) if file.ends_on else None,
        },
        "drafts": len(drafts),
        "made_for": order.ordered_by.name,
        "purpose": order.purpose,
        "ordered_at": localtime(order.ordered_at).isoformat(),
    }


@transaction.atomic
def _keep(order: FileCopy, out: IO[bytes], sha256: str, whole: bool, drafts: list[int], at: datetime) -> None:
    size = out.tell()
    out.seek(0)
    place = 0
    while body := out.read(PART):
        place += 1
        CopyPart.objects.create(copy=order, place=place, body=body)
    order.state, order.manifest_sha256, order.made_at = CopyState.READY, sha256, at
    order.size, order.drafts, order.whole = size, len(drafts), whole
    order.save()
    told = {"copy": str(order.pk), "manifest": sha256, "drafts": len(drafts), "bytes": size}
    by = actor_of(order.ordered_by)
    trace_file(by, "copied", order.file, at, purpose=order.purpose, **told)
    subjects = [(Subject(SUBJECT, str(key)), {"file": order.file_id, "manifest": sha256}) for key in drafts]
    if subjects:
        leave_traces(by, "records.draft_copied", subjects, at=at, purpose=order.purpose)
    jobs.finish(order.pk, at=at, result={"manifest": sha256})


@transaction.atomic
def fetch_copy(*, copy_id: uuid.UUID, by: Staff, at: datetime, out: IO[bytes]) -> FileCopy:
    """Write a copy one has ordered into `out`, with a trace. NotFound for others, and after its time."""
    row = FileCopy.objects.select_related("file").filter(pk=copy_id, ordered_by=by, expires_at__gt=at).first()
    if row is None or row.state != CopyState.READY or not files_read(by, at).filter(pk=row.file_id).exists():
        raise NotFound("写し")
    for key in list(CopyPart.objects.filter(copy=row).order_by("place").values_list("pk", flat=True)):
        out.write(bytes(CopyPart.objects.get(pk=key).body))
    out.seek(0)
    trace_file(actor_of(by), "copy_fetched", row.file, at, purpose=row.purpose, manifest=row.manifest_sha256)
    return row


@transaction.atomic
def drop_expired_copies(*, at: datetime) -> int:
    """Forget the bytes of copies whose time is over; that they were made, and their hash, stay."""
    expired = FileCopy.objects.filter(expires_at__lte=at)
    return CopyPart.objects.filter(copy__in=expired.values("pk")).delete()[0]
