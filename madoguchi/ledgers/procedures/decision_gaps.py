"""Does a UNIQUE table answer exactly once? Overlaps are faults, holes between its bands are warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from math import inf

from .decision_cells import Between, Cell, OneOf, candidates, common_value
from .decision_rows import Row, RowIndex, Table
from .faults import Fault

MOST_HOLES = 20
"""Holes named for one table; more would hide the first."""


def overlaps(table: Table) -> list[Fault]:
    """Two rows in force on one day that one and the same set of facts fulfils."""
    faults = []
    for one, other in combinations(table.rows, 2):
        meeting = _meeting(one, other)
        if meeting and one.starts <= other.ends and other.starts <= one.ends:
            both = f"{one.id} と {other.id} が同じ事実（{meeting}）に当たります。"
            faults.append(Fault(table.file, other.line, f"{both}条件が重ならないように直してください。"))
    return faults


def _meeting(one: Row, other: Row) -> str | None:
    first, second = dict(one.conditions), dict(other.conditions)
    meeting = []
    for fact in {**first, **second}:
        value = common_value(first.get(fact), second.get(fact))
        if value is False:
            return None
        meeting.append(f"{fact}={value:g}" if isinstance(value, float) else f"{fact}={value}")
    return "、".join(meeting) or "すべて"


def holes(table: Table) -> list[Fault]:
    """Combinations of band edges that no row answers, within the stretch the rows of the same kind cover."""
    found: list[Fault] = []
    for rows in _versions(table):
        index = RowIndex(rows)
        for kind in _kinds(rows).values():
            found += islice(_holes_of(table.file, kind, index), MOST_HOLES)
    return sorted(set(found))[:MOST_HOLES]


def _versions(table: Table) -> Iterator[list[Row]]:
    for day in sorted({row.starts for row in table.rows}):
        yield [row for row in table.rows if row.starts <= day <= row.ends]


def _kinds(rows: Sequence[Row]) -> dict[tuple[tuple[str, Cell], ...], list[Row]]:
    """Rows with the same words; only their numbers differ."""
    kinds: dict[tuple[tuple[str, Cell], ...], list[Row]] = defaultdict(list)
    for row in rows:
        kinds[tuple((fact, cell) for fact, cell in row.conditions if isinstance(cell, OneOf))].append(row)
    return kinds


def _holes_of(file: str, kind: Sequence[Row], index: RowIndex) -> Iterator[Fault]:
    words = {fact: next(iter(cell.texts)) for fact, cell in kind[0].conditions if isinstance(cell, OneOf)}
    numbers: dict[str, list[Between]] = defaultdict(list)
    for row in kind:
        for fact, cell in row.conditions:
            if isinstance(cell, Between):
                numbers[fact].append(cell)
    for values in product(*(_edges(cells) for cells in numbers.values())):
        facts = dict(zip(numbers, values, strict=True))
        if not index.matching({**words, **facts}):
            told = "、".join([*words.values(), *(f"{fact}={value:g}" for fact, value in facts.items())])
            sentence = f"{told} に当たる行がありません。抜けていないか確かめてください。"
            yield Fault(file, kind[0].line, sentence)


def _edges(cells: Sequence[Between]) -> list[float]:
    """Numbers to try: all band edges and middles from the lowest edge to the highest."""
    lowest = min(cell.low for cell in cells)
    highest = max(cell.high for cell in cells)
    inside = [value for value in candidates(cells) if isinstance(value, float)]
    return [value for value in inside if lowest <= value and (value < highest or highest == inf)]
