"""Answers as other systems send them: values by field instead of inputs of a page; no queries.

A name is {"family", "given"}, an address its four parts, a date ISO text, a repeating group a list of rows, a wish
list the codes in order, yes or no a truth value. What a form works out by itself is never sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .fields import EMPTY, SILENT, Field
from .form import Form
from .readers import FieldError

Raw = dict[str, list[str]]
PARTED = ("name", "kana", "address")
YES_NO = ("yes_no", "consent")
NUMBERS = ("number", "money")
SHAPES = {
    "parts": "項目ごとの文字の組",
    "rows": "行のリスト",
    "texts": "文字のリスト",
    "truth": "true か false",
    "number": "数",
    "text": "文字",
}


class WrongShape(Exception):
    """An answer is not of the shape its field asks for."""

    def __init__(self, name: str, shape: str) -> None:
        super().__init__(name, shape)
        self.error = FieldError(name, f"{SHAPES[shape]}で送ってください。")


def to_raw(form: Form, answers: Mapping[str, Any]) -> tuple[Raw, list[FieldError]]:
    """The inputs a person would have typed, and what cannot be an answer of this form."""
    raw: Raw = {}
    errors: list[FieldError] = []
    for key, value in answers.items():
        field = form.fields.get(key)
        if field is None or field.type in SILENT:
            errors.append(FieldError(key, "この項目は手続の様式にありません。名前を確かめてください。"))
        elif value is not None:
            try:
                raw |= dict(inputs_of(field, key, value))
            except WrongShape as wrong:
                errors.append(wrong.error)
    return raw, errors


def inputs_of(field: Field, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """The inputs of one answer. Raises WrongShape."""
    if field.has_rows:
        yield from row_inputs(field, name, value)
    elif field.type in PARTED:
        yield from part_inputs(field, name, value)
    elif field.type == "ranked":
        yield from ((f"{name}-{rank}", [text]) for rank, text in enumerate(texts_of(name, value), 1))
    elif isinstance(field.empty, list):
        yield name, texts_of(name, value)
    else:
        yield name, [text_of(field, name, value)]


def row_inputs(field: Field, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(value, list):
        raise WrongShape(name, "rows")
    columns = {column.key: column for column in field.columns}
    for index, row in enumerate(value[: field.max_rows + 1]):
        if not isinstance(row, dict) or set(row) - set(columns):
            raise WrongShape(f"{name}-{index}", "parts")
        for key, answer in row.items():
            if answer is not None and columns[key].type not in SILENT:
                yield from inputs_of(columns[key], f"{name}-{index}-{key}", answer)


def part_inputs(field: Field, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(value, dict) or set(value) - set(EMPTY[field.type]):
        raise WrongShape(name, "parts")
    for part, text in value.items():
        if not isinstance(text, str):
            raise WrongShape(f"{name}-{part}", "text")
        yield f"{name}-{part}", [text]


def texts_of(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise WrongShape(name, "texts")
    return list(value)


def text_of(field: Field, name: str, value: Any) -> str:
    if field.type in YES_NO:
        if not isinstance(value, bool):
            raise WrongShape(name, "truth")
        return "yes" if value else "no"
    if field.type in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise WrongShape(name, "number")
        return number_text(value)
    if not isinstance(value, str):
        raise WrongShape(name, "text")
    return value


def number_text(value: float | str) -> str:
    """5 for 5.0, and no exponent for numbers a form can hold."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value)


def sent_answers(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a case in the same shape: nothing that was left empty, nothing worked out."""
    return {
        key: without_silent(form.fields[key], value)
        for key, value in values.items()
        if key in form.fields and form.fields[key].type not in SILENT and value != form.fields[key].empty
    }


def without_silent(field: Field, value: Any) -> Any:
    """Rows without the columns that the form works out or that were left empty."""
    if not field.has_rows:
        return value
    kept = {column.key: column for column in field.columns if column.type not in SILENT}
    return [
        {key: answer for key, answer in row.items() if key in kept and answer != kept[key].empty}
        for row in value
    ]
