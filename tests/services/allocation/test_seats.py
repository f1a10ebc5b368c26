"""Open seats of a class and the staff it needs, by the worked examples."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.services.allocation.seats import (
    LEAST_STAFF,
    NoRatio,
    RatioKind,
    Room,
    open_seats,
    ratio_of,
    staff_needed,
)

DATA = Path(__file__).parent / "data"
ENTRY = date(2027, 4, 1)
CLASSES = [str(age) for age in range(6)]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("seat_examples.csv"), ids=lambda row: row["example_id"])
def test_open_seats_are_those_of_the_example(row: dict[str, str]) -> None:
    room = Room(
        row["class"],
        int(row["staff"]),
        Decimal(row["room_m2"]),
        Decimal(row["m2_per_child"]),
        int(row["enrolled_staying"]),
    )
    assert open_seats(room, RatioKind(row["kind"]), date.fromisoformat(row["on"])) == int(row["open_seats"])


@pytest.mark.parametrize("row", rows("staff_examples.csv"), ids=lambda row: row["example_id"])
def test_the_staff_needed_is_that_of_the_example(row: dict[str, str]) -> None:
    children = {age: int(row[f"n{age}"]) for age in CLASSES}
    needed = staff_needed(children, RatioKind(row["kind"]), date.fromisoformat(row["on"]))
    assert needed == int(row["staff_needed"])


@given(
    st.sampled_from(CLASSES),
    st.integers(0, 20),
    st.integers(0, 200),
    st.integers(0, 60),
    st.sampled_from(RatioKind),
)
def test_nobody_who_stays_loses_a_seat_and_no_seat_lacks_floor_or_staff(
    age: str, staff: int, floor: int, staying: int, kind: RatioKind
) -> None:
    room = Room(age, staff, Decimal(floor), Decimal("1.98"), staying)
    seats = open_seats(room, kind, ENTRY)
    assert seats >= 0
    if seats:
        assert (staying + seats) * Decimal("1.98") <= floor
        assert staying + seats <= staff * ratio_of(age, kind, ENTRY).children


@given(st.fixed_dictionaries({age: st.integers(0, 120) for age in CLASSES}), st.sampled_from(CLASSES))
def test_one_more_child_never_needs_less_staff(children: dict[str, int], age: str) -> None:
    more = {**children, age: children[age] + 1}
    assert (
        LEAST_STAFF
        <= staff_needed(children, RatioKind.STANDARD, ENTRY)
        <= staff_needed(more, RatioKind.STANDARD, ENTRY)
    )


def test_a_day_before_every_ratio_is_named() -> None:
    with pytest.raises(NoRatio, match="1900-01-01"):
        ratio_of("3", RatioKind.STANDARD, date(1900, 1, 1))
