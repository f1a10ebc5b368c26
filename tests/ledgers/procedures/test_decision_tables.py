"""Decision tables: what a cell admits, which rows count, and what is told about a table with mistakes."""

from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.decision_cells import CellUnreadable, common_value, plain, read_cell
from madoguchi.ledgers.procedures.decision_tables import (
    FactKind,
    TwoRowsMatch,
    check_table,
    collect,
    decide,
    read_table,
    total,
)

KNOWN = {
    "hours": FactKind("number"),
    "months": FactKind("number"),
    "decided": FactKind("number"),
    "reason": FactKind("code", frozenset({"work", "study", "care"})),
    "alone": FactKind("yesno"),
    "note_of": FactKind("text"),
}
DAY = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("cell", "fits", "misses"),
    [
        ("work", ["work"], ["study", None]),
        ("none|broken", ["none", "broken"], ["kept", None]),
        (">=8", [8, 8.5], [7.98, None, "8"]),
        (">8", [8.01], [8]),
        ("<50", [49.9, -1], [50]),
        ("<=50", [50], [50.1]),
        ("7..<8", [7, 7.98], [6.99, 8]),
        ("16..19", [16, 19], [15, 20]),
        ("-4..<0", [-4, -0.5], [0]),
        ("1", [1, 1.0, "1"], [2, "01"]),
        ("yes", [True, "yes"], [False, "no", None]),
    ],
)
def test_a_cell_admits_what_is_written(cell: str, fits: list[object], misses: list[object]) -> None:
    read = read_cell(cell)
    assert read is not None
    assert all(read.admits(plain(value)) for value in fits)
    assert not any(plain(value) is not None and read.admits(plain(value)) for value in misses)


@pytest.mark.parametrize("cell", [">=x", "5..", "7..<7", "9..2", "a||b", "|a", "＞＝8", "7〜8", "<"])
def test_an_unreadable_cell_is_told_with_a_way_to_write_it(cell: str) -> None:
    with pytest.raises(CellUnreadable):
        read_cell(cell)


BOUNDS = st.integers(-5, 5)
CELLS = st.one_of(
    BOUNDS.map(lambda low: f">={low}"),
    BOUNDS.map(lambda high: f"<{high}"),
    st.tuples(BOUNDS, st.integers(0, 4)).map(lambda told: f"{told[0]}..{told[0] + told[1]}"),
    st.tuples(BOUNDS, st.integers(1, 4)).map(lambda told: f"{told[0]}..<{told[0] + told[1]}"),
    BOUNDS.map(str),
)


@given(CELLS, CELLS)
def test_a_common_value_is_found_exactly_when_there_is_one(one: str, other: str) -> None:
    cells = read_cell(one), read_cell(other)
    found = common_value(*cells)
    half_steps = [number / 4 for number in range(-60, 61)]
    exists = any(all(cell is not None and cell.admits(number) for cell in cells) for number in half_steps)
    assert (found is not False) == exists
    assert found is False or all(cell is not None and cell.admits(found) for cell in cells)


BASE = """UNIQUE,reason,hours,points,effective_from,effective_to,text_ja
B1,work,>=8,25,2026-04-01,,8時間以上
B2,work,4..<8,16,2026-04-01,2027-03-31,4時間以上（令和8年度まで）
B3,work,4..<8,17,2027-04-01,,4時間以上（令和9年度から）
B4,care,,9,,,介護
"""


def test_a_unique_table_answers_once_and_by_the_day() -> None:
    table = read_table("base.csv", BASE, KNOWN)
    facts = {"reason": "work", "hours": 5}
    assert decide(table, facts, DAY).id == "B3"
    assert decide(table, facts, date(2027, 3, 31)).id == "B2"
    assert decide(table, {"reason": "work"}, DAY) is None
    assert decide(table, {"reason": "work", "hours": 3}, DAY) is None


def test_first_takes_the_uppermost_and_any_wants_agreement() -> None:
    rows = ",alone,result_stage,text_ja\nR1,yes,fast,急ぐ\nR2,,slow,ふつう\n"
    assert decide(read_table("t.csv", f"FIRST{rows}", KNOWN), {"alone": True}, DAY).results == {
        "stage": "fast"
    }
    assert decide(read_table("t.csv", f"FIRST{rows}", KNOWN), {}, DAY).id == "R2"
    with pytest.raises(TwoRowsMatch):
        decide(read_table("t.csv", f"ANY{rows}", KNOWN), {"alone": True}, DAY)


COLLECT = """COLLECT,group,group_policy,excludes,alone,months,points,per_fact,per_size,cap,hand_fact,hand_min,hand_max,text_ja
C1,G,max,,yes,,8,,,,,,,ひとり
C2,G,max,,yes,,5,,,,,,,ひとり（親族あり）
C3,M,min,,yes,,-4,,,,,,,祖父母
C4,M,min,,yes,,-1,,,,,,,近居
C5,,,,,>=1,-1,months,1,-12,,,,滞納
C6,,,,,,,,,,decided,-10,10,特に調整
C7,,,C8,,>=20,4,,,,,,,育休
C8,,,,,>=20,2,,,,,,,産休
C9,,,C7,,>=20,3,,,,,,,きょうだい
"""


def points_of(facts: dict[str, object]) -> dict[str, tuple[Decimal, bool]]:
    fired = collect(read_table("adjust.csv", COLLECT, KNOWN), facts, DAY)
    return {each.row.id: (each.points, each.counted) for each in fired}


def test_a_group_keeps_its_largest_or_its_smallest_row() -> None:
    told = points_of({"alone": True})
    assert told == {
        "C1": (Decimal(8), True),
        "C2": (Decimal(5), False),
        "C3": (Decimal(-4), True),
        "C4": (Decimal(-1), False),
    }


def test_points_for_each_month_stop_at_the_cap() -> None:
    assert points_of({"months": 3.9})["C5"] == (Decimal(-3), True)
    assert points_of({"months": 14})["C5"] == (Decimal(-12), True)


def test_of_rows_that_exclude_each_other_the_largest_sum_stays() -> None:
    """Leave (4) against birth (2) and siblings (3): two and three beat four."""
    told = points_of({"months": 20})
    assert [told[row][1] for row in ("C7", "C8", "C9")] == [False, True, True]


def test_points_of_a_person_count_only_inside_their_bounds() -> None:
    assert points_of({"decided": 6})["C6"] == (Decimal(6), True)
    assert points_of({"decided": 11})["C6"] == (Decimal(0), False)
    assert "C6" not in points_of({})


def test_what_is_beaten_says_by_what() -> None:
    fired = collect(read_table("adjust.csv", COLLECT, KNOWN), {"alone": True}, DAY)
    assert "ひとり" in next(each.why for each in fired if each.row.id == "C2")
    assert total(fired) == 4


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("UNIQUE,hourz,points\nA,1,1\n", 1, "hours"),
        ("SOME,hours,points\nA,1,1\n", 1, "UNIQUE"),
        ("UNIQUE,hours,points\nA,>=x,1\n", 2, ">=x"),
        ("UNIQUE,hours,points\nA,many,1\n", 2, "数です"),
        ("UNIQUE,reason,points\nA,>=3,1\n", 2, "範囲"),
        ("UNIQUE,reason,points\nA,wrok,1\n", 2, "wrok"),
        ("UNIQUE,alone,points\nA,maybe,1\n", 2, "maybe"),
        ("UNIQUE,hours,points\nA,>=3,1\nB,4..5,2\n", 3, "A と B"),
        ("UNIQUE,hours,points\nA,>=3,1\nA,<2,2\n", 3, "2つ"),
        ("UNIQUE,hours,points\nA,>=3\n", 2, "列が2個"),
        ("UNIQUE,hours,points\nA,>=3,十\n", 2, "十"),
        ("UNIQUE,hours,points\n,>=3,1\n", 2, "番号"),
        ("UNIQUE,hours,hours,points\nA,1,1,1\n", 1, "2つ"),
        ("COLLECT,hours,points,group\nA,1,1,G\n", 2, "group_policy"),
        ("COLLECT,hours,points,excludes\nA,1,1,Z\n", 2, "Z"),
        ("COLLECT,hours,points,per_fact,per_size\nA,1,1,hours,0\n", 2, "per_size"),
        ("COLLECT,hours,points,per_fact,per_size\nA,1,1,reason,1\n", 2, "数の事実"),
        ("COLLECT,hours,hand_fact,hand_min,hand_max\nA,1,decided,9,1\n", 2, "hand_min"),
        ("UNIQUE,hours,points,effective_from,effective_to\nA,1,1,2026/04/01,\n", 2, "2026/04/01"),
        ("UNIQUE,hours,points,effective_from,effective_to\nA,1,1,2027-04-01,2026-03-31\n", 2, "より前"),
        ("", 1, "UNIQUE"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_sentence(text: str, line: int, part: str) -> None:
    reading = check_table("tables/t.csv", text, KNOWN)
    assert reading.table is None
    assert any(fault.line == line and part in fault.sentence for fault in reading.faults)
    assert all(fault.file == "tables/t.csv" for fault in reading.faults)


def test_rows_of_different_years_do_not_overlap() -> None:
    assert check_table("base.csv", BASE, KNOWN).faults == []


def test_a_hole_between_bands_is_a_warning_and_stops_nothing() -> None:
    text = "UNIQUE,reason,hours,points\nA,work,>=8,2\nB,work,4..<7,1\n"
    reading = check_table("t.csv", text, KNOWN)
    assert reading.table is not None
    assert "hours=7" in reading.warnings[0].sentence
    assert reading.warnings[0].line == 2


def test_thousands_of_questions_take_a_moment() -> None:
    rows = "".join(f"R{n},work,{n}..<{n + 1},{n},\n" for n in range(400))
    table = read_table("big.csv", f"UNIQUE,reason,hours,points,text_ja\n{rows}", KNOWN)
    began = perf_counter()
    for number in range(2000):
        assert decide(table, {"reason": "work", "hours": number % 400}, DAY) is not None
    assert perf_counter() - began < 5
