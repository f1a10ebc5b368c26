"""Which parts of a package its examples try: questions, choices, conditions both ways, checks, rows, letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answers import is_blank, read_all, scope_of
from .examples import Example, context_of
from .flow import run_checks
from .in_words import Vocabulary, in_words, inside_rows, vocabulary_of
from .scoring import score_application

if TYPE_CHECKING:
    from .cel import Rule
    from .fields import Field
    from .package import Package

MANY = 12
"""A choice of more options than this (schools) is tried when one of them was chosen."""

Key = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One thing an example can try."""

    key: Key
    sentence: str
    reached: bool = False


@dataclass(frozen=True)
class Part:
    """One kind of thing."""

    name: str
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def reached(self) -> int:
        return sum(item.reached for item in self.items)

    @property
    def missing(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.reached)


@dataclass(frozen=True)
class Coverage:
    parts: tuple[Part, ...]

    @property
    def share(self) -> int:
        """Per cent of everything, cut off."""
        total = sum(part.total for part in self.parts)
        return sum(part.reached for part in self.parts) * 100 // total if total else 100

    def as_json(self) -> dict[str, Any]:
        told = {
            part.name: {
                "reached": part.reached,
                "total": part.total,
                "missing": [i.sentence for i in part.missing],
            }
            for part in self.parts
        }
        return {"share": self.share, "parts": told}


def coverage(package: Package, examples: Iterable[Example] | None = None) -> Coverage:
    """What these examples (the package's own by default) try of the package."""
    seen: set[Key] = set()
    for example in package.examples if examples is None else examples:
        seen |= set(tried_by(package, example))
    return Coverage(tuple(Part(name, tuple(marked(items, seen))) for name, items in parts_of(package)))


def marked(items: Iterable[Item], seen: set[Key]) -> Iterator[Item]:
    yield from (Item(item.key, item.sentence, item.key in seen) for item in items)


def parts_of(package: Package) -> list[tuple[str, list[Item]]]:
    """Everything there is to try, by kind."""
    words = vocabulary_of(package)
    fields = list(placed(package, words))
    return [
        (
            "項目",
            [Item(("field", path), f"「{label}」に答える") for path, label, _, each in fields if asks(each)],
        ),
        ("選択肢", [item for path, label, _, each in fields for item in option_items(path, label, each)]),
        (
            "表示の条件",
            [item for path, label, said, each in fields for item in condition_items(path, label, said, each)],
        ),
        (
            "入力の確認",
            [item for path, label, said, each in fields for item in check_items(path, label, said, each)],
        ),
        ("自動の確認", list(flow_items(package))),
        ("点数の行", list(row_items(package))),
        (
            "通知",
            [
                Item(("outcome", key), f"結果「{each.label.ja}」")
                for key, each in package.flow.outcomes.items()
            ],
        ),
    ]


def asks(each: Field) -> bool:
    return each.type != "explanation"


def placed(package: Package, words: Vocabulary) -> Iterator[tuple[str, str, Vocabulary, Field]]:
    """Every question and column: path, label, the words its rules are told in."""
    for each in package.form.fields.values():
        yield each.key, each.label.ja, words, each
        inside = inside_rows(words, each.key)
        for column in each.columns:
            yield f"{each.key}.{column.key}", f"{each.label.ja}の{column.label.ja}", inside, column


def option_items(path: str, label: str, each: Field) -> Iterator[Item]:
    if not each.options:
        return
    if len(each.options) > MANY:
        yield Item(("option", path, "*"), f"「{label}」から1つ選ぶ（{len(each.options)}の選択肢）")
        return
    for option in each.options:
        yield Item(("option", path, option.value), f"「{label}」で「{option.label.ja}」を選ぶ")


def condition_items(path: str, label: str, words: Vocabulary, each: Field) -> Iterator[Item]:
    if each.visible:
        said = in_words(each.visible, words)
        yield Item(("visible", path, "True"), f"「{label}」を聞く（{said}）")
        yield Item(("visible", path, "False"), f"「{label}」を聞かない")


def check_items(path: str, label: str, words: Vocabulary, each: Field) -> Iterator[Item]:
    for number, check in enumerate(each.checks):
        said = in_words(check.rule, words)
        yield Item(("check", path, str(number), "True"), f"「{label}」の確認に合う（{said}）")
        yield Item(("check", path, str(number), "False"), f"「{label}」の確認に合わない（{said}）")


def flow_items(package: Package) -> Iterator[Item]:
    for check in package.flow.checks:
        for result, said in (("pass", "よし"), ("look", "人が見る")):
            yield Item(("flow", check.key, result), f"「{check.label.ja}」が「{said}」になる")


def row_items(package: Package) -> Iterator[Item]:
    """Rows of the tables of points; those of one text (in force one after the other) are tried by one."""
    if package.scoring is None:
        return
    for name, table in package.scoring.tables.items():
        for row in table.rows:
            yield Item(("row", row_key(name, row)), f"{row.id}「{row.text}」")


def row_key(table: str, row: Any) -> str:
    return row.id if table in ("base", "guardian", "adjust") else f"{table}|{row.text}"


def tried_by(package: Package, example: Example) -> Iterator[Key]:
    context = context_of(package, example)
    reading = read_all(package.form, example.raw, context)
    scope = scope_of(package.form, reading.values, context)
    for each in package.form.fields.values():
        if each.key in reading.values:
            yield from answered(each, each.key, reading.values[each.key], scope)
        yield from shown(each.visible, each.key, scope)
    for result in run_checks(package.flow, scope):
        yield ("flow", result.key, result.result)
    if example.outcome:
        yield ("outcome", example.outcome)
    if package.scoring and not reading.errors:
        sheet = score_application(package, scope, example.facts, context.reference_day)
        yield from rows_fired(package, sheet)


def answered(each: Field, path: str, value: Any, scope: Mapping[str, Any]) -> Iterator[Key]:
    """What one answer tries: the question, its option, its checks, and the columns of its rows."""
    if is_blank(each, value):
        return
    yield ("field", path)
    for chosen in value if isinstance(value, list) else [value]:
        if not isinstance(chosen, Mapping):
            yield ("option", path, str(chosen))
    yield ("option", path, "*")
    for number, check in enumerate(each.checks):
        yield ("check", path, str(number), str(check.rule.value_or(True, scope) is not False))
    if each.has_rows:
        for row in value:
            yield from row_tried(each, row, scope)


def row_tried(each: Field, row: Mapping[str, Any], scope: Mapping[str, Any]) -> Iterator[Key]:
    inside = {**scope, **{column.key: column.empty for column in each.columns}, **row}
    for column in each.columns:
        path = f"{each.key}.{column.key}"
        yield from shown(column.visible, path, inside)
        if column.key in row:
            yield from answered(column, path, row[column.key], inside)


def shown(rule: Rule | None, path: str, scope: Mapping[str, Any]) -> Iterator[Key]:
    if rule:
        yield ("visible", path, str(rule.holds(scope)))


def rows_fired(package: Package, sheet: Any) -> Iterator[Key]:
    yield from (("row", row.row_id) for row in sheet.rows)
    yield from (("row", f"waivers|{sheet.waiver}"), ("row", f"combine|{sheet.reason}"))
    assert package.scoring
    for row in package.scoring.tables["combine"].rows if "combine" in package.scoring.tables else ():
        if any(row.text and row.text == fired.why_not for fired in sheet.rows):
            yield ("row", f"combine|{row.text}")
    for row in package.scoring.tables["phases"].rows if "phases" in package.scoring.tables else ():
        if row.results.get("phase") == sheet.phase:
            yield ("row", f"phases|{row.text}")
