"""The fields of a form: what each asks, how it looks, and what its rules may use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .cel import Rule
from .cel_functions import FUNCTIONS, MACROS, NATIVE
from .cel_names import RESERVED
from .lookups import Lookup
from .toml_source import Table
from .words import NOTHING, Words

EMPTY: Mapping[str, Any] = {
    "text": "",
    "longtext": "",
    "kana": {"family": "", "given": ""},
    "name": {"family": "", "given": ""},
    "date": "",
    "time": "",
    "address": {"postcode": "", "town": "", "block": "", "building": ""},
    "phone": "",
    "email": "",
    "number": None,
    "money": None,
    "choice": "",
    "ranked": [],
    "yes_no": None,
    "file": [],
    "group": [],
    "household": [],
    "consent": False,
    "calculated": None,
    "explanation": None,
}
"""Every type of field with the value of an answer not given."""

ROWS = ("group", "household")
SILENT = ("explanation", "calculated")
"""Types that nobody fills in."""

COMMON = frozenset("key formerly type label help visible required check prefill echo shows sensitive".split())  # noqa: SIM905
OWN: Mapping[str, frozenset[str]] = {
    "text": frozenset({"max_length"}),
    "longtext": frozenset({"max_length"}),
    "number": frozenset({"min", "max", "decimals", "unit"}),
    "money": frozenset({"min", "max"}),
    "choice": frozenset({"look", "option", "options_from"}),
    "ranked": frozenset({"ranks", "option", "options_from"}),
    "file": frozenset({"most", "accept", "later"}),
    "group": frozenset({"column", "min_rows", "max_rows", "row_label", "prefill"}),
    "household": frozenset({"column", "min_rows", "max_rows", "row_label", "prefill"}),
    "calculated": frozenset({"rule", "table", "result", "on"}),
}
"""Settings that only one type has."""

MAX_ROWS = 20
"""Rows of a repeating group that rules may walk."""
LENGTHS = {"text": 100, "longtext": 2000}


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: Words
    help: Words = NOTHING
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A rule an answer must fulfil and the sentence that says what to do when it does not."""

    rule: Rule
    says: Words
    parts: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One question. `empty` is the value of no answer; `names` the dotted names rules may use for it."""

    key: str
    type: str
    label: Words
    line: int
    help: Words = NOTHING
    required: bool | Rule = False
    required_says: Words = NOTHING
    visible: Rule | None = None
    checks: tuple[Check, ...] = ()
    prefill: str = ""
    echo: str = ""
    shows: Words = NOTHING
    look: str = "radio"
    options: tuple[Option, ...] = ()
    options_from: str = ""
    ranks: int = 5
    columns: tuple[Field, ...] = ()
    column_order: tuple[str, ...] = ()
    row_label: Words = NOTHING
    min_rows: int = 0
    max_rows: int = 10
    rule: Rule | None = None
    lookup: Lookup | None = None
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    unit: Words = NOTHING
    max_length: int = 100
    accept: tuple[str, ...] = ()
    later: bool = False
    formerly: tuple[str, ...] = ()
    sensitive: bool = False

    @property
    def empty(self) -> Any:
        if self.type == "choice" and self.look == "check":
            return []
        return EMPTY[self.type]

    @property
    def has_rows(self) -> bool:
        return self.type in ROWS

    def column(self, key: str) -> Field:
        return next(column for column in self.columns if column.key == key)

    @cached_property
    def in_column_order(self) -> tuple[Field, ...]:
        """The columns, each after those its rules read."""
        by_key = {column.key: column for column in self.columns}
        return tuple(by_key[key] for key in self.column_order)

    def names(self) -> Iterator[str]:
        yield self.key
        if self.has_rows:
            yield from (f"{self.key}.{column.key}" for column in self.columns)
        elif isinstance(self.empty, dict):
            yield from (f"{self.key}.{part}" for part in self.empty)

    def rules(self) -> Iterator[Rule]:
        """Rules on which this field's value or visibility hangs (not those that only complain)."""
        yield from (rule for rule in (self.visible, self.rule) if rule)
        for column in self.columns:
            yield from column.rules()


def declared_names(tables: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names rules may use for these field tables, before the fields themselves are read."""
    names: set[str] = set()
    for table in tables:
        key, kind = str(table.get("key", "")), str(table.get("type", ""))
        names.add(key)
        empty = EMPTY.get(kind)
        if kind in ROWS:
            names |= {f"{key}.{column.get('key', '')}" for column in table.get("column", []) if column}
        elif isinstance(empty, dict):
            names |= {f"{key}.{part}" for part in empty}
    return names


def read_field(table: Table, known: Collection[str]) -> Field:
    """One [[page.field]] or [[page.field.column]]; faults are noted in the table's source."""
    kind = table.one_of("type", EMPTY.keys(), "text") if "type" in table.data else "text"
    if "type" not in table.data:
        table.blame("type", "「type」がありません。text、date、choice などの種類を書いてください。")
    table.only(COMMON | {"required_says"} | OWN.get(kind, frozenset()))
    required = table.data.get("required", False)
    columns = read_columns(table, kind, known)
    return Field(
        key=read_key(table),
        type=kind,
        label=table.words("label", must=True),
        line=table.line,
        help=table.words("help"),
        required=required if isinstance(required, bool) else (table.rule("required", known) or False),
        required_says=table.words("required_says"),
        visible=table.rule("visible", known),
        checks=tuple(read_checks(table, known)),
        prefill=read_prefill(table),
        echo=table.one_of("echo", {"none", "grade", "age"}, "none"),
        shows=table.words("shows"),
        columns=columns,
        column_order=tuple(column.key for column in columns),
        rule=read_rule(table, known) if kind == "calculated" else None,
        lookup=read_lookup(table) if kind == "calculated" else None,
        formerly=table.texts("formerly"),
        sensitive=table.flag("sensitive"),
        **read_own(table, kind),
    )


PREFILL_SOURCES = ("resident", "child", "household")
"""What a proven visitor's answers may be filled in from; columns of a household name parts of a member."""


def read_prefill(table: Table) -> str:
    path = table.text("prefill")
    inside_rows = table.path.endswith("column")
    if path and not inside_rows and path.split(".")[0] not in PREFILL_SOURCES:
        table.blame("prefill", f"「prefill」は {'・'.join(PREFILL_SOURCES)} のどれかで始めてください。")
    return path


def read_key(table: Table) -> str:
    key = table.key()
    if key in RESERVED or key in FUNCTIONS or key in NATIVE or key in MACROS:
        table.blame("key", f"「{key}」は規則の言葉なので、項目の名前にできません。別の名前にしてください。")
    return key


def read_rule(table: Table, known: Collection[str]) -> Rule | None:
    """What a calculated field works out, unless a table says it."""
    return table.rule("rule", known, must="table" not in table.data)


def read_lookup(table: Table) -> Lookup | None:
    if "table" not in table.data:
        return None
    if "rule" in table.data or table.path.endswith("column"):
        table.blame("table", "「table」は「rule」と一緒には、またくり返しの中には書けません。")
    return Lookup(table.text("table", must=True), table.text("result", must=True), table.text("on"))


def read_columns(table: Table, kind: str, known: Collection[str]) -> tuple[Field, ...]:
    if kind not in ROWS:
        return ()
    tables = table.tables("column")
    if not tables:
        table.blame("column", "くり返しの項目に [[page.field.column]] がありません。1つ以上書いてください。")
    inside = {*known, *declared_names(column.data for column in tables)}
    columns = tuple(read_field(column, inside) for column in tables)
    for column in columns:
        if column.has_rows:
            table.blame("column", f"「{column.key}」: くり返しの中にくり返しは置けません。")
    return columns


def read_checks(table: Table, known: Collection[str]) -> Iterator[Check]:
    for check in table.tables("check"):
        check.only({"rule", "says", "with"})
        rule = check.rule("rule", known, must=True)
        says = check.words("says", must=True)
        inside = check.table("with")
        parts = {name: inside.rule(name, known) for name in inside.data}
        if rule:
            yield Check(rule, says, {name: part for name, part in parts.items() if part})


def read_own(table: Table, kind: str) -> dict[str, Any]:
    """The settings only this type has."""
    reader = OWN_READERS.get(kind)
    return reader(table, kind) if reader else {}


def read_lengths(table: Table, kind: str) -> dict[str, Any]:
    return {"max_length": table.integer("max_length", LENGTHS[kind], least=1, most=10_000)}


def read_bounds(table: Table, kind: str) -> dict[str, Any]:
    bounds = {
        "least": table.integer("min", least=-(10**12)) if "min" in table.data else None,
        "most": table.integer("max") if "max" in table.data else None,
    }
    if kind == "money":
        return bounds
    return {**bounds, "decimals": table.integer("decimals", 0, most=3), "unit": table.words("unit")}


def read_choices(table: Table, kind: str) -> dict[str, Any]:
    options = tuple(read_option(option) for option in table.tables("option"))
    source = table.one_of("options_from", {"", "facilities"}, "") if "options_from" in table.data else ""
    if bool(options) == bool(source):
        table.blame(
            "option", '選択肢を [[…option]] に並べるか、options_from = "facilities" と書いてください。'
        )
    values = [option.value for option in options]
    for value in {value for value in values if values.count(value) > 1}:
        table.blame("option", f"選択肢の値「{value}」が2回あります。値は1つずつ違うものにしてください。")
    shared = {"options": options, "options_from": source}
    if kind == "ranked":
        return {**shared, "ranks": table.integer("ranks", 5, least=1, most=20)}
    return {**shared, "look": table.one_of("look", {"radio", "check", "select"}, "radio")}


def read_option(table: Table) -> Option:
    table.only({"value", "formerly", "ja", "en", "easy", "help"})
    label = Words(table.text("ja", must=True), table.text("en"), table.text("easy"))
    return Option(table.text("value", must=True), label, table.words("help"), table.texts("formerly"))


def read_files(table: Table, _kind: str) -> dict[str, Any]:
    return {
        "most": table.integer("most", 5, least=1, most=20),
        "accept": table.texts("accept") or ("application/pdf", "image/jpeg", "image/png"),
        "later": table.flag("later"),
    }


def read_rows(table: Table, _kind: str) -> dict[str, Any]:
    least = table.integer("min_rows", 0, most=MAX_ROWS)
    most = table.integer("max_rows", 10, least=1, most=MAX_ROWS)
    if least > most:
        table.blame("min_rows", "min_rows が max_rows より大きくなっています。小さくしてください。")
    return {"min_rows": least, "max_rows": most, "row_label": table.words("row_label")}


OWN_READERS = {
    "text": read_lengths,
    "longtext": read_lengths,
    "number": read_bounds,
    "money": read_bounds,
    "choice": read_choices,
    "ranked": read_choices,
    "file": read_files,
    "group": read_rows,
    "household": read_rows,
}
