"""The town's table of who decides what (専決区分表): by kind of matter, amount and day.

Its columns are those of the shipped table (../tables/senketsu.csv), which is an example for a town of about
100,000: its amounts are invented, its legal limits are noted row by row. A town brings its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from madoguchi.clerical.decisions.routing.faults import RouteTableFaults, TableFault
from madoguchi.clerical.decisions.routing.table_bands import band_faults, repeated_numbers
from madoguchi.clerical.decisions.routing.table_rows import Row, read_lines, read_row

__all__ = ["Kind", "RouteTable", "RouteTableFaults", "Row", "TableFault", "default_table", "read_table"]

SHIPPED = Path(__file__).resolve().parent.parent / "tables" / "senketsu.csv"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter a drafter chooses from: its code in the table and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class RouteTable:
    """The rows of a table without mistakes."""

    rows: tuple[Row, ...]

    def row_for(self, kind: str, amount: int | None, on: date) -> Row | None:
        """The one row in force that day for a kind and amount.

        None when the kind is not in the table that day, or when its rows differ by amount and none was given.
        """
        rows = self._of_kind(kind, on)
        if amount is None:
            return next((row for row in rows if not row.bounded), None)
        return next((row for row in rows if row.covers(amount)), None)

    def kinds(self, on: date) -> tuple[Kind, ...]:
        """The kinds of matter in force that day, in the order of the table."""
        named = {row.kind: row.kind_name for row in reversed(self.rows) if row.in_force(on)}
        return tuple(
            Kind(code, named[code]) for code in dict.fromkeys(row.kind for row in self.rows) if code in named
        )

    def substitutes_of(self, post: str, row: Row, on: date) -> tuple[str, ...]:
        """Who acts for a decider (代決), first one first.

        A row names the substitutes of its own decider. When somebody else decides, because the matter went a
        level up, those count that the table gives that post: for the same kind if it can, else most often.
        """
        if row.decider == post:
            return row.substitutes
        same_kind = [each.substitutes for each in self._of_kind(row.kind, on) if each.decider == post]
        if same_kind:
            return same_kind[0]
        named = Counter(each.substitutes for each in self.rows if each.in_force(on) and each.decider == post)
        return named.most_common(1)[0][0] if named else ()

    def _of_kind(self, kind: str, on: date) -> Iterator[Row]:
        return (row for row in self.rows if row.kind == kind and row.in_force(on))


def read_table(text: str) -> RouteTable:
    """A table from CSV (a byte order mark does not matter). Raises RouteTableFaults with every mistake found."""
    faults: list[TableFault] = []
    readings = [(line, read_row(line)) for line in read_lines(text, faults)]
    rows = [row for _, row in readings if row]
    faults += repeated_numbers(rows)
    # A line left out for a mistake of its own would be reported again as a gap between its neighbours.
    torn = {line.cells["kind"] for line, row in readings if row is None}
    faults += band_faults([row for row in rows if row.kind not in torn])
    if not rows and not faults:
        faults.append(TableFault(1, "", "行がありません。見出しの下に、決裁者を定める行を書いてください。"))
    if faults:
        raise RouteTableFaults(faults)
    return RouteTable(tuple(rows))


@cache
def default_table() -> RouteTable:
    """The shipped table, for a town that has not brought its own."""
    return read_table(SHIPPED.read_text(encoding="utf-8"))
