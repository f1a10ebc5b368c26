"""電子決裁の普及: shares, sections of the same work, reasons for paper and sheets; no framework, no queries, no clock.

併用 is decided electronically and counts so in the rate, as 神奈川県 introduced it to raise hers; the three ways are
told apart everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from madoguchi.improvement.insight.arithmetic import share

Mode = Literal["electronic", "mixed", "paper"]
MODES: tuple[Mode, ...] = ("electronic", "mixed", "paper")
Key = TypeVar("Key", bound=Hashable)
LEAST_COMPARED = 5
"""Below so many drafts the rate of a section says nothing about it."""


@dataclass(frozen=True)
class Tally:
    """Drafts decided in one month, in one section, of one kind, in one way, for one reason of paper."""

    month: date
    section: int
    kind: str
    mode: Mode
    reason: str
    drafts: int
    sheets: int


@dataclass(frozen=True)
class Shares:
    """How many drafts were decided in each way."""

    electronic: int = 0
    mixed: int = 0
    paper: int = 0

    def __add__(self, other: Shares) -> Shares:
        return Shares(self.electronic + other.electronic, self.mixed + other.mixed, self.paper + other.paper)

    @property
    def total(self) -> int:
        return self.electronic + self.mixed + self.paper

    @property
    def decided_electronically(self) -> int:
        """電子 and 併用."""
        return self.electronic + self.mixed

    @property
    def rate(self) -> Decimal | None:
        """電子決裁の割合 in percent, exact; None of nothing."""
        return share(self.decided_electronically, self.total)


@dataclass(frozen=True)
class Beside:
    """One section among those of the same work; `behind` are points to the best of them."""

    section: int
    shares: Shares
    behind: Decimal


@dataclass(frozen=True)
class SameWork:
    """Sections that decide the same kind of matter, the best first; `spread` are points from best to last."""

    kind: str
    sections: tuple[Beside, ...]

    @property
    def spread(self) -> Decimal:
        return self.sections[-1].behind


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason for paper was given, beside (併用) and instead of (紙) an electronic decision."""

    reason: str
    mixed: int
    paper: int

    @property
    def total(self) -> int:
        return self.mixed + self.paper


def shares_of(tallies: Iterable[Tally]) -> Shares:
    """Everything together."""
    counted: dict[Mode, int] = defaultdict(int)
    for tally in tallies:
        counted[tally.mode] += tally.drafts
    return Shares(counted["electronic"], counted["mixed"], counted["paper"])


def shares_by(tallies: Iterable[Tally], key: Callable[[Tally], Key]) -> dict[Key, Shares]:
    """The same, apart by month, section, office or whatever `key` tells."""
    parts: dict[Key, list[Tally]] = defaultdict(list)
    for tally in tallies:
        parts[key(tally)].append(tally)
    return {each: shares_of(found) for each, found in parts.items()}


def same_work(tallies: Iterable[Tally], least: int = LEAST_COMPARED) -> list[SameWork]:
    """Kinds that two or more sections decide, each with at least so many drafts; the widest spread first.

    Drafts without a kind are no work that could be compared.
    """
    by_both = shares_by((each for each in tallies if each.kind), lambda each: (each.kind, each.section))
    by_kind: dict[str, list[tuple[Decimal, int, Shares]]] = defaultdict(list)
    for (kind, section), shares in by_both.items():
        if shares.total >= least and shares.rate is not None:
            by_kind[kind].append((shares.rate, section, shares))
    found = [_compared(kind, rows) for kind, rows in by_kind.items() if len(rows) > 1]
    return sorted(found, key=lambda each: (-each.spread, each.kind))


def _compared(kind: str, rows: list[tuple[Decimal, int, Shares]]) -> SameWork:
    ordered = sorted(rows, key=lambda row: (-row[0], row[1]))
    best = ordered[0][0]
    return SameWork(kind, tuple(Beside(section, shares, best - rate) for rate, section, shares in ordered))


def reasons_for_paper(tallies: Iterable[Tally]) -> list[ReasonCount]:
    """Every reason that was given, the most frequent first."""
    by_reason = shares_by((each for each in tallies if each.mode != "electronic"), lambda each: each.reason)
    found = [ReasonCount(reason, shares.mixed, shares.paper) for reason, shares in by_reason.items()]
    return sorted(found, key=lambda each: (-each.total, each.reason))


def sheets_not_printed(tallies: Iterable[Tally]) -> int:
    """Sheets of drafts that were decided with nothing on paper, as each drafter gave them; 併用 is not counted."""
    return sum(each.sheets for each in tallies if each.mode == "electronic")
