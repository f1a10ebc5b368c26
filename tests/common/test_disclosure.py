"""Nobody rebuilds a hidden cell: by the attacker, by counting out every table, and on a city's two printed tables."""

import csv
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.common import disclosure_attack as attack
from madoguchi.common.disclosure import (
    CountTable,
    PrintedList,
    PrintedTable,
    publish,
    publish_list,
    publish_lists,
    publish_unprotected,
    rate,
    shown,
)

MAEBASHI = Path(__file__).parent / "maebashi"


def sheet(name: str) -> list[list[str]]:
    """The 16 districts and the line of the city."""
    with (MAEBASHI / name).open(encoding="utf-8") as file:
        return list(csv.reader(file))[1:18]


def grid(name: str, first: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(cell) for cell in line[first : first + 11]) for line in sheet(name)[:16])


def percents(cells: list[str]) -> list[Decimal | None]:
    return [Decimal(cell) if cell else None for cell in cells]


def as_the_city_printed_them() -> attack.Puzzle:
    holders, rates = sheet("holders.csv"), sheet("rates.csv")
    return attack.read_printed(
        grid("holders.csv", 2),
        [int(line[1]) for line in holders[:16]],
        [int(cell) for cell in holders[16][2:13]],
        rates=[percents(line[3:14]) for line in rates[:16]],
        row_bases=[int(line[1]) for line in rates[:16]],
        column_rates=percents(rates[16][3:14]),
    )


def maebashi() -> CountTable:
    districts = tuple(line[0] for line in sheet("holders.csv")[:16])
    ages = tuple(f"{decade * 10}-{decade * 10 + 9}" for decade in range(11))
    return CountTable(districts, ages, grid("holders.csv", 2), grid("population_derived.csv", 2))


def puzzle_of(table: PrintedTable) -> attack.Puzzle:
    return attack.read_printed(
        table.counts,
        table.row_totals,
        table.column_totals,
        rates=table.rates,
        row_bases=table.row_bases,
        column_rates=table.column_rates,
        total=table.total,
    )


def test_the_two_printed_tables_give_four_people_of_100_to_109_away() -> None:
    found = attack.small_bases_found(as_the_city_printed_them(), 5)
    districts = [line[0] for line in sheet("holders.csv")]
    assert {districts[int(name.split()[1].split(",")[0])] for name in found} == {"下川淵"}
    assert {name.split(",")[1] for name in found} == {"10"}, "the column 100-109"
    assert list(found.values()) == [4]


def test_blanking_the_small_cells_alone_protects_nothing() -> None:
    """Primary suppression only: the totals give every one of them back."""
    table = maebashi()
    whole = publish_unprotected(table)
    small = {(i, j) for i, j in table.cells() if 0 < table.counts[i][j] < 5}
    counts = [
        [None if (i, j) in small else value for j, value in enumerate(line)]
        for i, line in enumerate(whole.counts)
    ]
    puzzle = attack.read_printed(counts, whole.row_totals, whole.column_totals)
    assert len(attack.rebuilt(puzzle, small)) == len(small)


def test_after_our_suppression_nothing_is_found_and_the_sums_stay() -> None:
    table = maebashi()
    safe = publish(table)
    assert attack.small_bases_found(puzzle_of(safe), 5) == {}
    assert attack.rebuilt(puzzle_of(safe), safe.hidden) == {}
    assert safe.total == 146_091
    assert None not in safe.row_totals
    assert len(safe.hidden) <= 20
    assert all(safe.rates[i][j] is None for i, j in safe.hidden)


small_grids = st.integers(2, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 9), min_size=columns, max_size=columns).map(tuple), min_size=2, max_size=4
    ).map(tuple)
)


def table_of(counts: tuple[tuple[int, ...], ...]) -> CountTable:
    rows = tuple(f"r{i}" for i in range(len(counts)))
    return CountTable(rows, tuple(f"c{j}" for j in range(len(counts[0]))), counts)


@settings(max_examples=150, deadline=None)
@given(small_grids)
def test_the_attacker_finds_no_hidden_cell(counts: tuple[tuple[int, ...], ...]) -> None:
    safe = publish(table_of(counts))
    assert attack.rebuilt(puzzle_of(safe), safe.hidden) == {}
    assert not any(0 < value < 5 for line in safe.counts for value in line if value is not None)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2).map(tuple), min_size=2, max_size=3).map(
        tuple
    )
)
def test_every_hidden_cell_has_two_values_when_all_tables_are_counted_out(
    counts: tuple[tuple[int, ...], ...],
) -> None:
    safe = publish(table_of(counts))
    hidden = sorted(safe.hidden)
    if not hidden or len(hidden) > 4 or None in safe.row_totals:
        return
    found: list[set[int]] = [set() for _ in hidden]
    for values in product(range(8), repeat=len(hidden)):
        if fits(safe, dict(zip(hidden, values, strict=True))):
            for seen, value in zip(found, values, strict=True):
                seen.add(value)
    assert all(len(seen) > 1 for seen in found)


def fits(table: PrintedTable, guessed: dict[tuple[int, int], int]) -> bool:
    full = [
        [guessed[i, j] if value is None else value for j, value in enumerate(line)]
        for i, line in enumerate(table.counts)
    ]
    rows = [sum(line) for line in full] == list(table.row_totals)
    return rows and [sum(line) for line in zip(*full, strict=True)] == list(table.column_totals)


@settings(max_examples=60, deadline=None)
@given(small_grids, st.randoms(use_true_random=False))
def test_two_tables_together_give_no_hidden_cell_away(
    counts: tuple[tuple[int, ...], ...], dice: Random
) -> None:
    bases = tuple(tuple(value + dice.randint(0, 30) for value in line) for line in counts)
    table = table_of(counts)
    safe = publish(CountTable(table.rows, table.columns, counts, bases))
    assert attack.rebuilt(puzzle_of(safe), safe.hidden) == {}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=1))
def test_a_list_with_its_sum_gives_no_line_away(counts: dict[str, int]) -> None:
    printed = publish_list(counts)
    hidden_sum = sum(counts[key] for key in printed.hidden)
    assert printed.total is None or not printed.hidden or (len(printed.hidden) > 1 and hidden_sum >= 5)
    assert not any(value is not None and 0 < value < 5 for value in printed.counts.values())


def test_a_list_of_one_small_line_has_no_sum_either() -> None:
    assert publish_list({"a": 3}) == PrintedList({"a": None}, None)
    assert publish_list({"a": 0, "b": 3}).total is None
    assert publish_list({"a": 7}) == PrintedList({"a": 7}, 7)
    assert publish_list({"a": 2, "b": 1, "c": 9}).hidden == {"a", "b", "c"}


def test_lists_side_by_side_hide_the_same_lines() -> None:
    first, second = publish_lists([{"a": 2, "b": 9, "c": 40}, {"a": 50, "b": 50, "c": 3}])
    assert first.hidden == second.hidden >= {"a", "c"}


def test_when_a_total_is_hidden_the_sum_of_all_goes_with_it() -> None:
    """A lone small cell with nothing to turn against: its row, its column and the sum of all would give it back."""
    safe = publish(table_of(((3, 0), (0, 0))))
    assert (safe.row_totals[0], safe.column_totals[0], safe.total) == (None, None, None)
    puzzle = puzzle_of(safe)
    assert attack.known_exactly(puzzle, [f"count {i},{j}" for i, j in safe.hidden]) == {}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=3).map(tuple), min_size=2, max_size=3)
    .filter(lambda rows: len({len(row) for row in rows}) == 1)
    .map(tuple)
)
def test_the_exact_attacker_finds_no_hidden_cell(counts: tuple[tuple[int, ...], ...]) -> None:
    safe = publish(table_of(counts))
    names = [f"count {i},{j}" for i, j in sorted(safe.hidden)]
    assert attack.known_exactly(puzzle_of(safe), names) == {}


def test_the_exact_attacker_finds_what_narrowing_misses() -> None:
    """x + y and x − y are printed: narrowing stops at bounds, counting out does not."""
    puzzle = attack.Puzzle()
    for name, value in (("x", None), ("y", None), ("s", 10), ("d", 4)):
        puzzle.quantity(name, value)
    puzzle.holds += [attack.Sum("s", ("x", "y")), attack.Sum("x", ("y", "d"))]
    assert attack.known_exactly(puzzle, ["x", "y"]) == {"x": 7, "y": 3}


def test_figures_as_pages_show_them() -> None:
    assert (shown(None), shown(1234)) == ("x", "1,234")
    assert rate(1, 6) == Decimal("16.67")
    assert rate(0, 0) is None
