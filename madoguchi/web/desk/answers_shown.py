"""Answers as staff read them: one line of Japanese for each field, whatever its type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.ledgers.procedures.sensitivity import WITHHELD
from madoguchi.services.applications.answer_words import NOTHING, full_name, text_of

__all__ = ["NOTHING", "WITHHELD", "answered_pages", "full_name", "text_of"]
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


def together(cells: Iterator[Line]) -> Iterator[Line]:
    """The cells of a row; what is withheld stands behind them as one, under all its labels."""
    withheld = []
    for cell in cells:
        if cell.text == WITHHELD:
            withheld.append(cell.label)
        else:
            yield cell
    if withheld:
        yield Line("", "・".join(withheld), WITHHELD)


def line_of(field: Any, value: Any, package: Any) -> Line:
    if field.has_rows and isinstance(value, list):
        rows = tuple(tuple(together(lines_of(field.columns, row, package))) for row in value)
        count = f"{len(rows)}件" if rows else "なし"
        return Line(field.key, field.label.ja, count, rows, field.row_label.ja or field.label.ja, bool(rows))
    text = text_of(field, value, package)
    return Line(field.key, field.label.ja, text, given=text != NOTHING, asked=field.type != "calculated")
