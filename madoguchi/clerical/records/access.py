"""The only way for a screen to obtain one case file."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.records import queries
from madoguchi.clerical.records.closing import waiting_for
from madoguchi.clerical.records.cosigning import signatures, waits_for
from madoguchi.clerical.records.ends import kind_of_list, reasons_to_keep
from madoguchi.clerical.records.facts import facts_of
from madoguchi.clerical.records.holding import may_be_appraised
from madoguchi.clerical.records.models import CaseFile, FileCopy, FiledDraft, LegalHold
from madoguchi.clerical.records.sight import files_read
from madoguchi.clerical.records.states import CopyState, FileState, HoldGround
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.clerical.records.views import CheckRow, CopyRow, DocumentRow, EndRow, FileView, HoldRow
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of, sections_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def file_for(staff: Staff, file_id: int, at: datetime) -> FileView:
    """One file with the documents in sight, for its section and for auditors. Looking leaves a trace.

    Refused: NotFound.
    """
    file: Any = queries.files(staff, queries.Filters(), at=at).filter(pk=file_id).first()
    if file is None:
        raise NotFound("簿冊")
    trace_file(actor_of(staff), "file_looked_at", file, at)
    on, powers = localdate(at), powers_of(staff, localdate(at))
    facts = facts_of([file])[file.pk]
    own = file.section_id in sections_of(staff, on)
    listed = file.state == FileState.LISTED
    return FileView(
        row=queries.file_rows([file], at)[0],
        edition=file.version,
        documents=tuple(_document(row) for row in _filed(file)),
        holds=tuple(_hold(row, file, staff, on) for row in _held(file)),
        copies=tuple(_copy(row, staff, at) for row in _copies(file)),
        reasons=reasons_to_keep(facts, on) if file.state == FileState.CLOSED else (),
        list_kind=kind_of_list(facts) if file.closed_at else None,
        appraisal=file.get_appraisal_display(),
        appraisal_reason=file.appraisal_reason,
        end=_end(file),
        may_appraise=file.state == FileState.CLOSED and may_be_appraised(file.at_end, file.retention),
        may_work=own and Power.SEE_CASES in powers,
        may_run=own and Power.RUN_RETENTION in powers,
        waiting=waiting_for(file) if file.state == FileState.OPEN else 0,
        check=_check(file),
        list_id=queries.open_list_of(file.pk) if listed else None,
        may_copy=files_read(staff, at).filter(pk=file.pk).exists(),
    )


def _filed(file: CaseFile) -> Any:
    return FiledDraft.objects.filter(file=file).select_related("draft").order_by("completed_on", "pk")


def _document(row: FiledDraft) -> DocumentRow:
    draft = row.draft
    return DocumentRow(
        draft.pk,
        draft.number,
        draft.title,
        DraftState(draft.state),
        localdate(draft.drafted_at),
        localdate(draft.settled_at) if draft.settled_at else None,
        row.completed_on,
        row.retention,
        draft.content_sha256,
    )


def _held(file: CaseFile) -> Any:
    return (
        LegalHold.objects.filter(file=file)
        .select_related("set_by", "released_by", "agreed_by", "signed_by")
        .order_by("-pk")
    )


def _hold(row: LegalHold, file: CaseFile, staff: Staff, on: date) -> HoldRow:
    missing = waits_for(row, on)
    may_sign = bool(missing) and row.set_by_id != staff.pk and bool(signatures(row, file, staff, on))
    return HoldRow(
        row.pk,
        HoldGround(row.ground),
        row.reason,
        row.until,
        row.set_by.name,
        row.set_at,
        row.released_by.name if row.released_by else "",
        row.released_at,
        row.agreed_by.name if row.agreed_by else "",
        row.signed_by.name if row.signed_by else "",
        missing,
        may_sign,
    )


def _check(file: CaseFile) -> CheckRow | None:
    row = file.checks.order_by("-checked_at", "-pk").first()
    return CheckRow(row.checked_at, row.documents, tuple(row.faults)) if row else None


def _copies(file: CaseFile) -> Any:
    return FileCopy.objects.filter(file=file).select_related("ordered_by").order_by("-ordered_at")[:20]


def _copy(row: FileCopy, staff: Staff, at: datetime) -> CopyRow:
    return CopyRow(
        row.pk,
        CopyState(row.state),
        row.ordered_by.name,
        row.ordered_at,
        row.purpose,
        row.whole,
        row.drafts,
        row.size,
        row.manifest_sha256,
        row.expires_at,
        row.ordered_by_id == staff.pk and row.expires_at > at,
    )


def _end(file: CaseFile) -> EndRow | None:
    row = CaseFile.objects.filter(pk=file.pk).select_related("end").first()
    found = getattr(row, "end", None)
    return queries.end_row(found) if found else None
