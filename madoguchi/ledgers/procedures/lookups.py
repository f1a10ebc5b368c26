"""A calculated field that looks its value up in a decision table of the package: limits and rates with their dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from . import decision_rows
from .decision_tables import FactKind, check_table
from .toml_source import Source

if TYPE_CHECKING:
    from .fields import Field

KINDS = {"number": "number", "money": "number", "yes_no": "yesno", "choice": "code"}


@dataclass(frozen=True)
class Lookup:
    """Which table answers, by which of its results, and the date field whose day counts (the day of receipt if none)."""

    name: str
    result: str
    on: str = ""
    table: decision_rows.Table | None = None

    @property
    def reads(self) -> frozenset[str]:
        """The answers the value hangs on."""
        facts = self.table.facts if self.table else ()
        return frozenset({*facts, *([self.on] if self.on else [])})

    def value(self, scope: Mapping[str, Any]) -> Any:
        """What the row in force says, a number where it is one; None where no row answers yet."""
        day = scope.get(self.on) if self.on else scope.get("on")
        if self.table is None or not isinstance(day, str) or not day:
            return None
        facts = {name: scope.get(name) for name in self.table.facts}
        row = decision_rows.decide(self.table, facts, date.fromisoformat(day))
        return as_number(row.results.get(self.result, "")) if row else None


def as_number(text: str) -> Any:
    """3000 is a number, 去勢 a word, nothing is nothing."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text or None


def compiled(field: Field, fields: Collection[Field], files: Mapping[str, bytes], source: Source) -> Field:
    """The field with its table read; what is wrong with the table, or with its name, is noted."""
    lookup = field.lookup
    if lookup is None:
        return field
    file = f"tables/{lookup.name}.csv"
    content = files.get(file)
    if content is None:
        source.blame(field.line, f"「table」の表「{file}」がありません。置くか、名前を直してください。")
        return field
    reading = check_table(file, content.decode("utf-8-sig", errors="replace"), kinds_of(fields))
    source.faults += reading.faults
    if reading.table is None:
        return field
    _blame_unfit(field, lookup, reading.table, fields, source)
    return replace(field, lookup=replace(lookup, table=reading.table))


def kinds_of(fields: Collection[Field]) -> dict[str, FactKind]:
    """What the table may read: the questions of the form that have one plain value."""
    return {
        field.key: FactKind(KINDS.get(field.type, "text"), frozenset(each.value for each in field.options))
        for field in fields
        if field.type in {*KINDS, "text", "calculated"} and not isinstance(field.empty, list)
    }


def _blame_unfit(
    field: Field, lookup: Lookup, table: decision_rows.Table, fields: Collection[Field], source: Source
) -> None:
    if table.hit == decision_rows.Hit.COLLECT:
        source.blame(
            field.line, f"表「{table.file}」は COLLECT です。1行だけが答える UNIQUE にしてください。"
        )
    if not any(lookup.result in row.results for row in table.rows):
        source.blame(field.line, f"表「{table.file}」に列「result_{lookup.result}」がありません。")
    if lookup.on and lookup.on not in {each.key for each in fields if each.type == "date"}:
        source.blame(field.line, f"「on」の「{lookup.on}」という日付の項目がありません。")
