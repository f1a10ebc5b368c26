"""回の席を見る: the table of seats of a round with what it makes open, its sums, and what is missing. Questions only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.contest import Pool, class_name
from madoguchi.services.allocation.models import Round, RoundSeat
from madoguchi.services.allocation.round_seats import Given, labels_of, own_seats
from madoguchi.services.allocation.rules import seats_now
from madoguchi.services.allocation.seat_rules import CAPACITY, COLUMNS, FLOOR, STAFF, SeatRow
from madoguchi.services.allocation.seats import KIND_LABELS, RatioKind
from madoguchi.services.allocation.turns import former_of, participants

MOST_CHANGES = 50


@dataclass(frozen=True)
class ClassLine:
    """One class: what was given (None: its own seats count), the limit, and what sets it."""

    age_class: str
    class_name: str
    own: int
    row: SeatRow | None
    limit: int
    limited_by: str
    given_by: str
    given_at: datetime | None


@dataclass(frozen=True)
class PoolLine:
    """Classes whose seats are given out together. holders: children of the period who keep a seat here: those who wish to
    move, and in a further round those who were placed."""

    class_name: str
    classes: tuple[ClassLine, ...]
    holders: int
    open: int
    first: bool = True
    """Whether this is the first round of its period."""

    @property
    def staying(self) -> int:
        return sum(line.row.staying for line in self.classes if line.row)

    @property
    def fewer_than_hold(self) -> bool:
        """Whether fewer are said to stay than have asked for a transfer from here."""
        return self.first and any(line.row for line in self.classes) and self.staying < self.holders


@dataclass(frozen=True)
class FacilityLine:
    """One facility with its classes."""

    code: str
    label: str
    pools: tuple[PoolLine, ...]

    @property
    def classes(self) -> tuple[ClassLine, ...]:
        return tuple(line for pool in self.pools for line in pool.classes)

    @property
    def open(self) -> int:
        return sum(pool.open for pool in self.pools)

    @property
    def missing(self) -> tuple[str, ...]:
        """The classes for which nothing was given."""
        return tuple(line.class_name for line in self.classes if line.row is None)


@dataclass(frozen=True)
class SeatTable:
    """The seats of a round."""

    facilities: tuple[FacilityLine, ...]
    on: date
    changeable: bool

    @property
    def missing(self) -> tuple[FacilityLine, ...]:
        return tuple(line for line in self.facilities if line.missing)

    @property
    def sums(self) -> list[tuple[str, int, int, int, int]]:
        """By class: its name, the limits, who stays, who holds a seat and wishes to move, the open seats."""
        found: dict[str, list[int]] = {}
        for pool in (pool for line in self.facilities for pool in line.pools):
            told = found.setdefault(pool.class_name, [0, 0, 0, 0])
            limit = sum(line.limit for line in pool.classes)
            for place, count in enumerate((limit, pool.staying, pool.holders, pool.open)):
                told[place] += count
        return [(name, *counts) for name, counts in sorted(found.items(), key=_joint_last)]  # type: ignore[misc]


def _joint_last(told: tuple[str, list[int]]) -> tuple[bool, str]:
    return ("・" in told[0], told[0])


@dataclass(frozen=True)
class SeatChange:
    """Who changed what, when."""

    at: datetime
    who: str
    facility: str
    class_name: str
    before: str
    after: str


def seat_table(round_id: int) -> SeatTable:
    """The table of a round."""
    found = Round.objects.get(pk=round_id)
    package = package_of(found.version_id).package
    on = package.period(found.period_code).entry_on
    kept = {(seat.facility_code, seat.age_class): seat for seat in found.seats.select_related("given_by")}
    everybody = participants(found)
    seats, taken = seats_now(package, everybody, former_of(found, everybody), _given(kept.values(), on), on)
    opened = {pool: count - taken[pool] for pool, count in seats.by_pool.items()}
    first = found.sequence == 1
    lines = tuple(_facility(place, kept, taken, opened, on, first) for place in package.facilities)
    return SeatTable(lines, on, found.state in ("open", "computed"))


def _facility(
    place: Facility,
    kept: Mapping[tuple[str, str], RoundSeat],
    holders: Mapping[Pool, int],
    opened: Mapping[Pool, int],
    on: date,
    first: bool,
) -> FacilityLine:
    pools = []
    for label in labels_of(place):
        classes = tuple(_class(place, each, kept.get((place.code, each)), on) for each in label.split("+"))
        pool = (place.code, label)
        pools.append(PoolLine(class_name(label), classes, holders.get(pool, 0), opened[pool], first))
    return FacilityLine(place.code, place.label, tuple(pools))


def _class(place: Facility, age_class: str, seat: RoundSeat | None, on: date) -> ClassLine:
    own, name = own_seats(place, age_class), class_name(age_class)
    if seat is None:
        return ClassLine(age_class, name, own, None, own, "", "", None)
    row = row_of(seat)
    limits = row.limits(on)
    least = min(limits, key=lambda what: (limits[what], what != CAPACITY))
    told = {CAPACITY: "定員", STAFF: "保育士", FLOOR: "面積"}[least]
    return ClassLine(age_class, name, own, row, limits[least], told, seat.given_by.name, seat.given_at)


def row_of(seat: RoundSeat) -> SeatRow:
    """A stored row as a value."""
    return SeatRow(
        seat.facility_code,
        seat.age_class,
        seat.capacity,
        seat.staying,
        seat.staff,
        seat.floor,
        RatioKind(seat.ratio),
    )


def given_seats(found: Round, on: date) -> Given:
    """What was given for the classes of a round, as the contest needs it."""
    return _given(found.seats.all(), on)


def _given(seats: Iterable[RoundSeat], on: date) -> Given:
    return {(seat.facility_code, seat.age_class): row_of(seat).seats(on) for seat in seats}


def seat_file(round_id: int) -> bytes:
    """The table as a CSV file to fill in: rows that were given as they are, the others with the facility's own seats."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for place in seat_table(round_id).facilities:
        writer.writerows(_cells(place.code, line) for line in place.classes)
    return text.getvalue().encode("utf-8-sig")


def _cells(code: str, line: ClassLine) -> list[Any]:
    if line.row is None:
        return [code, _written(line), line.own, "", "", "", ""]
    row = line.row
    staff = "" if row.staff is None else row.staff
    floor = "" if row.floor is None else f"{row.floor:f}"
    return [code, _written(line), row.capacity, row.staying, staff, floor, row.ratio.label]


def _written(line: ClassLine) -> str:
    """The class as the file has it: blank where there are none."""
    return line.age_class if line.class_name else ""


def seat_changes(round_id: int) -> list[SeatChange]:
    """The last changes of the table, newest first."""
    found = Round.objects.get(pk=round_id)
    names = {place.code: place.name for place in package_of(found.version_id).package.facilities}
    rows = trace_of(Subject("allocation.round", str(round_id))).filter(verb="allocation.seats_given")
    return [
        SeatChange(
            row.happened_at,
            row.actor_name,
            names.get(row.note["facility"], row.note["facility"]),
            class_name(row.note["class"]),
            _told(row.note["before"]),
            _told(row.note["after"]),
        )
        for row in rows.order_by("-seq")[:MOST_CHANGES]
    ]


def _told(note: list[Any] | None) -> str:
    if note is None:
        return "施設の定員のとおり"
    capacity, staying, staff, floor, ratio = note
    more = [f"保育士{staff}人"] if staff is not None else []
    more += [f"{floor}m²"] if floor is not None else []
    more += [KIND_LABELS[RatioKind(ratio)]] if ratio != RatioKind.STANDARD else []
    return "・".join([f"定員{capacity}", f"在園{staying}", *more])
