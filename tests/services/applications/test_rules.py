"""Pure rules of the applications room, and every pair of stages."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.common.idents import read_case_number
from madoguchi.services.applications import rules
from madoguchi.services.applications.states import NEXT, OPEN, Stage, may_move

CALENDAR = OfficeCalendar()
LEGAL = {
    ("received", "reviewing"),
    ("received", "correcting"),
    ("received", "accepted"),
    ("received", "withdrawn"),
    ("reviewing", "correcting"),
    ("reviewing", "accepted"),
    ("reviewing", "withdrawn"),
    ("correcting", "reviewing"),
    ("correcting", "accepted"),
    ("correcting", "withdrawn"),
    ("accepted", "correcting"),
    ("accepted", "deciding"),
    ("accepted", "withdrawn"),
    ("deciding", "accepted"),
    ("deciding", "decided"),
}


@pytest.mark.parametrize(("now", "to"), list(product(Stage, Stage)))
def test_every_pair_of_stages(now: Stage, to: Stage) -> None:
    assert may_move(now, to) == ((now.value, to.value) in LEGAL)


def test_what_is_over_goes_nowhere_and_the_rest_is_open() -> None:
    assert {stage for stage in Stage if not NEXT[stage]} == set(Stage) - OPEN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"family": "高橋", "given": "そら"}, {"family": "髙橋", "given": "そら"}),
        ({"family": "渡邉", "given": "葵"}, {"family": "渡辺", "given": "葵"}),
        ({"family": "見本", "given": "ソラ"}, {"family": "見本 ", "given": "そら"}),
    ],
)
def test_one_person_has_one_key_in_every_spelling(one: dict[str, str], other: dict[str, str]) -> None:
    assert rules.person_key(one, "2020-06-14") == rules.person_key(other, "2020-06-14")
    assert rules.person_key(one, "2020-06-14") != rules.person_key(other, "2020-06-15")


def test_nobody_has_no_key() -> None:
    assert rules.person_key({"family": "", "given": ""}, "2020-06-14") == ""
    assert rules.person_key({"family": "見本", "given": "そら"}, None) == ""
    assert rules.household_key({"family": "見本", "given": "花子"}, {}) == ""


def test_a_family_has_one_key_however_the_address_was_typed() -> None:
    applicant = {"family": "見本", "given": "花子"}
    one = rules.household_key(applicant, {"town": "サンプル市中央", "block": "1-2-3"})
    assert one == rules.household_key(applicant, {"town": "サンプル市中央", "block": "１－２－３"})
    assert one != rules.household_key(applicant, {"town": "サンプル市中央", "block": "1-2-4"})


def test_receipt_numbers_end_with_the_last_one() -> None:
    numbers = rules.receipt_numbers("GK", 7, 3)
    assert [read_case_number(number).sequence for number in numbers] == [5, 6, 7]


def test_only_the_asked_fields_change() -> None:
    before = {"a": ["1"], "b": ["2"], "rows-0-end": ["16:00"], "rows-0-start": ["9:00"]}
    after = rules.with_corrections(
        before, {"a": ["9"], "b": ["8"], "rows-0-end": ["17:30"]}, ["a", "rows-0-end"]
    )
    assert after == {"a": ["9"], "b": ["2"], "rows-0-end": ["17:30"], "rows-0-start": ["9:00"]}


def test_a_field_asked_again_loses_its_old_parts() -> None:
    before = {"rows-0-x": ["1"], "rows-1-x": ["2"]}
    assert rules.with_corrections(before, {"rows-0-x": ["5"]}, ["rows"]) == {"rows-0-x": ["5"]}


@given(st.dictionaries(st.sampled_from(["a", "b-x", "c", "ab"]), st.lists(st.text(), max_size=2)))
def test_nothing_but_the_asked_ever_changes(typed: dict[str, list[str]]) -> None:
    before = {"a": ["old"], "ab": ["old"], "b-x": ["old"]}
    after = rules.with_corrections(before, typed, ["a"])
    assert after["ab"] == after["b-x"] == ["old"]
    assert "c" not in after


@pytest.mark.parametrize(("seconds", "counted"), [(None, None), (-5, 0), (85, 85), (99_999, 1800)])
def test_staff_seconds_are_capped(seconds: int | None, counted: int | None) -> None:
    assert rules.counted_seconds(seconds) == counted
