"""完結: closing a file, by hand or when its year is over, and opening it again. Part of actions.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.settled import settled_drafts
from madoguchi.clerical.records.classes import AtEnd, RecordClass
from madoguchi.clerical.records.classing import classes_in_force
from madoguchi.clerical.records.errors import FileOutdated
from madoguchi.clerical.records.filing import completion_of
from madoguchi.clerical.records.models import CaseFile, FiledDraft
from madoguchi.clerical.records.readable import keep_check
from madoguchi.clerical.records.retention_clock import Clock, Start, TermKind, clock_of, read_term
from madoguchi.clerical.records.rules import require_file_move, require_reason
from madoguchi.clerical.records.sight import file_for_work
from madoguchi.clerical.records.states import FileState
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Actor

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

ACCOUNTS_CLOSE = (5, 31)
"""出納整理期間 ends on 31 May (地方自治法235条の5): until then papers of the former year still come in."""


@full_sight()
@transaction.atomic
def close_file(*, file_id: int, by: Staff, at: datetime, edition: int) -> None:
    """Close a file by hand: nothing more is filed, and its retention is set. What is in use (常用) ends its use.

    Refused: NotFound, NotAllowed, WrongFileState, FileOutdated.
    """
    file = file_for_work(by, file_id, Power.RUN_RETENTION, at)
    require_edition(file, edition)
    _close(file, actor_of(by), at)


@full_sight()
@transaction.atomic
def reopen_file(*, file_id: int, by: Staff, at: datetime, edition: int, reason: str) -> None:
    """Open a closed file again, with a reason; it is then closed by hand, and its retention set anew.

    Refused: NotFound, NotAllowed, WrongFileState for one that is listed or gone, ReasonMissing, FileOutdated.
    """
    file = file_for_work(by, file_id, Power.RUN_RETENTION, at)
    require_edition(file, edition)
    require_file_move(FileState(file.state), FileState.OPEN)
    said = require_reason(reason, "簿冊を開き直す")
    former = file.closed_at
    file.state, file.reopened, file.version = FileState.OPEN, True, file.version + 1
    file.closed_at = file.counts_from = file.ends_on = None
    file.appraisal = file.appraisal_reason = ""
    file.save()
    closed = former.isoformat() if former else ""
    trace_file(actor_of(by), "file_reopened", file, at, reason=said, closed_at=closed)


@full_sight()
def close_past_years(*, at: datetime) -> int:
    """Close every file whose year is over; says how many. One that still waits for drafts of its class stays open."""
    on = localdate(at)
    open_files = CaseFile.objects.filter(
        state=FileState.OPEN, reopened=False, fiscal_year__lt=fiscal_year(on)
    )
    count = 0
    for key in list(open_files.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            file = CaseFile.objects.select_for_update().get(pk=key)
            if file.state == FileState.OPEN and _year_is_over(file, on):
                _close(file, SYSTEM, at)
                count += 1
    return count


def require_edition(file: CaseFile, edition: int) -> None:
    if edition != file.version:
        raise FileOutdated


def _year_is_over(file: CaseFile, on: date) -> bool:
    found = classes_in_force().get(file.class_code)
    if read_term(file.retention) is None or file.retention == TermKind.IN_USE:
        return False
    accounting = found is not None and found.start == Start.ACCOUNTING_YEAR
    if accounting and on <= date(file.fiscal_year + 1, *ACCOUNTS_CLOSE):
        return False
    return not waiting_for(file)


def waiting_for(file: CaseFile) -> int:
    """Settled drafts of the section that belong into this file, or may, and are not filed yet."""
    unfiled = settled_drafts([file.section_id]).exclude(pk__in=FiledDraft.objects.values("draft_id"))
    named = unfiled.filter(class_code__in=["", file.class_code])
    return sum(1 for draft in named if fiscal_year(completion_of(draft)) <= file.fiscal_year)


def _close(file: CaseFile, by: Actor, at: datetime) -> None:
    require_file_move(FileState(file.state), FileState.CLOSED)
    keep_check(file, at)
    clock = clock_for(file, localdate(at))
    file.state, file.closed_at, file.version = FileState.CLOSED, at, file.version + 1
    file.retention, file.counts_from, file.ends_on = str(clock.term), clock.counts_from, clock.ends_on
    file.save()
    ends = str(clock.ends_on) if clock.ends_on else str(clock.term)
    trace_file(by, "file_closed", file, at, retention=file.retention, ends=ends)


def clock_for(file: CaseFile, completed_on: date) -> Clock:
    """The clock of a file by its class and documents as they are now."""
    rows = FiledDraft.objects.filter(file=file).values_list("completed_on", "retention")
    return told_clock(file, classes_in_force().get(file.class_code), rows, completed_on)


def told_clock(
    file: CaseFile, found: RecordClass | None, rows: Iterable[tuple[date, str]], completed_on: date
) -> Clock:
    """A class that the town has since struck out counts by what the file itself was told, from the fiscal year."""
    own = found.term if found else read_term(file.retention)
    assert own is not None, file.retention
    start = found.start if found else Start.FISCAL_YEAR
    documents = [(day, term) for day, text in rows if (term := read_term(text)) is not None]
    return clock_of(own, start, file.fiscal_year, documents, completed_on)


def end_of(file: CaseFile) -> AtEnd:
    return AtEnd(file.at_end)
