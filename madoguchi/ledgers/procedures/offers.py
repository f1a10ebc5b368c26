"""What a procedure offers: the periods in which one may apply and the places there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from madoguchi.common.by_identity import by_identity

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


CLASSES = ("0", "1", "2", "3", "4", "5")
"""歳児クラス of a nursery, by the age on 1 April."""


@dataclass(frozen=True)
class Facility:
    """A place to wish for, chosen by its symbol (A1), because names of clubs are easily confused.

    A club has one `capacity`. A nursery has `seats` by class, those of enrolled children included; it has no class that is
    not named there, and classes of one `shared` group pool theirs. Its capacity is the sum.
    """

    code: str
    symbol: str
    name: str
    school_district: str
    capacity: int
    address: str
    closes_at: str
    extension: bool = False
    kind: str = ""
    area: str = ""
    opens_at: str = ""
    seats: Mapping[str, int] = field(default_factory=dict, hash=False)
    shared: tuple[tuple[str, ...], ...] = ()
    partners: tuple[str, ...] = ()
    """連携施設: codes of the places that take the children who leave this one at three."""

    @property
    def label(self) -> str:
        return f"{self.symbol} {self.name}"

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes there are, youngest first; none where seats are not told by class."""
        return tuple(self.seats)

    @cached_property
    def as_facts(self) -> dict[str, Any]:
        """What rules may ask of the place; of a club not what only a nursery has."""
        told = {name: getattr(self, name) for name in FACILITY_COLUMNS}
        if not self.seats:
            return told
        return told | {
            "kind": self.kind,
            "area": self.area,
            "opens_at": self.opens_at,
            "classes": [int(each) for each in self.classes],
            "partners": list(self.partners),
        }


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
"""Columns of a table whose places have one capacity."""
CLASS_COLUMNS = (
    *("code", "symbol", "name", "kind", "area", "address", "opens_at", "closes_at", "extension"),
    *(f"seats_{each}" for each in CLASSES),
    *("shared", "partners"),
)
"""Columns of a table whose places have seats by class."""


@by_identity(64)
def facilities_as_facts(facilities: tuple[Facility, ...]) -> Mapping[str, Any]:
    return {facility.code: facility.as_facts for facility in facilities}
