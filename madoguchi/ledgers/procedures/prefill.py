"""Answers the town already knows, put in as if they had been typed, so that the person only looks them over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .fields import Field
from .form import Form


def prefilled(form: Form, sources: Mapping[str, Any]) -> dict[str, list[str]]:
    """Raw answers from what is known: `registry.queries.household_facts`, and child once one is chosen."""
    return dict(
        pair
        for field in form.fields.values()
        if field.prefill
        for pair in typed_as(field, field.key, reached(sources, field.prefill))
    )


def reached(sources: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, or None."""
    value: Any = sources
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def typed_as(field: Field, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """The inputs a value fills, by HTML name; nothing for a value that is not known."""
    if value is None or value == "":
        return
    if field.has_rows:
        yield from rows_typed(field, name, value)
    elif isinstance(field.empty, dict):
        yield from ((f"{name}-{part}", [str(value.get(part) or "")]) for part in field.empty)
    elif field.type == "choice" and isinstance(value, str):
        yield from (
            (name, [option.value]) for option in field.options if value in (option.value, option.label.ja)
        )
    elif field.type == "ranked":
        yield from ((f"{name}-{rank}", [str(item)]) for rank, item in enumerate(value, start=1))
    elif isinstance(value, bool):
        yield name, ["yes" if value else "no"]
    elif isinstance(value, (list, tuple)):
        yield name, [str(item) for item in value]
    else:
        yield name, [str(value)]


def rows_typed(field: Field, name: str, rows: Any) -> Iterator[tuple[str, list[str]]]:
    for index, row in enumerate(rows[: field.max_rows]):
        for column in field.columns:
            if column.prefill:
                yield from typed_as(column, f"{name}-{index}-{column.key}", reached(row, column.prefill))
