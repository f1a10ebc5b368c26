"""What a procedure offers: the periods in which one may apply and the places there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from .words import Words


@dataclass(frozen=True)
class Period:
    """One round of intake (受付期間): both ends belong to it."""

    code: str
    label: Words
    opens: date
    closes: date
    entry_on: date
    decision_on: date | None = None
    released_at: datetime | None = None
    line: int = 0

    def is_open(self, on: date) -> bool:
        return self.opens <= on <= self.closes

    @cached_property
    def as_facts(self) -> dict[str, Any]:
        """The period as rules see it: period.entry_on and so on, as ISO text."""
        return {
            "code": self.code,
            "opens": self.opens.isoformat(),
            "closes": self.closes.isoformat(),
            "entry_on": self.entry_on.isoformat(),
            "decision_on": self.decision_on.isoformat() if self.decision_on else "",
        }


PERIOD_NAMES = frozenset({"code", "opens", "closes", "entry_on", "decision_on"})


@dataclass(frozen=True)
class Facility:
    """A place to wish for, chosen by its symbol (A1), because names of clubs are easily confused."""

    code: str
    symbol: str
    name: str
    school_district: str
    capacity: int
    address: str
    closes_at: str
    extension: bool = False

    @property
    def label(self) -> str:
        return f"{self.symbol} {self.name}"

    @cached_property
    def as_facts(self) -> dict[str, Any]:
        return asdict(self)


FACILITY_COLUMNS = (
    "code",
    "symbol",
    "name",
    "school_district",
    "capacity",
    "address",
    "closes_at",
    "extension",
)


def facilities_as_facts(facilities: tuple[Facility, ...]) -> Mapping[str, Any]:
    return {facility.code: facility.as_facts for facility in facilities}
