"""目録: a list for disposal or transfer, its 決裁, and what follows from it. Part of actions.py."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localdate

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.actions import submit_draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.clerical.records.classing import classes_in_force
from madoguchi.clerical.records.ends import kind_of_list, list_sha256, reasons_to_keep
from madoguchi.clerical.records.errors import NothingToList, NotToBeListed, SecondPerson, WrongListState
from madoguchi.clerical.records.facts import facts_of
from madoguchi.clerical.records.list_sheet import list_pdf
from madoguchi.clerical.records.models import CaseFile, DisposalItem, DisposalList
from madoguchi.clerical.records.queues import queue_chunk
from madoguchi.clerical.records.rules import require_list_move
from madoguchi.clerical.records.sight import require_work
from madoguchi.clerical.records.states import MATTERS, FileState, ItemState, ListKind, ListState
from madoguchi.clerical.records.tracing import LIST, trace_list
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import sections_of, staff_by_id
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MOST = 1000
OWN_CLASS = "A-03-02"
"""廃棄・移管の決裁: the class under which the decision on a list is filed itself."""


@full_sight()
@transaction.atomic
def prepare_list(*, kind: ListKind, file_ids: Collection[int], by: Staff, at: datetime) -> uuid.UUID:
    """Make a list of files of one's own sections; it stays as it is until it is decided.

    Refused: NotAllowed, NothingToList, NotToBeListed with the reasons for the first file that may not go.
    """
    require_work(by, Power.RUN_RETENTION, by.section_id, "目録", at)
    on = localdate(at)
    own = CaseFile.objects.select_for_update().filter(section_id__in=sections_of(by, on))
    files = list(own.filter(pk__in=list(file_ids)[:MOST]).order_by("fiscal_year", "class_code", "pk"))
    if not files:
        raise NothingToList
    facts = facts_of(files)
    for file in files:
        reasons = reasons_to_keep(facts[file.pk], on)
        if kind_of_list(facts[file.pk]) != kind:
            reasons = (*reasons, f"「{kind.label}」の目録に載せる簿冊ではありません。")
        if reasons:
            raise NotToBeListed(file.title, reasons)
    row = DisposalList.objects.create(
        section_id=by.section_id,
        kind=kind,
        title=f"保存年限の満了した簿冊{len(files)}冊の{kind.label}"[:120],
        listed_on=on,
        total=len(files),
        list_sha256=list_sha256((file.pk, file.title, count) for file, count in _counted(files)),
        prepared_by=by,
        prepared_at=at,
    )
    DisposalItem.objects.bulk_create(DisposalItem(list=row, file=file) for file in files)
    _move(files, FileState.LISTED)
    trace_list(actor_of(by), "list_made", row, at)
    return row.pk


def _counted(files: Sequence[CaseFile]) -> list[tuple[CaseFile, int]]:
    rows = CaseFile.objects.filter(pk__in=[file.pk for file in files]).annotate(count=Count("filed"))
    counts = dict(rows.values_list("pk", "count"))
    return [(file, counts[file.pk]) for file in files]


def _move(files: Sequence[CaseFile], to: FileState) -> None:
    for file in files:
        file.state = to
        file.version += 1
    CaseFile.objects.bulk_update(files, ["state", "version"])


@full_sight()
@transaction.atomic
def submit_list(*, list_id: uuid.UUID, by: Staff, at: datetime, approver: Staff | None = None) -> int:
    """Lay the list before those who decide it, by the town's table or a named approver; the id of the draft.

    Refused: WrongListState, and as submit_draft refuses.
    """
    row = _theirs(list_id, by, at)
    require_list_move(ListState(row.state), ListState.SUBMITTED)
    kind = ListKind(row.kind)
    if kind not in MATTERS:
        raise WrongListState(ListState(row.state), "決裁の要らない目録を起案する")
    files = [item.file for item in row.items.select_related("file").order_by("pk")]
    own = classes_in_force().get(OWN_CLASS)
    sheet = (
        []
        if row.draft_id
        else [("目録.pdf", list_pdf(row.title, _counted(files), seconds=int(at.timestamp())))]
    )
    row.draft_id = submit_draft(
        section_id=row.section_id,
        approver=approver,
        subject=Subject(LIST, str(row.pk)),
        content_sha256=row.list_sha256,
        terms=Terms(
            kind=MATTERS[kind],
            class_code=own.code if own else "",
            retention=str(own.term) if own else "",
        ),
        files=sheet,
        by=by,
        at=at,
        **_words(row, _counted(files)),
    )
    row.state = ListState.SUBMITTED
    row.save(update_fields=["draft", "state"])
    trace_list(actor_of(by), "list_submitted", row, at, draft=row.draft_id)
    return row.draft_id


def _words(row: DisposalList, files: Sequence[tuple[CaseFile, int]]) -> dict[str, Any]:
    verb = "移管" if row.kind == ListKind.TRANSFER else "廃棄"
    documents = sum(count for _, count in files)
    lines = [
        f"{file.fiscal_year}年度 {file.class_code} {file.title}　{count}件　{file.retention}"
        f"（{file.ends_on or '満了なし'}）"
        for file, count in files
    ]
    said = [
        f"保存年限の満了した簿冊{row.total}冊を、次の目録のとおり{verb}してよろしいか伺います。",
        f"目録は{row.listed_on}現在です。",
        "処理の前にもう一度確かめ、その間に廃棄停止などの差し支えが生じた簿冊は外して、理由を残します。",
        f"{verb}した簿冊の名前・年度・分類・日・決裁の番号は、永年の記録に残ります。",
    ]
    return {
        "title": f"{row.title}について"[:120],
        "body": "\n".join([*said, *lines]),
        "figures": [
            {"label": f"{verb}する簿冊", "value": row.total, "unit": "冊"},
            {"label": "中の文書", "value": documents, "unit": "件"},
        ],
        "item_count": row.total,
    }


@transaction.atomic
def begin_list(*, list_id: uuid.UUID, by: Staff, at: datetime) -> None:
    """Work off a list whose class demands no decision; somebody else than whoever made it says so (two people).

    Refused: WrongListState for a list that needs a decision, SecondPerson.
    """
    row = _theirs(list_id, by, at)
    if row.kind in MATTERS:
        raise WrongListState(ListState(row.state), "決裁なしで処理する")
    if row.prepared_by_id == by.pk:
        raise SecondPerson
    _begin(row, actor_of(by), at)


@transaction.atomic
def go_on_with_list(*, list_id: uuid.UUID, by: Staff, at: datetime) -> None:
    """続ける: a list whose work was stopped goes on where its last whole chunk ended, as another job.

    Refused: NotFound, NotAllowed, WrongListState unless it was begun and stopped.
    """
    row = _theirs(list_id, by, at)
    if row.state != ListState.RUNNING or row.job is None or not jobs.is_stopped(row.job):
        raise WrongListState(ListState(row.state), "続ける")
    left = row.items.filter(state=ItemState.WAITING).count()
    row.job = jobs.start(kind=LIST, title=row.title, total=left, by=by, at=at)
    row.save(update_fields=["job"])
    trace_list(actor_of(by), "list_gone_on", row, at, left=left)
    queue_chunk(row.municipality_id, row.pk)


@full_sight()
@transaction.atomic
def drop_list(*, list_id: uuid.UUID, by: Staff, at: datetime) -> None:
    """Throw a list away that is not under way; its files are closed files again. Refused: WrongListState."""
    row = _theirs(list_id, by, at)
    if row.state != ListState.PREPARED:
        raise WrongListState(ListState(row.state), "取りやめる")
    _drop(row, actor_of(by), at)


def _drop(row: DisposalList, by: Actor, at: datetime) -> None:
    require_list_move(ListState(row.state), ListState.DROPPED)
    files = CaseFile.objects.select_for_update().filter(
        pk__in=row.items.values("file_id"), state=FileState.LISTED
    )
    _move(list(files), FileState.CLOSED)
    row.state, row.finished_at = ListState.DROPPED, at
    row.save(update_fields=["state", "finished_at"])
    trace_list(by, "list_dropped", row, at)


@bells.settled.answer
@full_sight()
@transaction.atomic
def answer_list_settled(settled: bells.Settled) -> None:
    """An approved list is worked off; one sent back may be submitted again; a rejected one is at an end."""
    if settled.subject.kind != LIST:
        return
    row = _locked(uuid.UUID(settled.subject.id))
    if settled.state == DraftState.APPROVED:
        _begin(row, settled.by, settled.at)
    elif settled.state == DraftState.REJECTED:
        _drop(row, settled.by, settled.at)
    else:
        require_list_move(ListState(row.state), ListState.PREPARED)
        row.state = ListState.PREPARED
        row.save(update_fields=["state"])
        trace_list(settled.by, "list_returned", row, settled.at)


def _begin(row: DisposalList, by: Actor, at: datetime) -> None:
    require_list_move(ListState(row.state), ListState.RUNNING)
    row.job = jobs.start(kind=LIST, title=row.title, total=row.total, by=staff_by_id(by.id), at=at)
    row.state = ListState.RUNNING
    row.save(update_fields=["job", "state"])
    trace_list(by, "list_begun", row, at)
    queue_chunk(row.municipality_id, row.pk)


def _theirs(list_id: uuid.UUID, by: Staff, at: datetime) -> DisposalList:
    """A list of one's own section; another section's is NotFound."""
    row = _locked(list_id)
    require_work(by, Power.RUN_RETENTION, row.section_id, "目録", at)
    return row


def _locked(list_id: uuid.UUID) -> DisposalList:
    row = DisposalList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if row is None:
        raise NotFound("目録")
    return row
