"""What the room hands to screens: frozen, without queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from madoguchi.services.allocation.states import RoundState
from madoguchi.services.applications.states import Outcome


@dataclass(frozen=True)
class ClubRow:
    """One club of a round, or one class of a nursery (age_class, class_name; `all` where there are no classes). cut_off is
    the lowest total with a seat, blank where nobody had to be ranked."""

    code: str
    symbol: str
    name: str
    age_class: str
    class_name: str
    capacity: int
    applicants: int
    first_wishes: int
    placed: int
    cut_off: str
    quiet: bool


@dataclass(frozen=True)
class RoundView:
    """A round with its sums: applications, placed, waitlisted, refused, by_wish, undecided, seconds …"""

    id: int
    procedure: str
    version_id: int
    period_code: str
    sequence: int
    state: RoundState
    figures: dict[str, Any]
    computed_at: datetime | None
    settled_at: datetime | None
    draft_id: int | None
    clubs: tuple[ClubRow, ...]

    @property
    def by_class(self) -> bool:
        """Whether seats are told by class."""
        return any(club.class_name for club in self.clubs)


@dataclass(frozen=True)
class PlacementView:
    """What became of one application. sentences tell where and why, score how the points were counted."""

    round_id: int
    application_id: int
    outcome: Outcome
    facility_code: str
    facility_name: str
    class_name: str
    wish_rank: int | None
    total: Decimal | None
    position: int | None
    sentences: tuple[str, ...]
    score: tuple[str, ...]
    wishes: tuple[dict[str, Any], ...]
    settled: bool
    declined: bool = False


@dataclass(frozen=True)
class DeclineView:
    """A 辞退: whose, of which seat (blank: waited only), why, by whom."""

    number: str
    person_name: str
    facility_name: str
    reason: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class HeldSeatView:
    """A seat given by hand: whose, where, why, by whom."""

    number: str
    person_name: str
    facility_name: str
    class_name: str
    reason: str
    decided_by: str
    decided_at: datetime
