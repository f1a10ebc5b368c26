"""Answers as staff read them: one line of Japanese for each field, whatever its type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.common.era import format_both
from madoguchi.common.yen import format_yen

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
NOTHING = "—"
WIDE = 30


@dataclass(frozen=True)
class Line:
    """One answered field. Rows of a group are lines of their own."""

    key: str
    label: str
    text: str
    rows: tuple[tuple["Line", ...], ...] = ()
    row_label: str = ""
    given: bool = True
    asked: bool = True

    @property
    def wide(self) -> bool:
        """Whether the line needs the width of the page."""
        return bool(self.rows) or len(self.text) > WIDE


@dataclass(frozen=True)
class AnsweredPage:
    key: str
    title: str
    lines: tuple[Line, ...]


def answered_pages(package: Any, answers: Mapping[str, Any]) -> list[AnsweredPage]:
    """Every page of the form that has an answer, in the order of the form."""
    pages = [
        AnsweredPage(page.key, page.title.ja, tuple(lines_of(page.fields, answers, package)))
        for page in package.form.pages
    ]
    return [page for page in pages if page.lines]


def lines_of(fields: Any, answers: Mapping[str, Any], package: Any) -> Iterator[Line]:
    for field in fields:
        if field.key in answers and field.type != "explanation":
            yield line_of(field, answers[field.key], package)


def line_of(field: Any, value: Any, package: Any) -> Line:
    if field.has_rows and isinstance(value, list):
        rows = tuple(tuple(lines_of(field.columns, row, package)) for row in value)
        count = f"{len(rows)}件" if rows else "なし"
        return Line(field.key, field.label.ja, count, rows, field.row_label.ja or field.label.ja, bool(rows))
    text = text_of(field, value, package)
    return Line(field.key, field.label.ja, text, given=text != NOTHING, asked=field.type != "calculated")


def text_of(field: Any, value: Any, package: Any) -> str:
    """The value in words; a dash where nothing was answered."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool) and field.type != "consent":
        return "はい" if value else "いいえ"
    if field.type in ("choice", "ranked"):
        return chosen(field, value, package)
    reader = READERS.get(field.type)
    return (reader(value) if reader else f"{plain(value)}{field.unit.ja}") or NOTHING


def chosen(field: Any, value: Any, package: Any) -> str:
    labels = {option.value: option.label.ja for option in field.options}
    if field.options_from == "facilities":
        labels = {place.code: place.label for place in package.facilities}
    picked = [labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])]
    if field.type == "ranked":
        return "　".join(f"{CIRCLED[at]} {label}" for at, label in enumerate(picked[:20]))
    return "、".join(picked)


def full_name(value: Any) -> str:
    parts = [value.get("family", ""), value.get("given", "")] if isinstance(value, Mapping) else [str(value)]
    return "　".join(part for part in parts if part)


def full_address(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    postcode = value.get("postcode", "")
    place = "".join(value.get(part, "") for part in ("town", "block"))
    whole = " ".join(part for part in (place, value.get("building", "")) if part)
    return f"〒{postcode} {whole}" if postcode and whole else whole


def plain(value: Any) -> str:
    """8 for 8.0, 7.5 as it is."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def day(value: Any) -> str:
    try:
        return format_both(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


READERS: dict[str, Callable[[Any], str]] = {
    "name": full_name,
    "kana": full_name,
    "address": full_address,
    "date": day,
    "money": lambda value: format_yen(int(value)),
    "consent": lambda value: "同意した" if value else NOTHING,
    "file": lambda value: f"{len(value)}点" if value else NOTHING,
}
