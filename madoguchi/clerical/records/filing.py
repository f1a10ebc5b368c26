"""綴じる: a settled draft goes into the case file of its section, year and class. Part of actions.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.settled import settled_drafts
from madoguchi.clerical.records.classes import RecordClass
from madoguchi.clerical.records.classing import class_named, classes_in_force
from madoguchi.clerical.records.errors import FilingRefused, TermUnreadable
from madoguchi.clerical.records.models import CaseFile, FiledDraft
from madoguchi.clerical.records.retention_clock import Start, read_term
from madoguchi.clerical.records.rules import require_reason
from madoguchi.clerical.records.sight import require_work
from madoguchi.clerical.records.states import FileState
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.common.ages import fiscal_year
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Filing:
    """Where a draft goes. What is left empty is taken from the draft, then from the class."""

    class_code: str = ""
    retention: str = ""
    completed_on: date | None = None
    fiscal_year: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Filed:
    """What a press on many drafts did: how many were filed, and a sentence for each that was not."""

    count: int
    problems: tuple[str, ...]


def completion_of(draft: Any) -> date:
    """The day the matter of a draft ended, as far as the draft knows."""
    return localdate(draft.settled_at or draft.drafted_at)


def year_of(draft: Any, found: RecordClass, completed_on: date) -> int:
    """The fiscal year a draft is filed under. Accounting papers keep the year they were numbered in (出納整理期間)."""
    return draft.fiscal_year if found.start == Start.ACCOUNTING_YEAR else fiscal_year(completed_on)


@transaction.atomic
def file_draft(*, draft_id: int, by: Staff, at: datetime, filing: Filing | None = None) -> int:
    """File one settled draft of one's own section; the key of its file, which is opened where there is none.

    A second press answers the same file and changes nothing. Refused: NotFound, NotAllowed, ClassUnknown,
    TermUnreadable, FilingRefused for a day that cannot be or a file that is closed.
    """
    told = filing or Filing()
    draft = settled_drafts().select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("決裁の済んだ起案")
    require_work(by, Power.SEE_CASES, draft.section_id, "決裁の済んだ起案", at)
    if former := FiledDraft.objects.filter(draft_id=draft_id).first():
        return former.file_id
    found = class_named(told.class_code or draft.class_code)
    completed_on = told.completed_on or completion_of(draft)
    _require_day(completed_on, draft, at)
    year = told.fiscal_year or year_of(draft, found, completed_on)
    file = _open_file(draft.section_id, year, found, told.title, by, at)
    term = _term(told.retention or draft.retention or str(found.term))
    FiledDraft.objects.create(
        file=file, draft=draft, completed_on=completed_on, retention=term, filed_by=by, filed_at=at
    )
    note = {"file": file.pk, "class": file.class_code, "retention": term, "completed_on": str(completed_on)}
    subject = Subject("decisions.draft", str(draft.pk))
    leave_trace(actor_of(by), "records.filed", subject, at=at, note=note)
    return file.pk


def file_drafts(*, draft_ids: Collection[int], by: Staff, at: datetime, class_code: str = "") -> Filed:
    """File many drafts under their own class, those without one under `class_code`; each is filed or said why not."""
    count, problems = 0, []
    known = classes_in_force()
    for draft in settled_drafts().filter(pk__in=list(draft_ids)[:MOST_AT_ONCE]):
        code = draft.class_code if draft.class_code in known else class_code
        try:
            file_draft(draft_id=draft.pk, by=by, at=at, filing=Filing(class_code=code))
            count += 1
        except Refusal as refusal:
            problems.append(f"{draft.number}: {refusal}")
    return Filed(count, tuple(problems))


@transaction.atomic
def unfile_draft(*, draft_id: int, by: Staff, at: datetime, reason: str) -> None:
    """Take a draft out of an open file where it was filed by mistake. Refused: NotFound, FilingRefused, ReasonMissing."""
    filed = (
        FiledDraft.objects.select_for_update(of=("self",))
        .filter(draft_id=draft_id)
        .select_related("file")
        .first()
    )
    if filed is None:
        raise NotFound("綴じた起案")
    require_work(by, Power.SEE_CASES, filed.file.section_id, "綴じた起案", at)
    said = require_reason(reason, "簿冊から外す")
    if filed.file.state != FileState.OPEN:
        raise _closed(filed.file)
    filed.delete()
    note = {"file": filed.file_id, "reason": said}
    leave_trace(actor_of(by), "records.unfiled", Subject("decisions.draft", str(draft_id)), at=at, note=note)


def _open_file(
    section_id: int, year: int, found: RecordClass, title: str, by: Staff, at: datetime
) -> CaseFile:
    name = " ".join(title.split())[:120] or found.small
    file, made = CaseFile.objects.select_for_update().get_or_create(
        section_id=section_id,
        fiscal_year=year,
        class_code=found.code,
        title=name,
        defaults={
            "class_name": found.name,
            "retention": str(found.term),
            "at_end": str(found.at_end),
            "opened_at": at,
        },
    )
    if made:
        trace_file(actor_of(by), "file_opened", file, at)
    if file.state != FileState.OPEN:
        raise _closed(file)
    return file


def _closed(file: CaseFile) -> FilingRefused:
    return FilingRefused(
        f"簿冊「{file.title}」（{file.fiscal_year}年度）は「{FileState(file.state).label}」です。",
        next_step="理由を書いて簿冊を開き直すか、別の年度か名前の簿冊に綴じてください。",
    )


def _require_day(completed_on: date, draft: Any, at: datetime) -> None:
    if completed_on > localdate(at):
        raise FilingRefused("完結した日が、今日より後です。", next_step="事務が終わった日を入れてください。")
    if completed_on < localdate(draft.drafted_at):
        raise FilingRefused(
            "完結した日が、起案した日より前です。", next_step="起案の日以後の日を入れてください。"
        )


def _term(text: str) -> str:
    found = read_term(text)
    if found is None:
        raise TermUnreadable(text)
    return str(found)
