"""The whole form of a procedure on one page for fast typing: boxes in the order of the paper.

Every field is there, also those whose rule hides them online: a paper has all its boxes. What does not
apply is left out when the answers are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.common.kana import fold_width
from madoguchi.ledgers.procedures.answers import page_shows, read_all, scope_of, shows

PARTS = {
    "name": (("family", "姓"), ("given", "名")),
    "kana": (("family", "セイ"), ("given", "メイ")),
    "address": (("postcode", "郵便番号"), ("town", "町名"), ("block", "番地"), ("building", "建物・部屋")),
}
WIDTHS = {"date": "date", "time": "short", "number": "short", "money": "short", "postcode": "short"}
HINTS = {"date": "R2.6.14", "time": "830", "phone": "09012345678", "address": "郵便番号で町名が入ります"}
SILENT = ("calculated", "explanation")
SPARE_ROWS = 1


@dataclass(frozen=True)
class Cell:
    """One input."""

    name: str
    value: str
    part: str = ""
    width: str = ""


@dataclass(frozen=True)
class Box:
    """One field under one HTML name."""

    name: str
    kind: str
    label: str
    required: bool
    cells: tuple[Cell, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    rows: tuple["Row", ...] = ()
    hint: str = ""
    unit: str = ""
    row_label: str = ""
    may_add: bool = False
    marks: tuple[str, ...] = ()
    echo: str = ""


@dataclass(frozen=True)
class Row:
    index: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class EntryPage:
    key: str
    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Typed:
    """What was typed so far and what the last reading said about it."""

    raw: Mapping[str, Sequence[str]]
    marks: Mapping[str, list[str]] = field(default_factory=dict)
    echoes: Mapping[str, str] = field(default_factory=dict)
    more: str = ""

    def first(self, name: str) -> str:
        return (list(self.raw.get(name) or []) or [""])[0]


def entry_pages(package: Any, typed: Typed) -> list[EntryPage]:
    pages = [
        EntryPage(page.key, page.title.ja, tuple(boxes_of(page.fields, "", package, typed)))
        for page in package.form.pages
    ]
    return [page for page in pages if page.boxes]


def boxes_of(fields: Sequence[Any], prefix: str, package: Any, typed: Typed) -> Iterator[Box]:
    for asked in fields:
        if asked.type not in SILENT:
            yield box_of(asked, f"{prefix}{asked.key}", package, typed)


def box_of(asked: Any, name: str, package: Any, typed: Typed) -> Box:
    if asked.has_rows:
        return group_of(asked, name, package, typed)
    cells = tuple(cells_of(asked, name, package, typed))
    names = {name, *(cell.name for cell in cells)}
    marks = tuple(sentence for one in sorted(names) for sentence in typed.marks.get(one, []))
    return Box(
        name=name,
        kind=kind_of(asked),
        label=asked.label.ja,
        required=asked.required is True,
        cells=cells,
        options=tuple(options_of(asked)),
        values=tuple(typed.raw.get(name) or ()),
        hint=HINTS.get(asked.type, ""),
        unit=asked.unit.ja,
        marks=marks,
        echo=typed.echoes.get(name, ""),
    )


def kind_of(asked: Any) -> str:
    """Which template draws the box."""
    if asked.type == "choice" and asked.options_from:
        return "symbol"
    if asked.type == "choice":
        return "checks" if asked.look == "check" else "select"
    shared = {
        "yes_no": "select",
        "longtext": "long",
        "consent": "consent",
        "file": "file",
        "ranked": "ranked",
    }
    return shared.get(asked.type, "cells")


def cells_of(asked: Any, name: str, package: Any, typed: Typed) -> Iterator[Cell]:
    if asked.type in PARTS:
        for part, label in PARTS[asked.type]:
            value = typed.first(f"{name}-{part}")
            yield Cell(f"{name}-{part}", value, label, WIDTHS.get(part, ""))
    elif asked.type == "ranked":
        for rank in range(1, asked.ranks + 1):
            value = symbol_of(package, typed.first(f"{name}-{rank}"))
            yield Cell(f"{name}-{rank}", value, f"{rank}", "short")
    else:
        value = typed.first(name)
        width = WIDTHS.get(asked.type, "")
        yield Cell(name, symbol_of(package, value) if asked.options_from else value, "", width)


def options_of(asked: Any) -> Iterator[tuple[str, str]]:
    """Choices begin with a digit, so that one key picks one."""
    if asked.type == "yes_no":
        yield from (("yes", "1 はい"), ("no", "2 いいえ"))
    for number, option in enumerate(asked.options, 1):
        yield option.value, f"{number} {option.label.ja}"


def group_of(asked: Any, name: str, package: Any, typed: Typed) -> Box:
    rows = tuple(
        Row(index + 1, tuple(boxes_of(asked.columns, f"{name}-{index}-", package, typed)))
        for index in range(row_count(asked, name, typed))
    )
    return Box(
        name=name,
        kind="group",
        label=asked.label.ja,
        required=asked.required is True,
        rows=rows,
        row_label=asked.row_label.ja or asked.label.ja,
        may_add=len(rows) < asked.max_rows,
        marks=tuple(typed.marks.get(name, [])),
    )


def row_count(asked: Any, name: str, typed: Typed) -> int:
    """Rows with something in them and one to go on with; one more when asked for."""
    start = f"{name}-"
    indexes = [
        int(head)
        for key, values in typed.raw.items()
        if key.startswith(start) and (head := key[len(start) :].split("-")[0]).isdigit() and any(values)
    ]
    filled = max(indexes, default=-1) + 1
    wanted = filled + (SPARE_ROWS if typed.more == name or not filled else 0)
    return min(asked.max_rows, max(asked.min_rows, wanted, 1))


def symbol_of(package: Any, value: str) -> str:
    """A facility shown by its symbol, whatever was kept."""
    return next((place.symbol for place in package.facilities if place.code == value), value)


def with_codes(package: Any, raw: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What was typed, with symbols (a1, Ａ１) turned into the codes of the facilities."""
    codes = {place.symbol.upper(): place.code for place in package.facilities}
    names = set(facility_inputs(package))
    return {
        name: [codes.get(fold_width(value).strip().upper(), value) for value in values]
        if wants_facility(name, names)
        else list(values)
        for name, values in raw.items()
    }


def facility_inputs(package: Any) -> Iterator[str]:
    """The keys of fields, and of columns as group.column, that ask for a facility."""
    for asked in package.form.fields.values():
        if asked.options_from:
            yield asked.key
        yield from (f"{asked.key}.{column.key}" for column in asked.columns if column.options_from)


def wants_facility(name: str, keys: set[str]) -> bool:
    parts = name.split("-")
    return parts[0] in keys or (len(parts) > 2 and f"{parts[0]}.{parts[2]}" in keys)


def shown_names(package: Any, raw: Mapping[str, list[str]], context: Any) -> list[str]:
    """The HTML names of the fields whose rules hold for what was typed, for the script that dims the rest."""
    values = read_all(package.form, raw, context).values
    scope = scope_of(package.form, values, context)
    pages = [page for page in package.form.pages if page_shows(page, scope)]
    fields = [asked for page in pages for asked in page.fields if shows(asked, scope)]
    return [asked.key for asked in fields] + [
        name for asked in fields if asked.has_rows for name in columns_shown(asked, raw, values, scope)
    ]


def columns_shown(asked: Any, raw: Any, values: Mapping[str, Any], scope: Mapping[str, Any]) -> Iterator[str]:
    """Rows are read in the order typed; a row without any answer shows what an empty row would."""
    start = f"{asked.key}-"
    typed = {
        int(n) for key in raw if key.startswith(start) and (n := key[len(start) :].split("-")[0]).isdigit()
    }
    filled = sorted(
        index for index in typed if any(any(raw[key]) for key in raw if key.startswith(f"{start}{index}-"))
    )
    rows = dict(zip(filled, values.get(asked.key) or [], strict=False))
    empties = {column.key: column.empty for column in asked.columns}
    for index in typed:
        inside = {**scope, **empties, **rows.get(index, {})}
        yield from (f"{start}{index}-{column.key}" for column in asked.columns if shows(column, inside))
