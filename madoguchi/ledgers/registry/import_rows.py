"""One line of a file of residents, read: what it says, what was repaired, or why it is rejected."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from madoguchi.ledgers.registry.states import RowOutcome


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: under which head, what stood there, what was made of it, and why."""

    column: str
    before: str
    after: str
    why: str


class PersonRecord(NamedTuple):
    """A person as the register keeps one; names and order are those of the table's columns."""

    atena_number: int
    household_number: int
    kind: int
    state: int
    relationship: int
    relationship_text: str
    place_in_household: int
    head_name: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    kana_confirmed: bool
    sex: int
    birth_date: date | None
    birth_text: str
    postcode: str
    town: str
    block: str
    building: str
    school_district: str
    former_postcode: str
    former_address: str
    next_postcode: str
    next_address: str
    moved_in_on: date
    event_on: date | None
    event_text: str
    event_kind: str
    event_reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A line taken as it stands."""

    line: int
    record: PersonRecord
    outcome = RowOutcome.ACCEPTED


@dataclass(frozen=True, slots=True)
class Repaired:
    """A line taken after repairs, each reported."""

    line: int
    record: PersonRecord
    repairs: tuple[Repair, ...]
    outcome = RowOutcome.REPAIRED


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is not taken: under which head, why, and what stood in the columns that are read."""

    line: int
    column: str
    reason: str
    atena_number: int | None
    cells: dict[str, str]
    outcome = RowOutcome.REJECTED


RowReading = Accepted | Repaired | Rejected


class CellRefused(Exception):
    """One cell makes the line unusable; caught where the line is read."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
