"""examples.toml: the section's own cases, which are the tests of its package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .answers import read_all, scope_of
from .context import Context
from .flow import run_checks
from .form import Form
from .procedure_file import CHANNELS, read_day
from .readers import Raw
from .scoring import score_application
from .toml_source import Table

if TYPE_CHECKING:
    from .package import Package

Score = Callable[["Package", Mapping[str, Any], "Example"], Mapping[str, Any]]
"""Scores one case (package, scope of answers and facts, example): {"total": …, "base": …, "eligible": …}."""


@dataclass(frozen=True)
class Example:
    """Answers as typed and facts of the town's books, on a day, with what must come out of them."""

    name: str
    on: date
    line: int
    period: str
    channel: str
    raw: Raw
    facts: Mapping[str, Any]
    errors: Mapping[str, str]
    checks: Mapping[str, str]
    values: Mapping[str, Any]
    pages: tuple[str, ...]
    stage: str
    score: Mapping[str, Any]
    outcome: str
    letter: str


@dataclass(frozen=True)
class ExampleResult:
    """How one example went; differences are sentences, none when it passed."""

    name: str
    line: int
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def read_examples(table: Table, form: Form) -> tuple[Example, ...]:
    """The examples; an example may begin with the answers of another (`like`)."""
    table.only({"example"})
    typed: dict[str, Raw] = {}
    examples: list[Example] = []
    for each in table.tables("example"):
        example = read_example(each, form, typed)
        typed[example.name] = example.raw
        examples.append(example)
    return tuple(examples)


KEYS = frozenset({"name", "on", "period", "channel", "like", "given", "without", "facts", "expect"})


def read_example(table: Table, form: Form, typed: Mapping[str, Raw]) -> Example:
    table.only(KEYS)
    expect = table.table("expect")
    expect.only({"errors", "checks", "values", "pages", "stage", "score", "outcome", "letter"})
    raw = {**like(table, typed), **given(table, form)}
    for name in table.texts("without"):
        raw = {key: value for key, value in raw.items() if key != name and not key.startswith(f"{name}-")}
    return Example(
        name=table.text("name", must=True),
        on=read_day(table, "on", must=True) or date.min,
        line=table.line,
        period=table.text("period"),
        channel=table.one_of("channel", CHANNELS, "online"),
        raw=raw,
        facts=table.value("facts", dict, {}),
        errors=expect.value("errors", dict, {}),
        checks=expect.value("checks", dict, {}),
        values=expect.value("values", dict, {}),
        pages=expect.texts("pages"),
        stage=expect.text("stage"),
        score=expect.value("score", dict, {}),
        outcome=expect.text("outcome"),
        letter=expect.text("letter"),
    )


def like(table: Table, typed: Mapping[str, Raw]) -> Raw:
    name = table.text("like")
    if name and name not in typed:
        table.blame("like", f"「{name}」という例は、これより前にありません。名前を確かめてください。")
    return typed.get(name, {})


def given(table: Table, form: Form) -> dict[str, list[str]]:
    """Typed texts by HTML name; a name of no field is a fault, for a slip proves nothing."""
    found = table.value("given", dict, {})
    raw: dict[str, list[str]] = {}
    for name, value in found.items():
        if name.split("-")[0] not in form.fields:
            table.blame(name, f"「{name}」に当たる項目がフォームにありません。名前を確かめてください。")
        raw[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    return raw


def context_of(package: Package, example: Example) -> Context:
    """The context of an example; facts the package declares and the example leaves out are None."""
    facts = {fact.key: None for fact in package.facts} | dict(example.facts)
    period = package.period(example.period) if example.period else package.open_period(example.on)
    return Context(example.on, period, facts, package.facilities, channel=example.channel)


def score_of(package: Package, scope: Mapping[str, Any], example: Example) -> Mapping[str, Any]:
    """The points by the package's own scoring.toml: of the household (base) and for the first wish (total)."""
    period = context_of(package, example).reference_day
    sheet = score_application(package, scope, example.facts, period)
    return {
        "base": float(sheet.base),
        "total": float(next(iter(sheet.totals.values()), sheet.base)),
        "eligible": sheet.eligible,
        "phase": sheet.phase,
    }


def run_example(package: Package, example: Example, score: Score = score_of) -> ExampleResult:
    """Work one example out and tell every difference in a sentence."""
    context = context_of(package, example)
    reading = read_all(package.form, example.raw, context)
    scope = scope_of(package.form, reading.values, context)
    errors = {error.name: error.sentence for error in reading.errors}
    checks = {check.key: check.result for check in run_checks(package.flow, scope)}
    differences = [
        *different_errors(example.errors, errors),
        *different("確認", example.checks, checks),
        *different("回答", example.values, scope),
    ]
    if example.pages and example.pages != reading.pages:
        differences.append(f"頁は {'・'.join(reading.pages)} です（期待は {'・'.join(example.pages)}）。")
    stage = stage_after(errors, checks)
    if example.stage and example.stage != stage:
        differences.append(f"段階は {stage} です（期待は {example.stage}）。")
    if example.outcome or example.letter:
        differences += different_letter(package, example)
    if example.score and package.scoring:
        differences += different("点数", example.score, score(package, scope, example))
    return ExampleResult(example.name, example.line, tuple(differences))


def stage_after(errors: Mapping[str, str], checks: Mapping[str, str]) -> str:
    """Where a case stands after the checks that run by themselves: no person has done anything yet."""
    if errors:
        return "draft"
    return "reviewing" if "look" in checks.values() else "received"


def different_errors(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """An expected error is a part of its sentence; an error nobody expected is a difference too."""
    unexpected = [
        f"{name} に期待していない誤り: {text}" for name, text in found.items() if name not in expected
    ]
    missing = [
        f"{name} に「{part}」を含む誤りを期待しましたが「{found.get(name, '誤りなし')}」でした。"
        for name, part in expected.items()
        if part not in found.get(name, "") or name not in found
    ]
    return [*unexpected, *missing]


def different(what: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{what} {key} は {found.get(key)!r} でした（期待は {value!r}）。"
        for key, value in expected.items()
        if found.get(key) != value
    ]


def different_letter(package: Package, example: Example) -> list[str]:
    outcome = package.flow.outcomes.get(example.outcome)
    if outcome is None:
        return [f"結果「{example.outcome}」は flow.toml にありません。"]
    if example.letter and outcome.letter != example.letter:
        return [f"結果「{example.outcome}」の通知は {outcome.letter} です（期待は {example.letter}）。"]
    return []
