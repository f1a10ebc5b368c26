"""A form: pages of fields, and the order in which their rules are worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .cel import Rule
from .fields import Field, declared_names, read_field
from .lookups import compiled
from .toml_source import Source, Table
from .words import NOTHING, Words


@dataclass(frozen=True)
class Page:
    """One question group, shown alone on a phone."""

    key: str
    title: Words
    fields: tuple[Field, ...]
    visible: Rule | None = None
    help: Words = NOTHING
    line: int = 0


@dataclass(frozen=True)
class Form:
    """All pages; order names the fields so that each comes after those its rules read."""

    pages: tuple[Page, ...]
    order: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        return {field.key: field for page in self.pages for field in page.fields}

    @cached_property
    def empties(self) -> Mapping[str, Any]:
        """The value of no answer of every field."""
        return {key: field.empty for key, field in self.fields.items()}

    @cached_property
    def page_of(self) -> Mapping[str, Page]:
        return {field.key: page for page in self.pages for field in page.fields}

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """By field, the fields on whose values it hangs how it is read, what is wrong in its rows included."""
        return {key: frozenset(names_seen(field) & self.fields.keys()) for key, field in self.fields.items()}

    @cached_property
    def looks_at_facts(self) -> bool:
        """Whether any rule of the form reads a fact of the town's books; most forms ask for answers only."""
        pages = [page.visible.names for page in self.pages if page.visible]
        return any("facts" in names for names in [*pages, *map(names_judged, self.fields.values())])

    def page(self, key: str) -> Page:
        """The page of that key. Raises KeyError."""
        found = next((page for page in self.pages if page.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def names(self) -> frozenset[str]:
        """Every name rules may use for answers."""
        return frozenset(name for field in self.fields.values() for name in field.names())


NO_FILES: Mapping[str, bytes] = {}


def read_form(table: Table, known: Collection[str], files: Mapping[str, bytes] = NO_FILES) -> Form:
    """The form of form.toml; known are the names besides answers (facts, period, on), files those of the package for
    the tables that calculated fields look up. Faults are noted.
    """
    table.only({"page"})
    tables = table.tables("page")
    if not tables:
        table.blame("page", "[[page]] がありません。質問の頁を1つ以上書いてください。")
    answers = declared_names(field for page in tables for field in fields_of(page))
    names = {*known, *answers}
    pages = with_tables(table.source, tuple(read_page_table(page, names) for page in tables), files)
    refuse_repeated(table.source, pages)
    refuse_claimed(table.source, pages)
    return Form(tuple(ordered_page(table.source, page) for page in pages), order_of(table.source, pages))


def with_tables(source: Source, pages: tuple[Page, ...], files: Mapping[str, bytes]) -> tuple[Page, ...]:
    """The pages with the tables of their calculated fields read."""
    fields = [field for page in pages for field in page.fields]
    return tuple(
        replace(page, fields=tuple(compiled(field, fields, files, source) for field in page.fields))
        for page in pages
    )


def fields_of(page: Table) -> list[dict[str, object]]:
    found = page.data.get("field", [])
    return [field for field in found if isinstance(field, dict)] if isinstance(found, list) else []


def read_page_table(table: Table, known: Collection[str]) -> Page:
    table.only({"key", "title", "help", "visible", "field"})
    return Page(
        key=table.key(),
        title=table.words("title", must=True),
        help=table.words("help"),
        visible=table.rule("visible", known),
        fields=tuple(read_field(field, known) for field in table.tables("field")),
        line=table.line,
    )


def refuse_repeated(source: Source, pages: tuple[Page, ...]) -> None:
    seen: dict[str, int] = {}
    for key, line in keys_with_lines(pages):
        if key in seen:
            source.blame(line, f"「{key}」は{seen[key]}行目にもあります。別の名前にしてください。")
        seen.setdefault(key, line)


def refuse_claimed(source: Source, pages: tuple[Page, ...]) -> None:
    """A former name (formerly) belongs to one field, and to none that still exists: else answers would be mixed."""
    fields = [field for page in pages for field in page.fields]
    for group in (fields, *(field.columns for field in fields)):
        refuse_claimed_names(source, [(field.key, field.formerly, field.line) for field in group])
        for field in group:
            claims = [(option.value, option.formerly, field.line) for option in field.options]
            refuse_claimed_names(source, claims)


def refuse_claimed_names(source: Source, claims: list[tuple[str, tuple[str, ...], int]]) -> None:
    taken = {name for name, _, _ in claims}
    for _, formerly, line in claims:
        for name in formerly:
            if name in taken:
                source.blame(line, f"元の名前「{name}」は、今も使われているか、ほかでも元の名前です。")
            taken.add(name)


def keys_with_lines(pages: tuple[Page, ...]) -> Iterator[tuple[str, int]]:
    for page in pages:
        yield f"頁 {page.key}", page.line
        for field in page.fields:
            yield field.key, field.line
            yield from ((f"{field.key}.{column.key}", column.line) for column in field.columns)


def order_of(source: Source, pages: tuple[Page, ...]) -> tuple[str, ...]:
    """Fields after those their rules read. A circle is a fault that names its way."""
    keys = {field.key for page in pages for field in page.fields}
    needs = {field.key: names_read(field, page.visible) & keys for page in pages for field in page.fields}
    lines = {field.key: field.line for page in pages for field in page.fields}
    return sorted_or_blamed(source, needs, lines)


def names_read(field: Field, page_visible: Rule | None) -> set[str]:
    own = {column.key for column in field.columns}
    outer = set(field.visible.names) if field.visible else set()
    if page_visible:
        outer |= page_visible.names
    if field.rule:
        outer |= field.rule.names
    if field.lookup:
        outer |= field.lookup.reads
    for column in field.columns:
        outer |= {name for rule in column.rules() for name in rule.names} - own
    return outer


def names_seen(field: Field) -> set[str]:
    """Whatever reading a field can look at: `names_read`, and what the columns of its rows ask for and complain of."""
    return names_read(field, None).union(*map(names_complaining, field.columns))


def names_judged(field: Field) -> set[str]:
    """Whatever reading a field and judging the answer can look at."""
    return names_seen(field) | names_complaining(field)


def names_complaining(field: Field) -> set[str]:
    """What the field's own required and checks look at, and its table."""
    rules = [rule for check in field.checks for rule in (check.rule, *check.parts.values())]
    if not isinstance(field.required, bool):
        rules.append(field.required)
    return {name for rule in rules for name in rule.names} | (
        set(field.lookup.reads) if field.lookup else set()
    )


def sorted_or_blamed(
    source: Source, needs: Mapping[str, set[str]], lines: Mapping[str, int]
) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        way = " → ".join(circle)
        sentence = f"規則が輪になっています（{way}）。どれか1つの規則から、ほかの項目の名前を外してください。"
        source.blame(lines[circle[0]], sentence)
        return tuple(needs)


def ordered_page(source: Source, page: Page) -> Page:
    return replace(page, fields=tuple(ordered_columns(source, field) for field in page.fields))


def ordered_columns(source: Source, field: Field) -> Field:
    if not field.columns:
        return field
    keys = {column.key for column in field.columns}
    needs = {
        column.key: {name for rule in column.rules() for name in rule.names} & keys
        for column in field.columns
    }
    lines = {column.key: column.line for column in field.columns}
    return replace(field, column_order=sorted_or_blamed(source, needs, lines))
