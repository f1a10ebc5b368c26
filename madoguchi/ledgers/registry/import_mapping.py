"""対応表: which column of a town's file is which field, and which code means what. TOML, no queries."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.common.text import in_quotes, join_words
from madoguchi.ledgers.registry.errors import MappingUnreadable
from madoguchi.ledgers.registry.states import Move, Relationship, ResidentKind, ResidentState, Sex

FOLDER = Path(__file__).parent / "mappings"
STANDARD = "juki"
LONGEST = 64 * 1024
REQUIRED = ("atena_number", "household_number", "relationship", "place_in_household", "birth_date", "town")
_NAMES = ("full_name", "family_name")
_CODES: dict[str, frozenset[int | str]] = {
    "kind": frozenset(ResidentKind.values),
    "state": frozenset(ResidentState.values),
    "sex": frozenset(Sex.values),
    "relationship": frozenset(Relationship.values),
    "event_kind": frozenset(Move.values),
}


@dataclass(frozen=True)
class ColumnMap:
    """`columns`: heads to look for, by field; `codes`: what the file's codes mean, by field."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Mapping[str, int | str]]
    toml: str


@dataclass(frozen=True)
class Layout:
    """A mapping laid on the head of one file: the place of each field, and the heads that nobody reads."""

    mapping: ColumnMap
    places: Mapping[str, int]
    heads: tuple[str, ...]
    unused: tuple[str, ...]

    def head_of(self, field: str) -> str:
        return self.heads[self.places[field]] if field in self.places else field


def shipped() -> dict[str, str]:
    """The mappings that come with the product: key and name."""
    return {file.stem: read_mapping(file.read_text(encoding="utf-8")).name for file in _files()}


def shipped_text(key: str) -> str:
    """The TOML of a shipped mapping. MappingUnreadable for an unknown key."""
    for file in _files():
        if file.stem == key:
            return file.read_text(encoding="utf-8")
    raise MappingUnreadable(f"対応表{in_quotes(key)}はありません。", next_step="一覧から選んでください。")


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


def read_mapping(text: str) -> ColumnMap:
    """Read a mapping file. MappingUnreadable says what is wrong with it and where."""
    if len(text) > LONGEST:
        raise _refused("対応表が大きすぎます。")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(f"対応表を TOML として読めません（{error}）。") from error
    known = _known_fields(raw, text)
    columns = {field: _heads(field, heads, known) for field, heads in _table(raw, "columns").items()}
    codes = {field: _codes(field, table) for field, table in _table(raw, "codes").items()}
    _insist_on_required(columns)
    return ColumnMap(str(raw.get("name", "名前のない対応表")), columns, codes, text)


def _known_fields(raw: Mapping[str, Any], text: str) -> frozenset[str]:
    standard = shipped_text(STANDARD)
    if text == standard:
        return frozenset(_table(raw, "columns"))
    return frozenset(_table(tomllib.loads(standard), "columns"))


def _table(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = raw.get(key, {})
    if not isinstance(table, dict):
        raise _refused(f"対応表の [{key}] が表になっていません。")
    return table


def _heads(field: str, heads: Any, known: frozenset[str]) -> tuple[str, ...]:
    if field not in known:
        raise _refused(f"対応表の項目{in_quotes(field)}は取り込めません。")
    listed = [heads] if isinstance(heads, str) else heads
    if not isinstance(listed, list) or not all(isinstance(head, str) and head.strip() for head in listed):
        raise _refused(f"対応表の項目{in_quotes(field)}には、見出しの名前を書いてください。")
    return tuple(listed)


def _codes(field: str, table: Any) -> dict[str, int | str]:
    if field not in _CODES or not isinstance(table, dict):
        raise _refused(f"対応表の [codes.{field}] は使えません。")
    wrong = [str(value) for value in table.values() if value not in _CODES[field]]
    if wrong:
        raise _refused(f"対応表の [codes.{field}] の{in_quotes(wrong[0])}は、標準の番号にありません。")
    return {plain(key): value for key, value in table.items()}


def _insist_on_required(columns: Mapping[str, Any]) -> None:
    missing = [field for field in REQUIRED if field not in columns]
    if missing or not any(field in columns for field in _NAMES):
        raise _refused(f"対応表に {join_words(missing or ['full_name'])} の見出しがありません。")


def _refused(sentence: str) -> MappingUnreadable:
    return MappingUnreadable(sentence, next_step="標準の対応表を写して、見出しの名前だけを直すと確かです。")


def plain(text: str) -> str:
    """A head or code without what differs by accident: width, case, spaces, brackets, underscores."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum() or char in "ー")


def lay(mapping: ColumnMap, heads: Iterable[str]) -> Layout:
    """Find each field's column. MappingUnreadable names the required columns that the file lacks."""
    written = tuple(heads)
    at: dict[str, int] = {}
    for index, head in enumerate(written):
        at.setdefault(plain(head), index)
    places: dict[str, int] = {}
    for field, names in mapping.columns.items():
        found = next((at[plain(name)] for name in names if plain(name) in at), None)
        if found is not None:
            places[field] = found
    _insist_on_columns(mapping, places, written)
    used = set(places.values())
    unused = tuple(head for index, head in enumerate(written) if index not in used and head.strip())
    return Layout(mapping, places, written, unused)


def _insist_on_columns(mapping: ColumnMap, places: Mapping[str, int], heads: tuple[str, ...]) -> None:
    missing = [mapping.columns[field][0] for field in REQUIRED if field not in places]
    if not any(field in places for field in _NAMES):
        missing.append("氏名")
    if missing:
        named = [head for head in heads if head.strip()]
        shown = join_words(named[:8]) + ("…" if len(named) > 8 else "")
        raise MappingUnreadable(
            f"見出しに「{join_words(missing)}」がありません。",
            next_step=f"ファイルの見出しは「{shown}」です。対応表の右側を、この見出しに合わせてください。",
        )
