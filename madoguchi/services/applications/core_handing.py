"""基幹連携, after the file: handed over, answered by the core system, taken back, refused rows put right."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications.core_due import Target, target_of
from madoguchi.services.applications.core_errors import AnswerUnreadable, ExportMoved, WhyMissing
from madoguchi.services.applications.core_rows import Answered, read_answer
from madoguchi.services.applications.models import CoreExport, CoreExportRow
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.people import require
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import CORE_NEXT, CoreKind, CoreResult, CoreState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

FILE_KIND = "applications.core_export"


@dataclass(frozen=True)
class Fetched:
    """A file as it was made, byte for byte."""

    name: str
    body: bytes


@dataclass(frozen=True)
class AnswerTaken:
    """What a result file said: rows taken in and refused; numbers that are not in the file; rows told before."""

    accepted: int
    rejected: int
    unknown: tuple[str, ...]
    before: int


@transaction.atomic
def fetch_core_file(*, export_id: uuid.UUID, reason: str = "", by: "Staff", at: datetime) -> Fetched:
    """The bytes of a file. The first time hands it over; again it needs a reason, and the bytes are the same."""
    export, found = _taken(export_id, by, at)
    again = export.handed_over_at is not None
    if again and not spoken(reason, 200):
        raise WhyMissing("前のファイルをもう一度受け取る")
    body = bytes(export.body)
    if sha256(body).hexdigest() != export.sha256:
        raise ExportMoved("受け取る", "中身が作成時と違う")
    if not again and export.state == CoreState.PREPARED:
        _move(export, CoreState.HANDED_OVER, "渡す")
        export.handed_over_at = at
        export.save(update_fields=["state", "handed_over_at"])
    verb = "applications.core_fetched_again" if again else "applications.core_fetched"
    purpose = spoken(reason, 200) or found.layout.purpose
    _trace(export, verb, by, at, purpose, rows=export.row_count, sha256=export.sha256)
    return Fetched(export.file_name, body)


@transaction.atomic
def call_off_core_file(*, export_id: uuid.UUID, reason: str, by: "Staff", at: datetime) -> None:
    """取り消す: the core system could not use the file; its cases are as before it. ExportMoved once rows are in."""
    export, _ = _taken(export_id, by, at)
    if not (reason := spoken(reason, 200)):
        raise WhyMissing("取り消す")
    if export.rows.filter(result=CoreResult.ACCEPTED).exists():
        raise ExportMoved("取り消す", "一部が取り込まれている")
    _move(export, CoreState.FAILED, "取り消す")
    export.save(update_fields=["state"])
    replaced = export.rows.filter(is_valid=True).exclude(kind=CoreKind.NEW)
    cases = list(replaced.values_list("application", flat=True))
    export.rows.update(is_valid=False)
    _valid_again(export, cases)
    _trace(export, "applications.core_called_off", by, at, reason, rows=export.row_count)


def _valid_again(export: CoreExport, cases: list[int]) -> None:
    """What the core system knew of these cases before this file is what it knows now."""
    earlier = CoreExportRow.objects.filter(application__in=cases, target=export.target)
    earlier = earlier.exclude(export=export).exclude(export__state=CoreState.FAILED)
    last = earlier.values("application").annotate(last=Max("pk")).values_list("last", flat=True)
    CoreExportRow.objects.filter(pk__in=list(last)).update(is_valid=True)


@transaction.atomic
def take_core_answer(*, export_id: uuid.UUID, body: bytes, by: "Staff", at: datetime) -> AnswerTaken:
    """処理結果: what the core system took and what it refused, case by case. The same file again changes nothing.

    Raises AnswerUnreadable (nothing is taken then), ExportMoved before the file was handed over.
    """
    export, found = _taken(export_id, by, at)
    if export.state not in (CoreState.HANDED_OVER, CoreState.CONFIRMED):
        raise ExportMoved("処理結果を取り込む", export.get_state_display())
    try:
        answered = read_answer(found.layout, body)
    except ValueError as error:
        raise AnswerUnreadable(str(error)) from None
    rows = {
        row.application.number: row
        for row in export.rows.select_related("application").select_for_update(of=("self",))
    }
    told = [(rows[each.number], each) for each in answered if each.number in rows]
    fresh = [(row, each) for row, each in told if row.result == CoreResult.WAITING]
    _enter(fresh)
    _tell(export, fresh, by, at)
    unknown = tuple(each.number for each in answered if each.number not in rows)
    if export.state == CoreState.HANDED_OVER and not export.rows.filter(result=CoreResult.WAITING).exists():
        _move(export, CoreState.CONFIRMED, "確かめる")
        export.confirmed_at = at
        export.save(update_fields=["state", "confirmed_at"])
    accepted = sum(each.accepted for _, each in fresh)
    return AnswerTaken(accepted, len(fresh) - accepted, unknown, len(told) - len(fresh))


def _enter(fresh: list[tuple[CoreExportRow, Answered]]) -> None:
    for row, each in fresh:
        row.result = CoreResult.ACCEPTED if each.accepted else CoreResult.REJECTED
        row.code, row.message = each.code, each.message
    CoreExportRow.objects.bulk_update(
        [row for row, _ in fresh], ["result", "code", "message"], batch_size=500
    )


def _tell(export: CoreExport, fresh: list[tuple[CoreExportRow, Answered]], by: "Staff", at: datetime) -> None:
    note = {"target": export.target, "file": export.file_name}
    refused = [
        (Subject(KIND, str(row.application_id)), note | {"code": each.code, "message": each.message})
        for row, each in fresh
        if not each.accepted
    ]
    leave_traces(actor_of(by), "applications.core_rejected", refused, at=at, purpose="処理結果の取り込み")
    _trace(
        export,
        "applications.core_answered",
        by,
        at,
        "処理結果の取り込み",
        rows=len(fresh),
        rejected=len(refused),
    )


@transaction.atomic
def settle_core_row(
    *, slug: str, target: str, number: str, again: bool, reason: str, by: "Staff", at: datetime
) -> None:
    """片付ける: a refused row goes into the next file, or stays as it is for a reason."""
    require(by, Power.EXPORT, at=at)
    found = target_of(slug, target, by=by, at=at)
    case = found.rows.filter(number=number).first()
    rows = CoreExportRow.objects.select_for_update().filter(
        application=case, target=target, is_valid=True, result=CoreResult.REJECTED
    )
    row = rows.first() if case else None
    if row is None:
        raise NotFound("戻された申請")
    if not (reason := spoken(reason, 200)):
        raise WhyMissing("片付ける")
    row.result, row.is_valid, row.settled_reason = CoreResult.SETTLED, not again, reason
    row.save(update_fields=["result", "is_valid", "settled_reason"])
    subject, note = Subject(KIND, str(row.application_id)), {"target": target, "again": again}
    leave_trace(actor_of(by), "applications.core_settled", subject, at=at, purpose=reason, note=note)


def _taken(export_id: uuid.UUID, by: "Staff", at: datetime) -> tuple[CoreExport, Target]:
    """A file of the person's own procedures, locked; another's is not there."""
    require(by, Power.EXPORT, at=at)
    export = CoreExport.objects.select_for_update().filter(pk=export_id).first()
    if export is None:
        raise NotFound("連携ファイル")
    return export, own(export, by, at)


def own(export: CoreExport, by: "Staff", at: datetime) -> Target:
    """The target of a file; NotFound when a case in it is another section's, or of somebody out of sight."""
    found = target_of(export.procedure, export.target, by=by, at=at)
    if found.rows.filter(core_rows__export=export).count() != export.row_count:
        raise NotFound("連携ファイル")
    return found


def _move(export: CoreExport, to: CoreState, what: str) -> None:
    if to not in CORE_NEXT[CoreState(export.state)]:
        raise ExportMoved(what, export.get_state_display())
    export.state = to


def _trace(export: CoreExport, verb: str, by: "Staff", at: datetime, purpose: str, **note: object) -> None:
    told = {"target": export.target, "file": export.file_name, **note}
    subject = Subject(FILE_KIND, str(export.pk))
    if export.apart:
        # Hidden with its people: the record of a file itself would be there for everybody.
        case = export.rows.order_by("position").values_list("application", flat=True).first()
        subject = Subject(KIND, str(case))
    leave_trace(actor_of(by), verb, subject, at=at, purpose=purpose, note=told)
