"""Which field of one version is which field of another: a field keeps its key, or names what it was called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .fields import Field
from .form import Form
from .readers import Raw


@dataclass(frozen=True)
class Pair:
    """One field in two versions; None where the version does not have it."""

    old: Field | None
    new: Field | None

    @property
    def key(self) -> str:
        """The name it has now, or had at last."""
        found = self.new or self.old
        assert found is not None
        return found.key

    @property
    def is_renamed(self) -> bool:
        return bool(self.old and self.new and self.old.key != self.new.key)


def pairs(old: Iterable[Field], new: Iterable[Field]) -> list[Pair]:
    """Every field of both versions, those of the new one in its order, then those that are gone."""
    before = {each.key: each for each in old}
    found = [Pair(ancestor(each, before), each) for each in new]
    kept = {pair.old.key for pair in found if pair.old}
    return found + [Pair(each, None) for key, each in before.items() if key not in kept]


def ancestor(new: Field, before: Mapping[str, Field]) -> Field | None:
    """The field it was: of the same key, else the first of its former names that existed."""
    names = (new.key, *new.formerly)
    return next((before[name] for name in names if name in before), None)


def form_pairs(old: Form, new: Form) -> list[Pair]:
    return pairs(old.fields.values(), new.fields.values())


def option_names(old: Field, new: Field) -> dict[str, str]:
    """Former value → value for options that were renamed."""
    before = {option.value for option in old.options}
    return {
        former: option.value
        for option in new.options
        for former in option.formerly
        if former in before and option.value not in before
    }


@dataclass(frozen=True)
class Renaming:
    """How inputs of the old version are called in the new one."""

    fields: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field, or field.column: former value → value."""

    def name(self, html_name: str) -> str:
        """guardians-0-hours as the new version calls it."""
        key, _, rest = html_name.partition("-")
        row = ROW.fullmatch(rest)
        inside = self.columns.get(key, {})
        if row and row["column"] in inside:
            rest = f"{row['row']}-{inside[row['column']]}{row['part'] or ''}"
        return f"{self.fields.get(key, key)}{f'-{rest}' if rest else ''}"

    def values(self, html_name: str, values: list[str]) -> list[str]:
        key, _, rest = html_name.partition("-")
        row = ROW.fullmatch(rest)
        told = self.options.get(f"{key}.{row['column']}" if row else key, {})
        return [told.get(value, value) for value in values]

    def raw(self, raw: Raw) -> dict[str, list[str]]:
        """Everything typed, under the names and values of the new version; nothing is left out."""
        return {self.name(name): self.values(name, list(values)) for name, values in raw.items()}


ROW = re.compile(r"(?P<row>\d{1,3})-(?P<column>[a-z0-9_]+)(?P<part>-.+)?")


def renaming(old: Form, new: Form) -> Renaming:
    """What the new version calls differently."""
    known = [pair for pair in form_pairs(old, new) if pair.old and pair.new]
    return Renaming(
        {pair.old.key: pair.new.key for pair in known if pair.old and pair.new and pair.is_renamed},
        {pair.old.key: names for pair in known if pair.old and (names := column_names(pair))},
        dict(renamed_options(known)),
    )


def column_names(pair: Pair) -> dict[str, str]:
    assert pair.old
    assert pair.new
    inside = pairs(pair.old.columns, pair.new.columns)
    return {each.old.key: each.new.key for each in inside if each.old and each.new and each.is_renamed}


def renamed_options(known: Iterable[Pair], before: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    for pair in known:
        if pair.old is None or pair.new is None:
            continue
        if names := option_names(pair.old, pair.new):
            yield f"{before}{pair.old.key}", names
        yield from renamed_options(pairs(pair.old.columns, pair.new.columns), f"{pair.old.key}.")
