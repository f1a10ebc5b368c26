"""Answers as a person reads them back: on the review, on the status page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.common.era import format_both
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.procedures.answers import row_indexes, shows
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.readers import Asked, options_of
from madoguchi.web.components import words
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.resident.form_pages import Paper


@dataclass(frozen=True)
class AnswersShown:
    """`groups()` follows the pages of the form; only questions that were asked appear."""

    paper: Paper
    reading: Any
    files: Mapping[str, Any]

    def groups(self) -> list[dict[str, Any]]:
        pages = self.paper.pages(self.reading.values)
        return [
            {
                "key": page.key,
                "title": page.title,
                "items": self.items(self.paper.fields(page, self.reading.values)),
            }
            for page in pages
        ]

    def items(self, fields: list[Field]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for field in fields:
            value = self.reading.values.get(field.key)
            if field.has_rows:
                found += self.row_items(field, value or [])
            elif field.type == "ranked":
                found += self.ranks(field, value or [])
            elif field.type != "explanation" and not self.silent(field, field.key):
                found.append(self.item(field, value, field.key))
        return found

    def silent(self, field: Field, name: str) -> bool:
        """A calculation that says nothing to the applicant is for the rules only."""
        return field.type == "calculated" and name not in self.reading.echoes

    def item(self, field: Field, value: Any, name: str) -> dict[str, Any]:
        later = field.type == "file" and not value and field.later
        return {
            "name": self.words(field.label),
            "value": self.text(field, value, name),
            "mark": "later" if later else "",
        }

    def row_items(self, field: Field, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One item a row, its answers inside; what was not asked or not answered in a row stays away."""
        indexes = row_indexes(Asked(field, field.key, self.paper.raw, self.paper.context))
        found = [
            {"name": self.row_name(field, number), "inside": self.row_answers(field, index, row)}
            for number, (index, row) in enumerate(zip(indexes, rows, strict=False), 1)
        ]
        return found or [{"name": self.words(field.label), "value": self.say("review.unanswered")}]

    def row_answers(self, field: Field, index: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        scope = {**self.paper.filled(self.reading.values).scope, **row}
        asked = [column for column in field.columns if shows(column, scope) and column.type != "explanation"]
        named = [(each, f"{field.key}-{index}-{each.key}") for each in asked]
        items = [
            self.item(each, row.get(each.key), name) for each, name in named if not self.silent(each, name)
        ]
        return [item for item in items if item["mark"] or item["value"] != self.say("review.unanswered")]

    def row_name(self, field: Field, number: int) -> str:
        label = self.words(field.row_label) or self.words(field.label)
        return label.replace("{n}", str(number)) if "{n}" in label else f"{label} {number}"

    def ranks(self, field: Field, wishes: list[str]) -> list[dict[str, Any]]:
        return [
            {"name": self.say("field.rank", rank=rank), "value": self.option(field, wish)}
            for rank, wish in enumerate(wishes, 1)
        ] or [{"name": self.words(field.label), "value": self.say("review.unanswered")}]

    def text(self, field: Field, value: Any, name: str) -> str:
        if value is None or value in ("", [], {}):
            return self.say("review.unanswered")
        writer = WRITERS.get(field.type)
        told = writer(self, field, value) if writer else str(value)
        return (
            self.reading.echoes.get(name, told)
            if field.type in ("date", "calculated")
            else told or self.say("review.unanswered")
        )

    def option(self, field: Field, value: str) -> str:
        found = next((each for each in options_of(field, self.paper.context) if each.value == value), None)
        return self.words(found.label) if found else value

    def file_count(self) -> dict[str, int]:
        asked = [
            each
            for page in self.paper.pages(self.reading.values)
            for each in self.paper.fields(page, self.reading.values)
        ]
        wanted = [each for each in asked if each.type == "file"]
        return {"count": len(wanted), "kept": sum(bool(self.reading.values.get(each.key)) for each in wanted)}

    def words(self, text: Any) -> str:
        return words.without_readings(words.marked(text, self.paper.reader.voice))

    def say(self, key: str, **parts: object) -> str:
        return speak_plain(key, self.paper.reader, **parts)


def _name(_: AnswersShown, __: Field, value: Mapping[str, str]) -> str:
    return "　".join(part for part in (value.get("family"), value.get("given")) if part)


def _address(_: AnswersShown, __: Field, value: Mapping[str, str]) -> str:
    line = "".join(value.get(part) or "" for part in ("town", "block"))
    told = f"〒{value['postcode']} {line}　{value.get('building') or ''}" if value.get("postcode") else line
    return told.strip() if line else ""


def _choice(shown: AnswersShown, field: Field, value: Any) -> str:
    chosen = value if isinstance(value, list) else [value]
    return "、".join(shown.option(field, each) for each in chosen)


def _files(shown: AnswersShown, _: Field, value: list[str]) -> str:
    return "、".join(shown.files[each].name for each in value if each in shown.files)


WRITERS: dict[str, Any] = {
    "name": _name,
    "kana": _name,
    "address": _address,
    "choice": _choice,
    "file": _files,
    "date": lambda _, __, value: format_both(date.fromisoformat(value)),
    "money": lambda _, __, value: format_yen(value),
    "number": lambda shown, field, value: f"{value:g}{shown.words(field.unit)}",
    "yes_no": lambda shown, __, value: shown.say("field.yes" if value else "field.no"),
    "consent": lambda shown, __, value: shown.say("field.yes" if value else "field.no"),
    "calculated": lambda _, __, value: f"{value:g}" if isinstance(value, float) else str(value),
}


def missing_files(paper: Paper, reading: Any) -> list[str]:
    """Documents that an answer calls for, may follow and are not there yet, named for the reader.

    A file that is always offered and never asked for (そのほかの書類) is not owed.
    """
    shown = AnswersShown(paper, reading, {})
    owed: list[str] = []
    for page in paper.pages(reading.values):
        for field in paper.fields(page, reading.values):
            if field.has_rows:
                owed += missing_in_rows(shown, field, reading.values.get(field.key) or [])
            elif owed_file(field) and field.visible and not reading.values.get(field.key):
                owed.append(shown.words(field.label))
    return owed


def missing_in_rows(shown: AnswersShown, field: Field, rows: list[Mapping[str, Any]]) -> list[str]:
    scope = shown.paper.filled(shown.reading.values).scope
    return [
        f"{shown.row_name(field, number)}：{shown.words(column.label)}"
        for number, row in enumerate(rows, 1)
        for column in field.columns
        if owed_file(column) and shows(column, {**scope, **row}) and not row.get(column.key)
    ]


def owed_file(field: Field) -> bool:
    return field.type == "file" and field.later
