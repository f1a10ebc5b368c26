"""What changed between two sets of answers: word by word for text, by identity for rows, by name for files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from madoguchi.web.desk.answers_shown import NOTHING, WITHHELD, text_of

WORD = re.compile(r"[A-Za-z0-9０-９Ａ-Ｚａ-ｚ.:/-]+|[ァ-ヶー]+|[ぁ-ん]+|[一-龥々〆]+|\s+|.", re.S)
WHOLE = 0.35
"""Below this likeness two texts are shown whole, one after the other: marks in every word help nobody."""


@dataclass(frozen=True)
class Part:
    """A piece of a text: same, gone or new."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One line of the diff. kind: changed, added or removed (rows of a group)."""

    name: str
    before: str
    after: str
    kind: str = "changed"

    @property
    def parts(self) -> tuple[Part, ...]:
        return marked(self.before, self.after)


def marked(before: str, after: str) -> tuple[Part, ...]:
    """Both texts in one line, with what went and what came."""
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < WHOLE:
        return tuple(part for part in (Part("gone", before), Part("new", after)) if part.text)
    return tuple(_parts(matcher, old, new))


def _parts(matcher: "SequenceMatcher[str]", old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(old[first:last]))
            continue
        if first < last:
            yield Part("gone", "".join(old[first:last]))
        if start < end:
            yield Part("new", "".join(new[start:end]))


def changes(package: Any, key: str, before: Any, after: Any, files: Mapping[str, str]) -> list[Change]:
    """What differs between two answers to one field. `files` are the names of files by id."""
    field = package.form.fields.get(key)
    if field is None:
        return [Change(key, str(before or NOTHING), str(after or NOTHING))]
    if WITHHELD in (before, after):
        return [Change(field.label.ja, "", WITHHELD)]
    if field.has_rows:
        found = list(row_changes(field, before or [], after or [], package, files))
        # Only the columns that one may not read have changed.
        return found or [Change(field.label.ja, "", WITHHELD)] if withheld_in(before, after) else found
    told = [shown(field, value, package, files) for value in (before, after)]
    return [Change(field.label.ja, *told)] if told[0] != told[1] else []


def withheld_in(*lists: Any) -> bool:
    return any(value == WITHHELD for rows in lists for row in rows or () for value in row.values())


def shown(field: Any, value: Any, package: Any, files: Mapping[str, str]) -> str:
    """A value in words; files by their names."""
    if field.type == "file" and value and value != WITHHELD:
        ids = value if isinstance(value, list) else [value]
        return "、".join(files.get(str(each), "（外した書類）") for each in ids)
    return text_of(field, value, package)


def row_changes(
    field: Any, before: list[Any], after: list[Any], package: Any, files: Mapping[str, str]
) -> Iterator[Change]:
    """Rows that stayed cell by cell, rows that came and rows that went."""
    for old, new in pairs(field, before, after):
        name = row_name(field, before if new is None else after, old if new is None else new)
        if old is None or new is None:
            row = new if old is None else old
            told = "・".join(
                f"{column.label.ja} {shown(column, row[column.key], package, files)}"
                for column in field.columns
                if row.get(column.key) not in (None, "", [], {})
            )
            yield Change(name, "" if old is None else told, told if old is None else "", _kind(old))
            continue
        for column in field.columns:
            texts = [shown(column, row.get(column.key), package, files) for row in (old, new)]
            if texts[0] != texts[1]:
                yield Change(f"{name}　{column.label.ja}", *texts)


def _kind(old: Any) -> str:
    return "added" if old is None else "removed"


def row_name(field: Any, rows: list[Any], row: Any) -> str:
    """保護者 2: its place in the list it stands in."""
    label = field.row_label.ja or field.label.ja
    place = next((at for at, each in enumerate(rows, 1) if each is row), 0)
    return label.replace("{n}", str(place)) if "{n}" in label else f"{label} {place}"


def pairs(field: Any, before: list[Any], after: list[Any]) -> list[tuple[Any, Any]]:
    """Rows of both lists that are the same row: equal ones, then those of the same person, then by place.

    A row without a counterpart stands beside None.
    """
    found: list[tuple[Any, Any]] = []
    old, new = list(before), list(after)
    for same in (_equal, lambda one, two: _identity(field, one) == _identity(field, two) != ""):
        for row in list(old):
            match = next((each for each in new if same(row, each)), None)
            if match is not None:
                found.append((row, match))
                old = [each for each in old if each is not row]
                new = [each for each in new if each is not match]
    nameless = not any(_identity(field, row) for row in (*old, *new))
    while nameless and old and new:
        found.append((old.pop(0), new.pop(0)))
    found += [(row, None) for row in old] + [(None, row) for row in new]
    return sorted(found, key=lambda pair: _place(pair, before, after))


def _equal(one: Any, two: Any) -> bool:
    return bool(one == two)


def _identity(field: Any, row: Mapping[str, Any]) -> str:
    """Whom a row is about: its names and birthdays."""
    named = [str(row.get(column.key) or "") for column in field.columns if column.type in ("name", "kana")]
    return "|".join(each for each in named if each)


def _place(pair: tuple[Any, Any], before: list[Any], after: list[Any]) -> int:
    rows, row = (before, pair[0]) if pair[1] is None else (after, pair[1])
    return next(at for at, each in enumerate(rows) if each is row)
