"""The days of all procedures that people wait for or must not miss. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

SOON_DAYS = 14
"""A closing day within two weeks counts as まもなく締切."""


class DayKind(StrEnum):
    OPENS = "opens"
    CLOSES = "closes"
    DECIDED = "decided"
    TOLD = "told"


@dataclass(frozen=True)
class PeriodDay:
    """One day of one round of a procedure; `package` and `period` are as the package gives them."""

    on: date
    kind: DayKind
    package: Any
    period: Any

    @property
    def key(self) -> str:
        """The same for the same round and kind, also when the day moves."""
        return f"{self.package.slug}-{self.period.code}-{self.kind}"


def days_of(packages: Iterable[Any]) -> list[PeriodDay]:
    """Opening, closing, decision and announcement days in their order. A decision told on its day is one day."""
    found = []
    for package in packages:
        for period in package.periods:
            told = period.released_at.date() if period.released_at else None
            decided = None if period.decision_on == told else period.decision_on
            days = {
                DayKind.OPENS: period.opens,
                DayKind.CLOSES: period.closes,
                DayKind.DECIDED: decided,
                DayKind.TOLD: told,
            }
            found += [PeriodDay(on, kind, package, period) for kind, on in days.items() if on]
    return sorted(found, key=lambda day: (day.on, list(DayKind).index(day.kind), day.package.slug))


def in_month(days: Iterable[PeriodDay], first: date) -> list[PeriodDay]:
    return [day for day in days if (day.on.year, day.on.month) == (first.year, first.month)]


def open_now(packages: Iterable[Any], on: date) -> list[PeriodDay]:
    """Rounds open on that day, by their closing day, the next to close first."""
    closing = (day for day in days_of(packages) if day.kind == DayKind.CLOSES)
    return [day for day in closing if day.period.is_open(on)]


def closes_soon(day: PeriodDay, on: date) -> bool:
    return 0 <= (day.on - on).days <= SOON_DAYS


def opens_next(packages: Iterable[Any], on: date) -> list[PeriodDay]:
    """Rounds that have not opened yet, the next first."""
    return [day for day in days_of(packages) if day.kind == DayKind.OPENS and day.on > on]
