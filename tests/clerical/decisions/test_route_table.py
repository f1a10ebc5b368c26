from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.decisions.routing.table import (
    Kind,
    RouteTableFaults,
    TableFault,
    default_table,
    read_table,
)

HEADER = (
    "row_id,kind,kind_ja,amount_over,amount_upto,decider,consult,council,substitute_1,substitute_2,"
    "later_look,effective_from,effective_to"
)
LOW = "A1,K1,物品,,500000,課長,,,課長補佐,係長,要,2025-04-01,2026-03-31"
HIGH = "A2,K1,物品,500000,,部長,契約課長;財政課長,,部次長,課長,要,2025-04-01,2026-03-31"
DAY = date(2025, 6, 1)
TABLE = default_table()


def text(*lines: str) -> str:
    return "\n".join([HEADER, *lines, ""])


def faults(*lines: str) -> list[TableFault]:
    with pytest.raises(RouteTableFaults) as caught:
        read_table(text(*lines))
    return caught.value.faults


def places(*lines: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.column) for fault in faults(*lines)]


def test_a_table_is_read_with_or_without_a_byte_order_mark() -> None:
    table = read_table("\ufeff" + text(LOW, "", HIGH).replace("\n", "\r\n"))
    assert table == read_table(text(LOW, "", HIGH))
    low, high = table.rows
    assert (low.row_id, low.line, low.starts, low.ends) == ("A1", 2, date(2025, 4, 1), date(2026, 3, 31))
    assert (high.line, high.consult, high.substitutes) == (4, ("契約課長", "財政課長"), ("部次長", "課長"))


def test_amounts_and_days_are_read_as_a_spreadsheet_writes_them() -> None:
    low = (
        LOW.replace("500000", '"500,000"')
        .replace("2025-04-01", "2025/4/1")
        .replace("2026-03-31", "令和8年3月31日")
    )
    (first, _) = read_table(text(low, HIGH)).rows
    assert (first.amount_upto, first.starts, first.ends) == (500_000, date(2025, 4, 1), date(2026, 3, 31))


def test_the_row_is_found_by_kind_amount_and_day() -> None:
    table = read_table(text(LOW, HIGH))
    found = [table.row_for("K1", amount, DAY) for amount in (0, 500_000, 500_001)]
    assert [row.row_id for row in found if row] == ["A1", "A1", "A2"]
    assert table.row_for("K1", None, DAY) is None
    assert table.row_for("K2", 1, DAY) is None
    assert table.row_for("K1", 1, date(2026, 4, 1)) is None


def test_kinds_are_listed_as_of_a_day() -> None:
    assert read_table(text(LOW, HIGH)).kinds(DAY) == (Kind("K1", "物品"),)
    assert read_table(text(LOW, HIGH)).kinds(date(2026, 4, 1)) == ()
    assert len(default_table().kinds(date(2026, 6, 1))) == 53


def test_who_substitutes_for_a_decider_from_another_row() -> None:
    table = default_table()
    row = table.row_for("K25", None, date(2026, 6, 1))
    assert row is not None
    assert table.substitutes_of("課長", row, date(2026, 6, 1)) == ("課長補佐", "係長")
    assert table.substitutes_of("市長", row, date(2026, 6, 1)) == ("副市長", "総務部長")
    assert table.substitutes_of("市長", row, date(1999, 1, 1)) == ()


@pytest.mark.parametrize(
    ("lines", "place", "word"),
    [
        ([LOW, HIGH.replace("500000", "400000")], (3, "amount_over"), "重なる"),
        ([LOW, HIGH.replace("500000", "600000")], (3, "amount_over"), "抜けています"),
        ([HIGH], (2, "amount_over"), "500,000円以下の行がありません"),
        ([LOW], (2, "amount_upto"), "500,000円を超える行がありません"),
        (
            [LOW, HIGH.replace("部長,契約課長", "係長,契約課長").replace("部次長,課長", ",")],
            (3, "decider"),
            "より下",
        ),
        ([LOW.replace("課長,,,課長補佐", ",,,課長補佐"), HIGH], (2, "decider"), "決裁者がありません"),
        ([LOW.replace("課長,,,課長補佐", "主任,,,課長補佐"), HIGH], (2, "decider"), "「主任」"),
        ([LOW, HIGH.replace("財政課長", "財政課")], (3, "consult"), "「財政課」"),
        ([LOW, HIGH.replace("財政課長", "契約課長")], (3, "consult"), "2回"),
        ([LOW.replace("課長補佐", "課長の隣"), HIGH], (2, "substitute_1"), "「課長の隣」"),
        ([LOW.replace("課長補佐", "部長"), HIGH], (2, "substitute_1"), "下の職に"),
        ([LOW.replace("課長補佐", "係長"), HIGH], (2, "substitute_2"), "1人目と同じ"),
        ([LOW.replace("2026-03-31", "2024-03-31"), HIGH], (2, "effective_to"), "より前"),
        ([LOW.replace("2026-03-31", "2026-02-30"), HIGH], (2, "effective_to"), ""),
        ([LOW.replace("500000", "五十万くらい"), HIGH], (2, "amount_upto"), ""),
        ([LOW.replace(",,500000", ",500000,500000"), HIGH], (2, "amount_upto"), "大きくありません"),
        ([LOW.replace(",要,", ",そのうち,"), HIGH], (2, "later_look"), "「そのうち」"),
        ([LOW, HIGH.replace("A2", "A1")], (3, "row_id"), "2行目にもあります"),
        ([LOW.replace("A1", ""), HIGH], (2, "row_id"), "空です"),
        ([LOW + ",余り", HIGH], (2, ""), "13列"),
        (['A1,K1,"物品'], (2, ""), "CSV として"),
        ([], (1, ""), "行がありません"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_column(
    lines: list[str], place: tuple[int, str], word: str
) -> None:
    assert place in places(*lines)
    fault = next(fault for fault in faults(*lines) if (fault.line, fault.column) == place)
    assert word in fault.sentence
    assert fault.sentence.endswith("。")


def test_every_mistake_is_told_at_once() -> None:
    other_kind = ["B1,K2,委託,,100,課長,,,,,要,,", "B2,K2,委託,200,,課長,,,,,要,,"]
    found = places(LOW.replace("課長補佐", "だれか").replace("2026-03-31", "x"), HIGH, *other_kind)
    assert found == [(2, "effective_to"), (2, "substitute_1"), (5, "amount_over")]


def test_bands_are_compared_only_on_days_both_are_in_force() -> None:
    later = [
        LOW.replace("A1", "A3")
        .replace("2025", "2026")
        .replace("2026-03", "2027-03")
        .replace("500000", "800000"),
        HIGH.replace("A2", "A4")
        .replace("2025", "2026")
        .replace("2026-03", "2027-03")
        .replace("500000", "800000"),
    ]
    table = read_table(text(LOW, HIGH, *later))
    found = [table.row_for("K1", 600_000, day) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert [row.row_id for row in found if row] == ["A2", "A3"]
    too_early = [line.replace("2026-04-01", "2026-03-31") for line in later]
    assert {fault.line for fault in faults(LOW, HIGH, *too_early)} == {3, 4, 5}


def test_a_wide_row_overlaps_each_row_inside_it() -> None:
    wide = "A0,K1,物品,,,市長,,,,,要,2025-04-01,2026-03-31"
    assert (3, "amount_over") in places(wide, HIGH)
    assert (4, "amount_over") in places(LOW, wide, HIGH)


@pytest.mark.parametrize("content", ["", "\n\n", "a,b\n1,2\n", HEADER + ",row_id\n"])
def test_what_is_not_such_a_table_is_refused(content: str) -> None:
    with pytest.raises(RouteTableFaults, match=r"1行目: .*。"):
        read_table(content)


def test_the_faults_are_readable_together() -> None:
    with pytest.raises(
        RouteTableFaults, match=r"2行目 decider: 決裁者がありません。.*どれかを書いてください。"
    ):
        read_table(text(LOW.replace("課長,,,課長補佐", ",,,課長補佐"), HIGH))


def test_other_orders_of_consultation_are_not_pretended() -> None:
    header = HEADER + ",consult_order"
    rows = [LOW + ",", HIGH + ",契約課長の後に財政課長"]
    with pytest.raises(RouteTableFaults, match="合議は並行だけ"):
        read_table("\n".join([header, *rows]))
    read_table("\n".join([header, LOW + ",", HIGH + ",並行"]))


@given(
    st.dates(date(2019, 1, 1), date(2030, 1, 1)),
    st.integers(0, 300_000_000) | st.sampled_from([row.amount_upto or 0 for row in TABLE.rows]),
)
def test_each_amount_has_exactly_one_row_on_each_day(on: date, amount: int) -> None:
    for kind in TABLE.kinds(on):
        for each in (amount, amount + 1):
            covering = [
                row for row in TABLE.rows if row.kind == kind.code and row.in_force(on) and row.covers(each)
            ]
            assert len(covering) == 1
            assert covering == [TABLE.row_for(kind.code, each, on)]


def test_the_row_in_force_on_the_day_applies() -> None:
    last = date(2025, 3, 31)
    rows = [TABLE.row_for("K01", 1_500_000, day) for day in (last, last + timedelta(days=1))]
    assert [row.row_id for row in rows if row] == ["SK008", "SK001"]


def test_the_shipped_table_says_what_its_source_says() -> None:
    source = (Path(__file__).parent / "data" / "senketsu.csv").read_text(encoding="utf-8")
    assert read_table(source) == TABLE
