"""The seats of one round, worked out from the facilities, what was given for the round, and who holds a seat; no queries.

**How children who are there count.** The number that stays counts everybody who goes on in the class, those who have asked
for a transfer too, so the seats that are open are what is left of the limit. A child who has asked for a transfer is a person of
the round: the seat it holds comes on top of the open ones once, as its own, and is passed on when the child moves. Where a row
tells fewer who stay than have asked for a transfer there, those are counted, so no seat is there twice. When a ratio leaves
less than is taken, nothing is open and everybody keeps the seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.services.allocation.contest import EVERYBODY, Pool, Seats, seat_key


@dataclass(frozen=True)
class ClassSeats:
    """What was given for a class: the most it may hold, and the children who go on in it."""

    limit: int
    staying: int


Given = Mapping[tuple[str, str], ClassSeats]
"""By facility and class."""


def pools_of(facilities: Iterable[Facility]) -> list[Pool]:
    """Every pool of seats, facility by facility, youngest class first."""
    return [(facility.code, label) for facility in facilities for label in labels_of(facility)]


def labels_of(facility: Facility) -> list[str]:
    """The classes of a facility; joint ones stand as one where the first of them does."""
    if not facility.seats:
        return [EVERYBODY]
    return list(dict.fromkeys(label_of(facility, each) for each in facility.classes))


def label_of(facility: Facility, age_class: str) -> str:
    """The pool of one class: `1`, or `4+5` for joint classes."""
    if not facility.seats:
        return EVERYBODY
    group = next((group for group in facility.shared if age_class in group), (age_class,))
    return "+".join(group)


def own_seats(facility: Facility, age_class: str) -> int:
    """The seats of a class by the table of facilities; of a club all of them."""
    return facility.capacity if age_class == EVERYBODY else facility.seats[age_class]


def open_seats_of(
    facilities: Iterable[Facility], given: Given, holders: Mapping[Pool, int]
) -> dict[Pool, int]:
    """The seats nobody has, by pool. holders: children of the round who hold a seat there."""
    return {
        (facility.code, label): _open(facility, label, given, holders.get((facility.code, label), 0))
        for facility in facilities
        for label in labels_of(facility)
    }


def _open(facility: Facility, label: str, given: Given, holders: int) -> int:
    rows = [
        given.get((facility.code, each), ClassSeats(own_seats(facility, each), 0))
        for each in label.split("+")
    ]
    limit, staying = sum(row.limit for row in rows), sum(row.staying for row in rows)
    return max(0, limit - max(staying, holders))


def seats_of(
    facilities: Iterable[Facility],
    given: Given,
    holders: Mapping[Pool, int],
    taken: Mapping[Pool, int],
    changed: Mapping[str, int],
) -> Seats:
    """The seats of the contest: those open and those taken, and never fewer than those taken.

    holders: everybody of the period who held a seat before its first round; taken: who keeps a seat there now. Before
    the first round these are the same. changed: open seats of a trial, by key of the pool.
    """
    found = {}
    for pool, count in open_seats_of(facilities, given, holders).items():
        kept = taken.get(pool, 0)
        free = changed.get(seat_key(pool), max(0, count + holders.get(pool, 0) - kept))
        found[pool] = free + kept
    return Seats(found)
