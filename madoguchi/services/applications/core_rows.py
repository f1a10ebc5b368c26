"""連携ファイル: one case as one row of a core system's file, in its widths, codes and characters. No queries.

Nothing is cut, replaced or guessed: what does not fit is told with the column, the character and the case.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Literal

from madoguchi.common.era import format_era
from madoguchi.common.era_parts import era_on
from madoguchi.common.kana import fold_kana, to_full_width, to_half_width
from madoguchi.ledgers.procedures.cel import RuleFailed
from madoguchi.ledgers.procedures.core_layout import Column, Layout
from madoguchi.services.applications.rules import full_name

BOM = b"\xef\xbb\xbf"
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
BREAKS = re.compile("[\r\n\t\u2028\u2029]+")
WESTERN = {"western8": "%Y%m%d", "western10": "%Y-%m-%d", "slashed10": "%Y/%m/%d"}
QUOTING: dict[str, Literal[0, 1, 3]] = {
    "all": csv.QUOTE_ALL,
    "needed": csv.QUOTE_MINIMAL,
    "none": csv.QUOTE_NONE,
}
_ADDRESS = ("town", "block", "building")


@dataclass(frozen=True)
class Problem:
    """Why a case cannot go out: 受付番号, column and a sentence for the clerk."""

    number: str
    column: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.number}「{self.column}」: {self.sentence}"


@dataclass(frozen=True)
class Row:
    """One rendered case: the values as they are read in the file, its bytes, and what is wrong with it."""

    number: str
    values: tuple[str, ...]
    body: bytes
    problems: tuple[Problem, ...] = ()
    filled: int = 0
    content: str = ""
    """SHA-256 of what is told of the case, without the run's own words: equal, nothing has changed."""


class _Unfit(Exception):
    """The sentence why one value cannot stand in its column."""


def render(layout: Layout, number: str, told: Mapping[str, Any]) -> Row:
    """One case as a row. `told` holds the answers by name and, beside them, case, outcome, facts and export."""
    values, problems = [], []
    for column in layout.columns:
        try:
            values.append(_fitting(layout, column, told))
        except _Unfit as error:
            values.append("")
            problems.append(Problem(number, column.name, str(error)))
    if problems:
        return Row(number, tuple(values), b"", tuple(problems))
    content = [value for column, value in zip(layout.columns, values, strict=True) if column.is_content]
    filled = sum(bool(value.strip()) for value in content)
    mark = sha256("\x1f".join(content).encode()).hexdigest()
    return Row(number, tuple(values), _record(layout, values), (), filled, mark)


def head(layout: Layout) -> bytes:
    """What stands before the first row: byte order mark and heads, where the layout asks for them."""
    mark = BOM if layout.encoding == "utf-8-bom" else b""
    names = [column.name for column in layout.columns]
    return mark + (_record(layout, names) if layout.header and not layout.fixed else b"")


def file_bytes(layout: Layout, rows: Iterable[bytes]) -> bytes:
    """The whole file."""
    return head(layout) + b"".join(rows)


def file_name(layout: Layout, *, number: int, on: date, town_code: str, apart: bool = False) -> str:
    """The name of one file; `apart` marks the file of protected people."""
    told = {"target": layout.target, "date": f"{on:%Y%m%d}", "town_code": town_code}
    return layout.file_name.format(**told, number=f"{'P' if apart else ''}{number:04d}")


def _fitting(layout: Layout, column: Column, told: Mapping[str, Any]) -> str:
    """The value of one column as it stands in the file, padded where the layout is fixed."""
    text = written(column, value_of(column, told))
    for char, other in layout.characters.items():
        text = text.replace(char, other)
    if column.required and not text.strip():
        raise _Unfit("空です。申請に値を入れてください。")
    _refuse_controls(text)
    _refuse_separators(layout, text)
    _refuse_unmappable(text, layout.codec)
    size = len(text.encode(layout.codec))
    if column.width and size > column.width:
        raise _Unfit(f"{size}バイトあり、幅{column.width}バイトに入りません。切らずに止めました。")
    return _padded(layout, column, text, column.width - size) if layout.fixed else text


def value_of(column: Column, told: Mapping[str, Any]) -> Any:
    """The constant, the answer at the path, or what the rule says; None where nothing is known."""
    if column.constant is not None:
        return column.constant
    if column.path:
        return _at(column.path, told)
    try:
        return column.value.evaluate(told) if column.value else None
    except RuleFailed:
        return None


def _at(path: Sequence[str], told: Mapping[str, Any]) -> Any:
    found: Any = told
    for part in path:
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal():
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return None
    return found


def written(column: Column, value: Any) -> str:
    """A value in the form the column asks for."""
    if column.codes and column.type != "date":
        return _coded(column, value)
    if value is None or value == "":
        return ""
    if column.type == "date":
        return _dated(column, str(value))
    if column.type == "number":
        return _numbered(value)
    return _lettered(column, _spoken(column, value))


def _spoken(column: Column, value: Any) -> str:
    if isinstance(value, Mapping):
        value = _joined(value)
    elif isinstance(value, list):
        value = "・".join(map(str, value))
    elif isinstance(value, bool):
        value = "1" if value else "0"
    text = str(value)
    return BREAKS.sub("　", text) if column.one_line else text


def _joined(value: Mapping[str, Any]) -> str:
    if "family" in value or "given" in value:
        return full_name(value)
    return "".join(str(value.get(part) or "") for part in _ADDRESS)


def _lettered(column: Column, text: str) -> str:
    if column.type == "kana":
        text = fold_kana(text)
    if column.letters == "full":
        return to_full_width(text)
    if column.letters == "half":
        return to_half_width(text)
    return text


def _coded(column: Column, value: Any) -> str:
    key = ("yes" if value else "no") if isinstance(value, bool) else str(value if value is not None else "")
    found = column.codes.get(key)
    if found is None and key == "":
        return ""
    if found is None:
        raise _Unfit(f"「{key}」が対応表にありません。レイアウトの codes に加えてください。")
    return found


def _dated(column: Column, text: str) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise _Unfit(f"「{text[:20]}」を日付として読めません。") from None
    if column.date_form in ("era7", "era_text"):
        return _in_era(column.date_form, day)
    return day.strftime(WESTERN[column.date_form])


def _in_era(form: str, day: date) -> str:
    if form == "era_text":
        return format_era(day)
    era = era_on(day)
    return f"{era.code}{era.year_of(day.year):02d}{day:%m%d}"


def _numbered(value: Any) -> str:
    try:
        number = Decimal(str(int(value) if isinstance(value, bool) else value))
    except InvalidOperation:
        raise _Unfit(f"「{str(value)[:20]}」を数として読めません。") from None
    if not number.is_finite():
        raise _Unfit("数ではありません。")
    return f"{number:f}" if number % 1 else f"{number:.0f}"


def _refuse_controls(text: str) -> None:
    if found := CONTROLS.search(text):
        raise _Unfit(f"改行などの見えない文字（U+{ord(found[0]):04X}）があります。申請の値を直してください。")


def _refuse_separators(layout: Layout, text: str) -> None:
    if layout.fixed or layout.quoting != "none":
        return
    if layout.delimiter in text or '"' in text:
        raise _Unfit("区切りの文字か引用符があります。このレイアウトは引用符で囲めません。")


def _refuse_unmappable(text: str, codec: str) -> None:
    try:
        # A character that does not come back as it was is as bad as one that has no code.
        back = text.encode(codec).decode(codec)
    except UnicodeEncodeError as error:
        raise _Unfit(_unmappable(text, error.start)) from None
    if back != text:
        place = next(at for at, (one, other) in enumerate(zip(text, back, strict=False)) if one != other)
        raise _Unfit(_unmappable(text, place))


def _unmappable(text: str, place: int) -> str:
    """The character with its number; a variation selector is told with the character it belongs to."""
    char = text[place]
    if 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF:
        base = text[place - 1] if place else ""
        return f"「{base}」の異体字指定（U+{ord(char):04X}）は、この文字コードにありません。置き換える文字を characters に決めてください。"
    return f"「{char}」（U+{ord(char):04X}）は、この文字コードにありません。置き換える文字を characters に決めてください。"


def _padded(layout: Layout, column: Column, text: str, missing: int) -> str:
    unit = len(column.fill.encode(layout.codec))
    if missing % unit:
        raise _Unfit(f"余り{missing}バイトを「{column.fill}」で埋められません。")
    if column.fill == "0" and column.side == "right" and text.startswith("-"):
        raise _Unfit("負の数は0で埋められません。")
    filling = column.fill * (missing // unit)
    return text + filling if column.side == "left" else filling + text


def _record(layout: Layout, values: Sequence[str]) -> bytes:
    if layout.fixed:
        return ("".join(values) + layout.line_end).encode(layout.codec)
    out = io.StringIO(newline="")
    quoting = QUOTING[layout.quoting]
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end, quoting=quoting)
    writer.writerow(values)
    return out.getvalue().encode(layout.codec)


@dataclass(frozen=True)
class Answered:
    """One line of the core system's result file."""

    number: str
    accepted: bool
    code: str
    message: str


def read_answer(layout: Layout, body: bytes) -> list[Answered]:
    """The result file, line by line. Raises ValueError with a sentence when it is not the file of this layout."""
    told = layout.answer
    if told is None:
        raise ValueError("この連携先のレイアウトに処理結果（[answer]）がありません。")
    try:
        text = body.removeprefix(BOM).decode(told.encoding)
    except UnicodeDecodeError:
        raise ValueError(
            "文字コードが違います。連携先から受け取ったままのファイルを選んでください。"
        ) from None
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=told.delimiter))
    answered = []
    for at, line in enumerate(lines[1:] if told.header else lines, 2 if told.header else 1):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) < max(told.number, told.result, told.message):
            raise ValueError(
                f"{at}行目の列が足りません。連携先から受け取ったままのファイルを選んでください。"
            )
        code = line[told.result - 1].strip()
        message = line[told.message - 1].strip()[:200] if told.message else ""
        answered.append(Answered(line[told.number - 1].strip(), code in told.accepted, code[:20], message))
    return answered
