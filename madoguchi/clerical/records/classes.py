"""文書分類と保存年限の表: read from CSV, the town's own or the one that is shipped; no queries.

`tables/records.csv` is an example for a town: its years are usual ones, and where towns differ the file says so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from madoguchi.clerical.records.retention_clock import PERMANENT, Start, Term, TermKind, read_term

SHIPPED = Path(__file__).resolve().parent / "tables" / "records.csv"
COLUMNS = ("class_code", "large", "middle", "small", "retention", "starts", "at_end")
_AFTER_USE = re.compile(r"(.+)翌年度4月1日から(\d+)年")
LONGEST_CODE = 20
STARTS = (
    "「完結した年度の翌年度4月1日」「会計年度の翌年度4月1日」「…の日」「…の翌日」「…の翌年」「事務の終了」「—」の"
    "どれかの形にしてください。"
)
Told = TypeVar("Told")


class AtEnd(StrEnum):
    """What becomes of a file whose retention is over."""

    DISPOSE = "廃棄"
    DISPOSE_FREELY = "廃棄(決裁不要)"
    TRANSFER = "移管対象"
    APPRAISE = "移管選別"


@dataclass(frozen=True)
class RecordClass:
    """One line of the table: where documents of a kind are filed, for how long, and what comes then."""

    code: str
    large: str
    middle: str
    small: str
    term: Term
    start: Start
    starts: str
    at_end: AtEnd
    examples: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.middle}／{self.small}"


@dataclass(frozen=True, order=True)
class ClassFault:
    """One mistake of a table: its line, its column ("" for the whole line) and a sentence with the remedy."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}行目{f' {self.column}' if self.column else ''}: {self.sentence}"


class ClassTableFaults(Exception):
    """Every mistake found in a table; a table with one mistake classifies nothing."""

    def __init__(self, faults: Iterable[ClassFault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


Table = Mapping[str, RecordClass]
Blame = Callable[[str, str], None]


def read_classes(text: str) -> dict[str, RecordClass]:
    """The classes of a table by code, in its order. Raises ClassTableFaults with every mistake."""
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [column for column in COLUMNS if column not in (lines.fieldnames or ())]
    if missing:
        said = f"列がありません（{'、'.join(missing)}）。見出しに足してください。"
        raise ClassTableFaults([ClassFault(1, "", said)])
    faults: list[ClassFault] = []
    found: dict[str, RecordClass] = {}
    for cells in lines:
        line = lines.line_num
        told = {key: (value or "").strip() for key, value in cells.items() if isinstance(key, str)}
        one = _read(line, told, faults)
        if one is not None and one.code in found:
            faults.append(ClassFault(line, "class_code", f"「{one.code}」が2度あります。1行にしてください。"))
        elif one is not None:
            found[one.code] = one
    if not found and not faults:
        faults.append(ClassFault(1, "", "行がありません。見出しの下に分類を書いてください。"))
    if faults:
        raise ClassTableFaults(faults)
    return found


def _read(line: int, cells: Mapping[str, str], faults: list[ClassFault]) -> RecordClass | None:
    before = len(faults)

    def blame(column: str, sentence: str) -> None:
        faults.append(ClassFault(line, column, sentence))

    _require_words(cells, blame)
    term = _told(read_term, cells, "retention", "5年、1年未満、常用、永年のように書いてください。", blame)
    counted = _told(read_start, cells, "starts", STARTS, blame)
    at_end = _told(read_end, cells, "at_end", "廃棄、移管対象、移管選別のどれかにしてください。", blame)
    if term is None or counted is None or at_end is None:
        return None
    start, after_use = counted
    _fit(term, start, blame)
    if len(faults) > before:
        return None
    return RecordClass(
        cells["class_code"], cells["large"], cells["middle"], cells["small"],
        replace(term, years=after_use) if term.kind == TermKind.IN_USE else term,
        start, cells["starts"], at_end, cells.get("examples_ja", ""), cells.get("basis", ""),
    )  # fmt: skip


def _require_words(cells: Mapping[str, str], blame: Blame) -> None:
    for column in ("class_code", "small"):
        if not cells[column]:
            blame(column, "空です。書いてください。")
    if len(cells["class_code"]) > LONGEST_CODE:
        blame("class_code", f"{LONGEST_CODE}字までです。短くしてください。")


def _told(
    read: Callable[[str], Told | None], cells: Mapping[str, str], column: str, remedy: str, blame: Blame
) -> Told | None:
    found = read(cells[column])
    if found is None:
        blame(column, f"「{cells[column]}」を読めません。{remedy}")
    return found


def _fit(term: Term, start: Start, blame: Blame) -> None:
    if (term == PERMANENT) != (start == Start.NEVER):
        blame("starts", "起算のない「—」は永年だけに使います。保存年限と起算を合わせてください。")
    if (term.kind == TermKind.UNDER_A_YEAR) != (start == Start.AT_ONCE):
        blame("starts", "「事務の終了」は1年未満だけに使います。保存年限と起算を合わせてください。")


def read_start(text: str) -> tuple[Start, int] | None:
    """How a class counts, and the years after use of 常用; None for words that are none of the forms."""
    said = text.strip()
    if found := _AFTER_USE.fullmatch(said):
        return Start.FISCAL_YEAR, int(found[2])
    if said in {"", "—", "-"}:
        return Start.NEVER, 0
    if said.startswith("会計年度") and said.endswith("翌年度4月1日"):
        return Start.ACCOUNTING_YEAR, 0
    endings = {
        "翌年度4月1日": Start.FISCAL_YEAR,
        "の翌年": Start.CALENDAR_YEAR,
        "終了": Start.AT_ONCE,
        "日": Start.DAY,
    }
    return next(((start, 0) for ending, start in endings.items() if said.endswith(ending)), None)


def read_end(text: str) -> AtEnd | None:
    """廃棄 with whatever stands behind it in brackets, 移管対象 or 移管選別."""
    said = text.strip().replace("（", "(").replace("）", ")")
    if said == AtEnd.DISPOSE_FREELY:
        return AtEnd.DISPOSE_FREELY
    return next((end for end in (AtEnd.DISPOSE, AtEnd.TRANSFER, AtEnd.APPRAISE) if _is(said, end)), None)


def _is(said: str, end: AtEnd) -> bool:
    return said == end or said.startswith(f"{end}(")


@cache
def default_classes() -> dict[str, RecordClass]:
    """The shipped table, for a town that has not brought its own."""
    return read_classes(SHIPPED.read_text(encoding="utf-8"))
