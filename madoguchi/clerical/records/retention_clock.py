"""保存年限: from which day it is counted and when it is over; no queries.

Rules RR01 to RR03 of the records rules: 1 April after the year of completion; for accounting papers 1 April after the
accounting year, whenever within 出納整理期間 they were paid; a file takes the longest retention of its documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from madoguchi.common.ages import fiscal_year
from madoguchi.common.periods import Length, period_end

_YEARS = re.compile(r"([1-9]\d{0,2})\s*年?")


class TermKind(StrEnum):
    UNDER_A_YEAR = "1年未満"
    YEARS = "年"
    IN_USE = "常用"
    PERMANENT = "永年"


class Start(StrEnum):
    """From when a class counts."""

    FISCAL_YEAR = "fiscal_year"
    ACCOUNTING_YEAR = "accounting_year"
    CALENDAR_YEAR = "calendar_year"
    DAY = "day"
    AT_ONCE = "at_once"
    NEVER = "never"


@dataclass(frozen=True)
class Term:
    """保存年限. `years` counts for YEARS; for IN_USE it is what follows when use has ended, 0 where nothing is said."""

    kind: TermKind
    years: int = 0

    def __str__(self) -> str:
        return f"{self.years}年" if self.kind == TermKind.YEARS else str(self.kind)

    @property
    def rank(self) -> tuple[int, int]:
        """The longer, the higher: 1年未満, years, 常用, 永年."""
        return list(TermKind).index(self.kind), self.years

    @property
    def length(self) -> Length | None:
        """How long it runs once it is counted; None where it never ends."""
        if self.kind == TermKind.UNDER_A_YEAR:
            return Length()
        return Length(years=self.years) if self.years else None


PERMANENT = Term(TermKind.PERMANENT)


def read_term(text: str) -> Term | None:
    """「5年」「5」「永年」「常用」「1年未満」 as a term; None for anything else."""
    said = text.strip()
    if said in {TermKind.UNDER_A_YEAR, TermKind.IN_USE, TermKind.PERMANENT}:
        return Term(TermKind(said))
    found = _YEARS.fullmatch(said)
    return Term(TermKind.YEARS, int(found[1])) if found else None


def longest(terms: Iterable[Term]) -> Term:
    """RR03. Raises ValueError when there is none."""
    return max(terms, key=lambda term: term.rank)


def counts_from(since: date | int, start: Start) -> date:
    """The first day that counts. `since` is the day of completion, or the fiscal year of an accounting paper.

    A day that is an event does not count itself (民法140条): accepted on 15 June, the first day is 16 June.
    """
    if isinstance(since, int):
        return date(since + 1, 4, 1)
    if start == Start.CALENDAR_YEAR:
        return date(since.year + 1, 1, 1)
    if start in {Start.DAY, Start.AT_ONCE}:
        return since + timedelta(days=1)
    return date(fiscal_year(since) + 1, 4, 1)


def retention_ends(since: date | int, term: Term, start: Start = Start.FISCAL_YEAR) -> date | None:
    """The last day on which it must be kept; None where that day never comes by itself."""
    return _last_day(counts_from(since, start), term)


def _last_day(begins: date, term: Term) -> date | None:
    return period_end(begins, term.length, count_start=True) if term.length is not None else None


@dataclass(frozen=True)
class Clock:
    """The retention of a whole file. `ends_on` is the last day of keeping; None is 永年."""

    term: Term
    counts_from: date
    ends_on: date | None

    def over_on(self, on: date) -> bool:
        """Whether nothing of the file need be kept on this day for its retention alone."""
        return self.ends_on is not None and on > self.ends_on


def clock_of(
    own: Term, start: Start, year: int, documents: Iterable[tuple[date, Term]], completed_on: date
) -> Clock:
    """The clock of a file of a class and a fiscal year, by day of completion and term of its documents.

    The file runs as long as its longest document from the latest beginning, and never shorter than its class;
    an accounting file counts from its year whenever its papers were paid (RR02). An empty file counts from the
    day it was completed.
    """
    known = list(documents)
    term = longest([own, *(each for _, each in known)])
    in_use = term.kind == TermKind.IN_USE
    days = [completed_on] if in_use or not known else [day for day, _ in known]
    begins = (
        counts_from(year, start)
        if start == Start.ACCOUNTING_YEAR
        else max(counts_from(day, start) for day in days)
    )
    return Clock(term, begins, _last_day(begins, term))
