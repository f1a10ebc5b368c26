"""What screens see of case files; no queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.records.states import CopyState, FileState, HoldGround, ListKind


@dataclass(frozen=True)
class FileRow:
    """A file in a list. `ends_on` is the last day of keeping; None for 永年 and while it is open."""

    id: int
    title: str
    fiscal_year: int
    class_code: str
    class_name: str
    state: FileState
    retention: str
    at_end: str
    closed_at: datetime | None
    counts_from: date | None
    ends_on: date | None
    documents: int
    held: bool
    section_id: int
    section: str = ""


@dataclass(frozen=True)
class DocumentRow:
    """A draft in its file. After disposal number, days and hash are all there is."""

    draft_id: int
    number: str
    title: str
    state: DraftState
    drafted_on: date
    settled_on: date | None
    completed_on: date
    retention: str
    content_sha256: str


@dataclass(frozen=True)
class HoldRow:
    id: int
    ground: HoldGround
    reason: str
    until: date | None
    set_by: str
    set_at: datetime
    released_by: str
    released_at: datetime | None
    agreed_by: str = ""
    signed_by: str = ""
    waits_for: tuple[str, ...] = ()
    may_sign: bool = False
    """Whether the reader may give one of the signatures that are missing."""


@dataclass(frozen=True)
class CheckRow:
    """可読性の確認."""

    checked_at: datetime
    documents: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class CopyRow:
    """A copy that was ordered. `mine` says whether the reader ordered it, and may fetch it until it expires."""

    id: UUID
    state: CopyState
    ordered_by: str
    ordered_at: datetime
    purpose: str
    whole: bool
    drafts: int
    size: int
    manifest_sha256: str
    expires_at: datetime
    mine: bool


@dataclass(frozen=True)
class EndRow:
    """How a file ended: when, by which decision."""

    file_id: int
    treatment: FileState
    fiscal_year: int
    class_code: str
    title: str
    retention: str
    closed_on: date
    ends_on: date | None
    approval: str
    manifest_sha256: str
    ended_at: datetime


@dataclass(frozen=True)
class FileView:
    """One file as its page shows it. `edition` goes back with every change; `reasons` keep it from its end."""

    row: FileRow
    edition: int
    documents: tuple[DocumentRow, ...]
    holds: tuple[HoldRow, ...]
    copies: tuple[CopyRow, ...]
    reasons: tuple[str, ...]
    list_kind: ListKind | None
    appraisal: str
    appraisal_reason: str
    end: EndRow | None
    may_appraise: bool
    may_work: bool
    may_run: bool
    waiting: int
    list_id: UUID | None
    may_copy: bool = True
    check: CheckRow | None = None


@dataclass(frozen=True)
class Candidate:
    """A file that may be put on a list, or what keeps it off."""

    row: FileRow
    kind: ListKind | None
    reasons: tuple[str, ...]
