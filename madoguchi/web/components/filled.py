"""What a page knows while it draws its fields: what was typed, what is wrong, how it was read, what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from madoguchi.ledgers.procedures.answers import is_required, row_indexes, shows
from madoguchi.ledgers.procedures.fields import Field, Option
from madoguchi.ledgers.procedures.readers import Asked, options_of
from madoguchi.web.components.words import Reader

FIRST_RANKS = 3


@dataclass(frozen=True)
class Filled:
    """`raw` as typed, `scope` as the rules see it, `open_rows` how many rows or ranks to show at least."""

    raw: Mapping[str, Sequence[str]]
    context: Any
    scope: Mapping[str, Any]
    reader: Reader = field(default_factory=Reader)
    errors: Mapping[str, str] = field(default_factory=dict)
    echoes: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    files: Mapping[str, Any] = field(default_factory=dict)
    open_rows: Mapping[str, int] = field(default_factory=dict)
    focus: str = ""

    def typed(self, name: str) -> str:
        return (self.raw.get(name) or [""])[0]

    def typed_all(self, name: str) -> list[str]:
        return [value for value in self.raw.get(name) or [] if value]

    def options(self, asked: Field) -> tuple[Option, ...]:
        return options_of(asked, self.context)

    def must(self, asked: Field) -> bool:
        return is_required(asked, self.scope)

    def inside(self, row: Mapping[str, Any]) -> "Filled":
        return replace(self, scope={**self.scope, **row})

    def columns(self, asked: Field) -> list[Field]:
        return [column for column in asked.columns if shows(column, self.scope)]

    def row_indexes(self, asked: Field) -> list[int]:
        """Rows with something typed, then empty ones until the least (or the opened) number is shown."""
        start = f"{asked.key}-"
        typed = {
            int(head)
            for name, texts in self.raw.items()
            if name.startswith(start) and (head := name[len(start) :].split("-")[0]).isdigit() and any(texts)
        }
        least = max(asked.min_rows, self.open_rows.get(asked.key, 0), 1 if self.must(asked) else 0)
        spare = (index for index in range(asked.max_rows) if index not in typed)
        while len(typed) < min(least, asked.max_rows):
            typed.add(next(spare))
        return sorted(typed)

    def ranks(self, asked: Field) -> int:
        last = max(
            (rank for rank in range(1, asked.ranks + 1) if self.typed(f"{asked.key}-{rank}")), default=0
        )
        return min(asked.ranks, max(FIRST_RANKS, last, self.open_rows.get(asked.key, 0)))


def row_values(filled: Filled, asked: Field, index: int) -> Mapping[str, Any]:
    """The read values of one row, so that its own rules (visible, required) see them."""
    rows = filled.scope.get(asked.key) or []
    indexes = row_indexes(Asked(asked, asked.key, filled.raw, filled.context))
    position = indexes.index(index) if index in indexes else len(rows)
    empties = {column.key: column.empty for column in asked.columns}
    return {**empties, **(rows[position] if position < len(rows) else {})}
