"""controls.toml: the control points of a package, read with the line of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .controls import (
    ACTS,
    FILLERS,
    NOBODY,
    POSTS,
    ChecklistItem,
    ControlFact,
    ControlKind,
    ControlPoint,
    Controls,
    ControlStep,
    Override,
    Risk,
)
from .fields import Field
from .form import Form
from .procedure_file import FACT_TYPES, Fact
from .toml_source import Table

FILE = "controls.toml"
NAMES = frozenset(f"acts.{name}" for name in ACTS)
TAKEN = ("acts", "checklists")
POINT = frozenset(
    {
        "key",
        "step",
        "label",
        "kind",
        "violated_when",
        "says",
        "with",
        "remedy",
        "evidence",
        "item",
        "filled_by",
    }
    | {"override"}
)


def read_controls(table: Table, known: Collection[str], facts: tuple[Fact, ...], form: Form) -> Controls:
    """The controls of controls.toml. `known` are the names of answers and outer names; faults are noted."""
    table.only({"fact", "control", "risk"})
    own = tuple(_read_fact(each, {fact.key for fact in facts}) for each in table.tables("fact"))
    names = frozenset(known) - {"facts"} | {f"facts.{fact.key}" for fact in facts}
    names |= {f"facts.{fact.key}" for fact in own} | NAMES
    for name in set(TAKEN) & set(form.fields):
        table.blame("control", f"項目の名前「{name}」は統制の言葉です。form.toml の名前を変えてください。")
    points = tuple(_points(table.tables("control"), names))
    return Controls(
        points=points, facts=own, risk=_read_risk(table.table("risk"), names), **_told(facts, own, form)
    )


def _told(facts: tuple[Fact, ...], own: tuple[ControlFact, ...], form: Form) -> dict[str, Any]:
    """Types, labels and sources by path."""
    told: tuple[Fact | ControlFact, ...] = (*facts, *own)
    answers = dict(_answers(form))
    return {
        # A key told as a number on one side and as text on the other would look like two people.
        "types": {f"facts.{fact.key}": fact.type for fact in told} | dict.fromkeys(NAMES, "text"),
        "labels": {path: each.label.ja for path, each in answers.items()}
        | {f"facts.{fact.key}": fact.label.ja for fact in told}
        | {f"acts.{name}": label for name, label in ACTS.items()},
        "sources": {f"facts.{fact.key}": str(fact.source) or "市の記録" for fact in told},
        "sensitive": frozenset(_withheld(form)),
    }


def _answers(form: Form) -> Iterator[tuple[str, Field]]:
    """Every answer by the paths under which a rule may read it."""
    for each in form.fields.values():
        for path in {each.key, *each.names()}:
            yield path, each
        for column in each.columns:
            yield f"{each.key}.{column.key}", column


def _withheld(form: Form) -> Iterator[str]:
    """Paths of answers that not everybody may read: the whole of a group, too, when one of its columns is such."""
    for each in form.fields.values():
        columns = [column for column in each.columns if each.sensitive or column.sensitive]
        yield from (f"{each.key}.{column.key}" for column in columns)
        if each.sensitive:
            yield from each.names()
        elif columns:
            yield each.key


def _read_fact(table: Table, taken: Collection[str]) -> ControlFact:
    table.only({"key", "type", "label", "source"})
    fact = ControlFact(
        table.key(),
        table.one_of("type", FACT_TYPES),
        table.words("label", must=True),
        table.words("source", must=True),
    )
    if fact.key in taken:
        table.blame("key", f"事実「{fact.key}」は procedure.toml にあります。片方を消してください。")
    return fact


def _points(tables: list[Table], known: Collection[str]) -> Iterator[ControlPoint]:
    seen: set[str] = set()
    for table in tables:
        point = _read_point(table, known)
        if point.key in seen:
            table.blame("key", f"統制点「{point.key}」が2つあります。別の名前にしてください。")
        seen.add(point.key)
        yield point


def _read_point(table: Table, known: Collection[str]) -> ControlPoint:
    table.only(POINT)
    kind = ControlKind(table.one_of("kind", [str(each) for each in ControlKind], "automatic"))
    step = table.one_of("step", [str(each) for each in ControlStep]) or ControlStep.GENERAL
    inside = table.table("with")
    parts = {name: rule for name in inside.data if (rule := inside.rule(name, known))}
    point = ControlPoint(
        key=table.key(),
        step=ControlStep(step),
        label=table.words("label", must=True),
        kind=kind,
        rule=table.rule("violated_when", known, must=kind == ControlKind.AUTOMATIC),
        says=table.words("says", must=True),
        remedy=table.words("remedy"),
        evidence=table.words("evidence", must=True),
        items=_items(table),
        filled_by=table.one_of("filled_by", FILLERS, "clerk") if kind == ControlKind.MANUAL else "",
        override=_read_override(table.table("override")),
        parts=parts,
    )
    _blame_halves(table, point, inside.data)
    return point


def _items(table: Table) -> tuple[ChecklistItem, ...]:
    items = []
    for each in table.tables("item"):
        each.only({"key", "label"})
        items.append(ChecklistItem(each.key(), each.words("label", must=True)))
    keys = [item.key for item in items]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        table.blame("item", f"確認表の行「{key}」が2つあります。別の名前にしてください。")
    return tuple(items)


def _read_override(table: Table) -> Override:
    table.only({"by", "exception"})
    override = Override(table.one_of("by", [NOBODY, *POSTS], NOBODY), table.words("exception"))
    if override.by != NOBODY and not override.exception:
        table.blame("exception", "例外を認める人がいるときは、どんな場合か（exception）を書いてください。")
    return override


def _blame_halves(table: Table, point: ControlPoint, parts: Mapping[str, Any]) -> None:
    """What a control says must fit what it is."""
    if point.kind == ControlKind.AUTOMATIC and (point.items or "filled_by" in table.data):
        table.blame(
            "kind", "自動の統制に確認表は書けません。kind を manual にするか、item を消してください。"
        )
    if point.kind == ControlKind.MANUAL and not point.items and "violated_when" not in table.data:
        table.blame("kind", "人手の統制には、確認表の行（item）か violated_when を書いてください。")
    for name in sorted(set(re.findall(r"\{(\w+)\}", point.says.ja)) - set(parts)):
        table.blame(
            "says", f"文の「{{{name}}}」に入れるものがありません。with に「{name}」を書いてください。"
        )


def _read_risk(table: Table, known: Collection[str]) -> Risk:
    table.only({"amount", "days_left"})
    return Risk(table.rule("amount", known), table.rule("days_left", known))
