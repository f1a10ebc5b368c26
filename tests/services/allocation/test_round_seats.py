"""Seats of a round: what a row makes open, how children who are there count, and what is wrong with a file."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.allocation.actions import (
    clear_seats,
    compute_round,
    give_seats,
    open_round,
    submit_round,
)
from madoguchi.services.allocation.errors import Outdated, SeatsFaulty, WrongState
from madoguchi.services.allocation.models import Placement, RoundSeat
from madoguchi.services.allocation.queries import seat_changes, seat_file, seat_table
from madoguchi.services.allocation.round_seats import ClassSeats, open_seats_of, seats_of
from madoguchi.services.allocation.seat_rules import SeatRow, read_seat_file
from madoguchi.services.allocation.seats import RatioKind
from tests.factories_nursery import PERIOD, SLUG, applied, nursery, nursery_files, transferring

PLACES = read_files(nursery_files({})).facilities
ENTRY = date(2027, 4, 1)
HEAD = "施設コード,クラス,定員,在園で残る子ども,保育士の数,面積,配置基準"


def read(*lines: str) -> list[SeatRow]:
    return read_seat_file("\n".join([HEAD, *lines]).encode(), PLACES)


def test_the_smallest_of_places_staff_and_floor_is_the_limit() -> None:
    (row,) = read("n01,1,12,8,2,33.0,標準")
    assert row.limits(ENTRY) == {"定員": 12, "保育士の数": 12, "面積": 10}
    assert row.seats(ENTRY) == ClassSeats(10, 8)
    (subsidy,) = read("n01,1歳児,12,8,2,,1歳児加算")
    assert subsidy.seats(ENTRY).limit == 10
    (plain,) = read("ｎ01,１,１２,８,,,")
    assert plain == SeatRow("n01", "1", 12, 8)


def open_at(label: str, given: dict[tuple[str, str], ClassSeats], holders: int = 0) -> int:
    return open_seats_of(PLACES, given, {("n04", label): holders})["n04", label]


def test_children_of_the_round_who_hold_a_seat_are_among_those_who_stay() -> None:
    """Ten places, seven go on, two of them wish to move: three are open, and the two bring their own."""
    told = {("n04", "3"): ClassSeats(10, 7)}
    assert open_at("3", told, holders=2) == 3
    seats = seats_of(PLACES, told, *[{("n04", "3"): 2}] * 2, {})
    assert seats.by_pool["n04", "3"] == 5, "three open, two held: with the five who are no persons here, ten"


def test_without_a_row_the_facility_has_its_own_seats_less_those_held() -> None:
    assert open_at("3", {}, holders=2) == 8
    assert seats_of(PLACES, {}, *[{("n04", "3"): 2}] * 2, {}).by_pool["n04", "3"] == 10


def test_fewer_told_to_stay_than_hold_a_seat_counts_no_seat_twice() -> None:
    assert open_at("3", {("n04", "3"): ClassSeats(10, 1)}, holders=2) == 8


def test_a_ratio_that_leaves_less_than_is_taken_opens_nothing_and_takes_nothing() -> None:
    told = {("n04", "3"): ClassSeats(6, 9)}
    assert open_at("3", told, holders=2) == 0
    assert seats_of(PLACES, told, *[{("n04", "3"): 2}] * 2, {}).by_pool["n04", "3"] == 2


def test_joint_classes_are_counted_together() -> None:
    told = {("n04", "4"): ClassSeats(10, 12), ("n04", "5"): ClassSeats(10, 5)}
    assert open_at("4+5", told) == 3


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_nobody_who_is_there_is_without_a_seat_and_no_seat_is_there_twice(
    limit: int, staying: int, holders: int
) -> None:
    told = {("n04", "3"): ClassSeats(limit, staying)}
    seats = seats_of(PLACES, told, *[{("n04", "3"): holders}] * 2, {}).by_pool["n04", "3"]
    others = max(staying - holders, 0)
    assert seats >= holders
    assert seats + others <= max(limit, staying, holders)


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["n99,1,12,8,,,"], "2行目 施設コード: 「n99」という施設はありません"),
        (["n05,5,12,8,,,"], "2行目 クラス: .*「5」というクラスはありません.*0・1・2"),
        (["n01,1,12,8,,,", "n01,1,12,9,,,"], "3行目 クラス: .*2行目にもあります"),
        (["n01,1,,8,,,"], "2行目 定員: 「」は0から"),
        (["n01,1,12,-1,,,"], "2行目 在園で残る子ども"),
        (["n01,1,12,8,二,,"], "2行目 保育士の数: 「二」"),
        (["n01,1,12,8,,広い,"], "2行目 面積"),
        (["n01,1,12,8,,,昔"], "2行目 配置基準: .*標準・経過措置・1歳児加算"),
        (["n01,1,12,8,,,,,9"], "2行目 列: 見出しより多く"),
        ([], "行: .*1行以上"),
    ],
    ids=["facility", "class", "twice", "blank", "below", "staff", "floor", "ratio", "cells", "empty"],
)
def test_what_is_wrong_is_told_with_line_field_reason_and_remedy(lines: list[str], names: str) -> None:
    with pytest.raises(SeatsFaulty, match=names) as refused:
        read(*lines)
    assert all(fault.remedy for fault in refused.value.faults)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SeatsFaulty) as refused:
        read("n99,1,x,8,,,", "n01,7,12,y,,,")
    assert [(fault.place, fault.field) for fault in refused.value.faults] == [
        ("2行目", "施設コード"),
        ("2行目", "定員"),
        ("3行目", "クラス"),
        ("3行目", "在園で残る子ども"),
    ]


def test_a_file_without_its_columns_or_in_no_known_writing_is_refused() -> None:
    with pytest.raises(SeatsFaulty, match="「在園で残る子ども」の列"):
        read_seat_file("施設コード,クラス,定員\nn01,1,3".encode("cp932"), PLACES)
    with pytest.raises(SeatsFaulty, match="文字コード"):
        read_seat_file(b"\x81\xff\xfe\xff", PLACES)


# ---- through the doors


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


def test_a_row_opens_the_seats_of_its_class_and_its_changes_are_told(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 9})
    for given_name in ("はな", "たろう"):
        applied(loaded, reviewer, now, given_name, ["n01"], "2")
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    told = {"round_id": opened.id, "by": reviewer, "at": now}
    assert give_seats(rows=[SeatRow("n01", "2", 9, 5, staff=1)], **told) == 1
    assert give_seats(rows=[SeatRow("n01", "2", 9, 5, staff=1)], **told) == 0, "nothing new, nothing told"
    with pytest.raises(Outdated):
        submit_round(round_id=opened.id, approver=staff_with(Role.SECTION_HEAD), by=reviewer, at=now)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    assert Placement.objects.exclude(facility_code="").count() == 1
    (change,) = seat_changes(opened.id)
    assert (change.before, change.after) == ("施設の定員のとおり", "定員9・在園5・保育士1人")
    clear_seats(facility="n01", age_class="2", **told)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    assert Placement.objects.exclude(facility_code="").count() == 2
    assert (
        len(trace_of(Subject("allocation.round", str(opened.id))).filter(verb="allocation.seats_given")) == 2
    )


def test_a_change_of_ratio_leaves_every_child_its_seat(section: Any, reviewer: Any, now: datetime) -> None:
    loaded = nursery(now, n01={"2": 0}, n02={"2": 3})
    stays = applied(loaded, reviewer, now, "はな", ["n01"], "2", **transferring("n02"))
    waits = applied(loaded, reviewer, now, "たろう", ["n02"], "2")
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    rows = [SeatRow("n02", "2", 3, 3, staff=0, ratio=RatioKind.STANDARD)]
    give_seats(round_id=opened.id, rows=rows, by=reviewer, at=now)
    view = compute_round(round_id=opened.id, by=reviewer, at=now)
    assert view.figures["staying"] == 1
    assert {row.application_id for row in Placement.objects.filter(facility_code="")} == {stays.pk, waits.pk}


def test_the_table_names_what_is_missing_and_comes_back_as_a_file(
    section: Any, reviewer: Any, now: datetime
) -> None:
    loaded = nursery(now)
    applied(loaded, reviewer, now, "はな", ["n01"], "2", **transferring("n02"))
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    every = [
        SeatRow(place.code, each, place.seats[each], 1, floor=Decimal("99.5"))
        for place in PLACES
        for each in place.classes
        if (place.code, each) != ("n03", "4")
    ]
    give_seats(round_id=opened.id, rows=every, by=reviewer, at=now)
    table = seat_table(opened.id)
    assert [(line.code, line.missing) for line in table.missing] == [("n03", ("4歳児クラス",))]
    sums = {name: (staying, holders) for name, _, staying, holders, _ in table.sums}
    assert sums["2歳児クラス"] == (len([place for place in PLACES if "2" in place.seats]) - 1, 1)
    filled = seat_file(opened.id).decode("utf-8-sig").replace("n03,4,15,,", "n03,4,15,0,")
    again = read_seat_file(filled.encode("cp932"), PLACES)
    assert give_seats(round_id=opened.id, rows=again, by=reviewer, at=now) == 1
    assert not seat_table(opened.id).missing


def test_seats_are_not_changed_while_the_list_is_with_the_approver_nor_by_anybody(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    loaded = nursery(now)
    applied(loaded, reviewer, now, "はな", ["n01"], "2")
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    head = staff_with(Role.SECTION_HEAD)
    rows = [SeatRow("n01", "2", 9, 5)]
    with pytest.raises(NotAllowed):
        give_seats(round_id=opened.id, rows=rows, by=head, at=now)
    submit_round(round_id=opened.id, approver=head, by=reviewer, at=now)
    with pytest.raises(WrongState):
        give_seats(round_id=opened.id, rows=rows, by=reviewer, at=now)
    assert not RoundSeat.objects.exists()
