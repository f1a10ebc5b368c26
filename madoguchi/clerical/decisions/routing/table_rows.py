"""The lines of a table of who decides what, read cell by cell. Part of table.py."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from io import StringIO

from madoguchi.clerical.decisions.routing.faults import RouteTableFaults, TableFault
from madoguchi.clerical.decisions.routing.posts import LADDER, is_post, rank_of
from madoguchi.common.era import parse_japanese_date
from madoguchi.common.errors import Unreadable
from madoguchi.common.text import in_quotes
from madoguchi.common.yen import parse_yen

NEEDED = (
    *("row_id", "kind", "kind_ja", "amount_over", "amount_upto", "decider", "consult", "council"),
    *("substitute_1", "substitute_2", "later_look", "effective_from", "effective_to"),
)
SINCE_ALWAYS, FOR_EVER = date(1, 1, 1), date(9999, 12, 31)
PARALLEL = ("", "並行", "all of the column, in parallel")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: who decides matters of a kind above amount_over up to amount_upto, from starts to ends.

    Bounds are in yen, tax included; None is open. Both days are included. looks_later says whether a
    substituted decision is shown to the decider afterwards (後閲).
    """

    row_id: str
    line: int
    kind: str
    kind_name: str
    amount_over: int | None
    amount_upto: int | None
    decider: str
    consult: tuple[str, ...]
    council: str
    substitutes: tuple[str, ...]
    looks_later: bool
    starts: date
    ends: date
    legal_basis: str

    def in_force(self, on: date) -> bool:
        return self.starts <= on <= self.ends

    @property
    def bounded(self) -> bool:
        return self.amount_over is not None or self.amount_upto is not None

    def covers(self, amount: int) -> bool:
        above = self.amount_over is None or amount > self.amount_over
        return above and (self.amount_upto is None or amount <= self.amount_upto)


@dataclass(frozen=True)
class Line:
    """One record of the file while it is read; what is wrong with it goes to faults."""

    number: int
    cells: dict[str, str]
    faults: list[TableFault]

    def blame(self, column: str, sentence: str) -> None:
        self.faults.append(TableFault(self.number, column, sentence))


def read_lines(text: str, faults: list[TableFault]) -> list[Line]:
    """The filled records under the header. Raises RouteTableFaults when there is no table to go through."""
    records = [(number, row) for number, row in _records(text) if any(row)]
    header = records[0][1] if records else ()
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise _one_fault(1, f"列「{'」「'.join(missing)}」がありません。見出しの行に加えてください。")
    if len(set(header)) != len(header):
        raise _one_fault(1, "同じ見出しが2つあります。1つずつ違う名前にしてください。")
    lines = []
    for number, row in records[1:]:
        if len(row) != len(header):
            said = f"列が{len(row)}あります。見出しと同じ{len(header)}列にしてください。"
            faults.append(TableFault(number, "", said))
            continue
        lines.append(Line(number, dict(zip(header, row, strict=True)), faults))
    return lines


def _records(text: str) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    records: list[tuple[int, tuple[str, ...]]] = []
    start = 1
    try:
        for row in reader:
            records.append((start, tuple(cell.strip() for cell in row)))
            start = reader.line_num + 1
    except csv.Error:
        raise _one_fault(start, "CSV として読めません。引用符を確かめてください。") from None
    return records


def _one_fault(line: int, sentence: str) -> RouteTableFaults:
    return RouteTableFaults([TableFault(line, "", sentence)])


def read_row(line: Line) -> Row | None:
    """The row of a line, or None when something in the line is wrong."""
    before = len(line.faults)
    cells = line.cells
    over, upto = _amounts(line)
    starts, ends = _dates(line)
    row = Row(
        row_id=_filled(line, "row_id", "SK001 のような、表の中で1つだけの番号"),
        line=line.number,
        kind=_filled(line, "kind", "K01 のような区分の番号"),
        kind_name=_filled(line, "kind_ja", "区分の名前"),
        amount_over=over,
        amount_upto=upto,
        decider=_decider(line),
        consult=_consult(line),
        council=cells["council"],
        substitutes=_substitutes(line),
        looks_later=_looks_later(line),
        starts=starts,
        ends=ends,
        legal_basis=cells.get("legal_basis", ""),
    )
    return row if len(line.faults) == before else None


def _filled(line: Line, column: str, what: str) -> str:
    if not line.cells[column]:
        line.blame(column, f"空です。{what}を書いてください。")
    return line.cells[column]


def _amounts(line: Line) -> tuple[int | None, int | None]:
    over, upto = _amount(line, "amount_over"), _amount(line, "amount_upto")
    if upto is not None and upto <= (-1 if over is None else over):
        line.blame("amount_upto", "上の額が、下の額より大きくありません。2つの額を確かめてください。")
    return over, upto


def _amount(line: Line, column: str) -> int | None:
    text = line.cells[column]
    try:
        return parse_yen(text) if text else None
    except Unreadable as trouble:
        line.blame(column, str(trouble))
        return None


def _dates(line: Line) -> tuple[date, date]:
    starts = _date(line, "effective_from", SINCE_ALWAYS)
    ends = _date(line, "effective_to", FOR_EVER)
    if starts > ends:
        said = f"適用の終わり {ends} が始まり {starts} より前です。どちらかの日付を直してください。"
        line.blame("effective_to", said)
    return starts, ends


def _date(line: Line, column: str, default: date) -> date:
    text = line.cells[column]
    try:
        return parse_japanese_date(text) if text else default
    except Unreadable as trouble:
        line.blame(column, str(trouble))
        return default


def _decider(line: Line) -> str:
    post = line.cells["decider"]
    if not post:
        line.blame("decider", f"決裁者がありません。{'・'.join(LADDER)}のどれかを書いてください。")
    elif post not in LADDER:
        said = (
            f"{in_quotes(post)}は決裁者になれる職ではありません。{'・'.join(LADDER)}のどれかにしてください。"
        )
        line.blame("decider", said)
    return post


def _consult(line: Line) -> tuple[str, ...]:
    if line.cells.get("consult_order", "") not in PARALLEL:
        line.blame("consult_order", "合議は並行だけです。空欄か「並行」にしてください。")
    posts = tuple(filter(None, (post.strip() for post in line.cells["consult"].split(";"))))
    for post in posts:
        _require_post(line, "consult", post)
    if len(set(posts)) != len(posts):
        line.blame("consult", "同じ職が2回あります。1つにしてください。")
    return posts


def _substitutes(line: Line) -> tuple[str, ...]:
    for column in ("substitute_1", "substitute_2"):
        post = line.cells[column]
        if post and _require_post(line, column, post):
            _require_below(line, column, post)
    posts = tuple(filter(None, (line.cells["substitute_1"], line.cells["substitute_2"])))
    if len(set(posts)) != len(posts):
        line.blame("substitute_2", "1人目と同じ職です。別の職にするか、空欄にしてください。")
    return posts


def _require_below(line: Line, column: str, post: str) -> None:
    decider = line.cells["decider"]
    if decider in LADDER and (post == decider or rank_of(post) > rank_of(decider)):
        said = f"代決者「{post}」が決裁者「{decider}」と同じか、より上の職です。下の職にしてください。"
        line.blame(column, said)


def _require_post(line: Line, column: str, post: str) -> bool:
    if is_post(post):
        return True
    said = f"{in_quotes(post)}という職を知りません。課長補佐や契約課長のように、職の名前で書いてください。"
    line.blame(column, said)
    return False


def _looks_later(line: Line) -> bool:
    text = line.cells["later_look"]
    if text.endswith("不要"):
        return False
    if text and not text.startswith("要"):
        line.blame(
            "later_look", f"{in_quotes(text)}を読めません。「要」で始めるか、「不要」で終えてください。"
        )
    return True
