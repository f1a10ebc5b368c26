"""What is known besides the answers when a form is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.common.by_identity import by_identity

from .fields import Option
from .offers import PERIOD_NAMES, Facility, Period, facilities_as_facts
from .words import Words

OUTER_NAMES = frozenset(
    {"on", "channel", "period", "facilities", *(f"period.{name}" for name in PERIOD_NAMES)}
)
"""Names every rule may use besides answers and the facts a package declares."""


@dataclass(frozen=True)
class Context:
    """The day, the round, facts of the town's books, places, and the language of the sentences."""

    on: date
    period: Period | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    facilities: tuple[Facility, ...] = ()
    calendar: Any = None
    language: str = "ja"
    channel: str = "online"

    @property
    def reference_day(self) -> date:
        """The day ages and grades are told for: the day of entry, or today where there is no round."""
        return self.period.entry_on if self.period else self.on

    @property
    def places(self) -> tuple[Option, ...]:
        """The places as options of a choice."""
        return _as_options(self.facilities)

    def names(self) -> dict[str, Any]:
        """These things as rules see them."""
        return {
            "on": self.on.isoformat(),
            "channel": self.channel,
            "period": self.period.as_facts if self.period else {},
            "facilities": facilities_as_facts(self.facilities),
            "facts": self.facts,
        }


@by_identity(64)
def _as_options(places: tuple[Facility, ...]) -> tuple[Option, ...]:
    return tuple(Option(place.code, Words(place.label)) for place in places)
