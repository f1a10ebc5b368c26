"""Lists of other systems read line by line: arrears and creditors. Every line is taken or named with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.clerical.payments.errors import SnapshotUnreadable
from madoguchi.clerical.payments.states import Deposit, Plan, SnapshotKind
from madoguchi.common.kana import fold_width, is_katakana
from madoguchi.common.text import strip_controls

PLANS = {str(plan.value): plan for plan in Plan} | {str(plan.label): plan for plan in Plan} | {"": Plan.NONE}
DEPOSITS = {str(kind.value): kind for kind in Deposit} | {str(kind.label): kind for kind in Deposit}
MOST_LINES = 1_000_000
HOLDER_SIGNS = frozenset("()-.,/・ーｰ ")


@dataclass(frozen=True)
class Rejected:
    """A line that was not taken: where, which column, why; `number` is its 宛名番号 when that could be read."""

    line: int
    column: str
    reason: str
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "reason": self.reason}


@dataclass
class Listed:
    """What a file holds: columns of the rows taken, and the lines that were not."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class _Unfit(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


Cells = Mapping[str, str]


def _digits(cells: Cells, column: str, length: int) -> str:
    value = fold_width(cells[column]).strip()
    if not (value.isascii() and value.isdigit() and len(value) == length):
        raise _Unfit(column, f"「{cells[column]}」は{length}けたの数字ではありません。")
    return value


def _number(cells: Cells, column: str, most: int) -> int:
    value = fold_width(cells[column]).strip()
    if not (value.isascii() and value.isdigit() and int(value) <= most):
        raise _Unfit(column, f"「{cells[column]}」は0から{most}までの数ではありません。")
    return int(value)


def _atena(cells: Cells) -> int:
    value = fold_width(cells["宛名番号"]).strip()
    if not (value.isascii() and value.isdigit() and 0 < len(value) <= 15):
        raise _Unfit("宛名番号", f"「{cells['宛名番号']}」は宛名番号として読めません。")
    return int(value)


def _said(cells: Cells, column: str, most: int) -> str:
    value = strip_controls(cells[column]).strip()
    if not value or len(value) > most:
        raise _Unfit(column, f"空か、{most}文字を超えています。")
    return value


def _one_of(cells: Cells, column: str, known: Mapping[str, Any]) -> Any:
    value = cells[column].strip()
    if value not in known:
        raise _Unfit(column, f"「{value}」は {'・'.join(filter(None, known))} のどれでもありません。")
    return known[value]


def _kana(cells: Cells, column: str, most: int) -> str:
    value = fold_width(_said(cells, column, most))
    if not all(char in HOLDER_SIGNS or char.isascii() or is_katakana(char) for char in value):
        raise _Unfit(column, f"「{value}」にカタカナ・英数字でない文字があります。")
    return value


def _arrears(cells: Cells) -> dict[str, Any]:
    return {
        "atena_number": _atena(cells),
        "months": _number(cells, "滞納月数", 1200),
        "plan": _one_of(cells, "分納の約束", PLANS),
    }


def _creditor(cells: Cells) -> dict[str, Any]:
    return {
        "number": _said(cells, "債権者番号", 20),
        "atena_number": _atena(cells) if cells["宛名番号"].strip() else None,
        "name": _said(cells, "債権者名", 120),
        "kana": _kana(cells, "債権者カナ", 240),
        "bank_code": _digits(cells, "金融機関コード", 4),
        "branch_code": _digits(cells, "支店コード", 3),
        "deposit": _one_of(cells, "預金種目", DEPOSITS),
        "account_number": _digits(cells, "口座番号", 7),
        "holder_kana": _kana(cells, "口座名義カナ", 60),
    }


@dataclass(frozen=True)
class Layout:
    """The headings of a list, how a line becomes columns, and which of them may stand in it once only."""

    heads: tuple[str, ...]
    read: Callable[[Cells], dict[str, Any]]
    once: tuple[tuple[str, str], ...]


LAYOUTS: Mapping[SnapshotKind, Layout] = {
    SnapshotKind.ARREARS: Layout(
        ("宛名番号", "滞納月数", "分納の約束"), _arrears, (("atena_number", "宛名番号"),)
    ),
    SnapshotKind.CREDITORS: Layout(
        (
            *("債権者番号", "宛名番号", "債権者名", "債権者カナ", "金融機関コード", "支店コード", "預金種目"),
            *("口座番号", "口座名義カナ"),
        ),
        _creditor,
        (("number", "債権者番号"), ("atena_number", "宛名番号")),
    ),
}


def read_list(kind: SnapshotKind, body: bytes) -> Listed:
    """Every line of a CSV file (UTF-8 or Shift_JIS). Raises SnapshotUnreadable when it is not such a list."""
    layout = LAYOUTS[kind]
    lines = _lines(body)
    head = [cell.strip() for cell in next(lines, (0, []))[1]]
    missing = [name for name in layout.heads if name not in head]
    if missing:
        raise SnapshotUnreadable(
            f"見出し「{'・'.join(missing)}」がありません。",
            next_step=f"1行目に {','.join(layout.heads)} を置いてください。",
        )
    listed, seen = Listed(), {column: set[Any]() for column, _ in layout.once}
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            _take(layout, listed, seen, number, dict(zip(head, cells, strict=False)), len(cells) == len(head))
    return listed


def _lines(body: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(body), newline=""))
    for cells in reader:
        if reader.line_num > MOST_LINES:
            raise SnapshotUnreadable("行が多すぎます。", next_step=f"{MOST_LINES:,}行までに分けてください。")
        yield reader.line_num, cells


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SnapshotUnreadable("文字を読めません。", next_step="UTF-8 か Shift_JIS で保存し直してください。")


def _take(
    layout: Layout, listed: Listed, seen: dict[str, set[Any]], number: int, cells: dict[str, str], even: bool
) -> None:
    try:
        if not even:
            raise _Unfit("", "欄の数が見出しと合いません。")
        row = layout.read(cells)
        for column, head in layout.once:
            if row[column] is not None and row[column] in seen[column]:
                raise _Unfit(head, f"「{row[column]}」が前の行にもあります。")
    except _Unfit as unfit:
        listed.rejected.append(Rejected(number, unfit.column, unfit.reason, _legible(cells)))
        return
    for column, _ in layout.once:
        seen[column].add(row[column])
    listed.rows.append(row)


def _legible(cells: Cells) -> int | None:
    try:
        return _atena({"宛名番号": cells.get("宛名番号") or ""})
    except _Unfit:
        return None
