"""Decision tables of a package: conditions on the left, points or results on the right, one rule a line.

The first heading is the hit policy (UNIQUE, FIRST, ANY, COLLECT) and its column holds the row's number. A
heading that is not one of RESERVED and does not begin with `result_` is a fact. This door reads a table, with
a sentence for every mistake in it, and passes on what answers questions from it (decision_rows.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from io import StringIO
from typing import Protocol

from .decision_cells import Between, Cell, CellUnreadable, Facts, OneOf, read_cell
from .decision_gaps import holes, overlaps
from .decision_rows import (
    Fired,
    Hand,
    Hit,
    PerUnit,
    Row,
    RowIndex,
    Table,
    TwoRowsMatch,
    collect,
    decide,
    fire_all,
    settle,
    total,
)
from .faults import Fault, PackageFaults

__all__ = [
    "FactKind",
    "Facts",
    "Fired",
    "Hit",
    "Row",
    "RowIndex",
    "Table",
    "TableReading",
    "TwoRowsMatch",
    "check_table",
    "collect",
    "decide",
    "fire_all",
    "read_table",
    "settle",
    "total",
]

RESERVED = frozenset(
    {"scope", "group", "group_policy", "excludes", "points", "per_fact", "per_size", "cap", "hand_fact"}
    | {"hand_min", "hand_max", "needs_approver", "effective_from", "effective_to", "text_ja", "text_en"}
    | {"text_easy", "note"}
)
MOST_EXCLUDING = 16
"""Rows of a table that may exclude each other: all their combinations are weighed."""
SINCE_ALWAYS, FOR_EVER = date(1, 1, 1), date(9999, 12, 31)


class Lines(Protocol):
    """What csv.reader gives: the cells of each line and where it stands."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class FactKind:
    """What a fact may be: "number", "yesno", "code" (one of choices when there are any) or "text"."""

    type: str = "text"
    choices: frozenset[str] = frozenset()


@dataclass
class TableReading:
    """The table when it has no fault, and what the author should know; warnings do not stop a package."""

    table: Table | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def read_table(file: str, text: str, known: Mapping[str, FactKind]) -> Table:
    """The compiled table. Raises PackageFaults with every mistake found."""
    reading = check_table(file, text, known)
    if reading.table is None:
        raise PackageFaults(reading.faults)
    return reading.table


def check_table(file: str, text: str, known: Mapping[str, FactKind]) -> TableReading:
    """Read a table; faults: unknown facts, unreadable cells, bad dates, overlaps; warnings: holes."""
    reader = _Reader(file, known)
    table = reader.read(text)
    if table and table.hit == Hit.UNIQUE and not reader.faults:
        reader.faults += overlaps(table)
    if reader.faults or table is None:
        return TableReading(None, reader.faults)
    return TableReading(table, [], holes(table) if table.hit == Hit.UNIQUE else [])


class _Reader:
    """One pass over one file; collects faults instead of stopping at the first."""

    def __init__(self, file: str, known: Mapping[str, FactKind]) -> None:
        self.file, self.known = file, known
        self.faults: list[Fault] = []
        self.line = 1

    def blame(self, sentence: str) -> None:
        self.faults.append(Fault(self.file, self.line, sentence))

    def read(self, text: str) -> Table | None:
        lines = csv.reader(StringIO(text.removeprefix("\ufeff")))
        header = [heading.strip() for heading in next(lines, [])]
        hit = self._hit(header)
        facts = tuple(name for name in header[1:] if name not in RESERVED and not name.startswith("result_"))
        self._check_headings(header, facts)
        rows = [row for cells in self._records(lines, header) if (row := self._row(cells, header[0], facts))]
        self._check_rows(rows)
        return Table(self.file, hit, facts, tuple(rows)) if hit else None

    def _hit(self, header: list[str]) -> Hit | None:
        first = header[0] if header else ""
        if first in Hit.__members__:
            return Hit(first)
        self.blame(f"左上の見出し「{first}」を UNIQUE・FIRST・ANY・COLLECT のどれかにしてください。")
        return None

    def _check_headings(self, header: list[str], facts: tuple[str, ...]) -> None:
        for name in facts:
            if name not in self.known:
                self.blame(f"見出し「{name}」という事実はありません。{self._near(name)}")
        for name in sorted({name for name in header if header.count(name) > 1}):
            self.blame(f"見出し「{name}」が2つあります。片方を消してください。")

    def _near(self, name: str) -> str:
        near = get_close_matches(name, self.known, n=1)
        if near:
            return f"「{near[0]}」の書き誤りではありませんか。"
        return "事実の一覧に加えるか、列を消してください。"

    def _records(self, lines: Lines, header: list[str]) -> Iterator[dict[str, str]]:
        for cells in lines:
            self.line = lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                self.blame(f"列が{len(cells)}個あります。見出しと同じ{len(header)}個にしてください。")
                continue
            yield dict(zip(header, map(str.strip, cells), strict=True))

    def _row(self, cells: dict[str, str], id_heading: str, facts: tuple[str, ...]) -> Row | None:
        before = len(self.faults)
        conditions = [(fact, self._cell(fact, cells[fact])) for fact in facts]
        starts, ends = self._dates(cells)
        row = Row(
            id=self._id(cells[id_heading]),
            line=self.line,
            conditions=tuple((fact, cell) for fact, cell in conditions if cell is not None),
            starts=starts,
            ends=ends,
            points=self._number(cells, "points") or Decimal(0),
            per=self._per(cells),
            hand=self._hand(cells),
            scope=cells.get("scope", ""),
            group=cells.get("group", ""),
            group_policy=self._policy(cells),
            excludes=frozenset(filter(None, cells.get("excludes", "").split("|"))),
            text=cells.get("text_ja", ""),
            results={name[7:]: cell for name, cell in cells.items() if name.startswith("result_")},
            file=self.file,
        )
        return row if len(self.faults) == before else None

    def _id(self, text: str) -> str:
        if not text:
            self.blame("行の番号がありません。左端に G-B01 のような番号を書いてください。")
        return text

    def _cell(self, fact: str, text: str) -> Cell | None:
        try:
            cell = read_cell(text)
        except CellUnreadable as trouble:
            self.blame(f"{fact} の欄: {trouble}")
            return None
        if cell is not None and fact in self.known:
            self._check_kind(fact, text, cell, self.known[fact])
        return cell

    def _check_kind(self, fact: str, text: str, cell: Cell, kind: FactKind) -> None:
        if kind.type == "number" and isinstance(cell, OneOf) and len(cell.numbers) != len(cell.texts):
            self.blame(f"{fact} は数です。「{text}」を >=20 や 7..<8 のように書いてください。")
        if kind.type != "number" and isinstance(cell, Between):
            self.blame(f"{fact} は数ではないので、範囲「{text}」では比べられません。")
        choices = frozenset({"yes", "no"}) if kind.type == "yesno" else kind.choices
        if choices and isinstance(cell, OneOf) and not cell.texts <= choices:
            unknown = "・".join(sorted(cell.texts - choices))
            known = "・".join(sorted(choices))
            self.blame(f"{fact} に「{unknown}」という値はありません。{known} のどれかです。")

    def _dates(self, cells: dict[str, str]) -> tuple[date, date]:
        starts = self._date(cells, "effective_from", SINCE_ALWAYS)
        ends = self._date(cells, "effective_to", FOR_EVER)
        if starts > ends:
            self.blame(f"適用の終わり {ends} が始まり {starts} より前です。日付を直してください。")
        return starts, ends

    def _date(self, cells: dict[str, str], column: str, default: date) -> date:
        text = cells.get(column, "")
        try:
            return date.fromisoformat(text) if text else default
        except ValueError:
            self.blame(f"{column} の「{text}」は日付として読めません。2026-04-01 のように書いてください。")
            return default

    def _number(self, cells: dict[str, str], column: str) -> Decimal | None:
        text = cells.get(column, "")
        try:
            number = Decimal(text) if text else None
        except InvalidOperation:
            number = Decimal("NaN")
        if number is not None and not number.is_finite():
            self.blame(f"{column} の「{text}」は数として読めません。半角の数字で書いてください。")
            return None
        return number

    def _per(self, cells: dict[str, str]) -> PerUnit | None:
        fact, size = cells.get("per_fact", ""), self._number(cells, "per_size")
        if not fact and size is None:
            return None
        if not fact or size is None or size <= 0:
            self.blame("per_fact（数える事実）と per_size（0より大きい数）は両方書いてください。")
            return None
        self._check_number_fact("per_fact", fact)
        return PerUnit(fact, size, self._number(cells, "cap"))

    def _hand(self, cells: dict[str, str]) -> Hand | None:
        fact = cells.get("hand_fact", "")
        low, high = self._number(cells, "hand_min"), self._number(cells, "hand_max")
        if not fact and low is None and high is None:
            return None
        if not fact or low is None or high is None or low > high:
            self.blame("人が決める点には hand_fact と hand_min・hand_max（小さい順）を書いてください。")
            return None
        self._check_number_fact("hand_fact", fact)
        return Hand(fact, low, high, cells.get("needs_approver", ""))

    def _check_number_fact(self, column: str, fact: str) -> None:
        if fact not in self.known:
            self.blame(f"{column} の「{fact}」という事実はありません。{self._near(fact)}")
        elif self.known[fact].type != "number":
            self.blame(f"{column} の「{fact}」は数の事実ではありません。")

    def _policy(self, cells: dict[str, str]) -> str:
        policy = cells.get("group_policy", "")
        if cells.get("group", "") and policy not in ("max", "min"):
            self.blame(f"組 {cells['group']} には group_policy に max か min を書いてください。")
        return policy

    def _check_rows(self, rows: list[Row]) -> None:
        ids = [row.id for row in rows]
        if len({row.id for row in rows if row.excludes}) > MOST_EXCLUDING:
            self.blame(f"excludes を書けるのは{MOST_EXCLUDING}行までです。group にまとめてください。")
        policies = {row.group: row.group_policy for row in reversed(rows)}
        for number, row in enumerate(rows):
            self.line = row.line
            if row.id in ids[:number]:
                self.blame(f"番号 {row.id} が2つあります。別の番号にしてください。")
            if row.group_policy != policies[row.group]:
                self.blame(f"組 {row.group} の group_policy が行によって違います。そろえてください。")
            for other in sorted(row.excludes - set(ids)):
                self.blame(f"excludes の「{other}」という行はありません。")
