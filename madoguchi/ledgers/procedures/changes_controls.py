"""What changed among the control points of a package, told one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .controls import KIND_NAMES, STEP_NAMES, ControlFact, ControlPoint
from .in_words import Vocabulary, in_words, sentence_in_words, vocabulary_of

if TYPE_CHECKING:
    from .cel import Rule
    from .package import Package

Found = tuple[str, str, str]
PLACE = "内部統制"


def control_point_changes(old: Package, new: Package) -> Iterator[Found]:
    """Kind, place and sentence for every control, fact and measure of risk that is not as it was."""
    words = vocabulary_of(new)
    before = {point.key: point for point in old.controls}
    for point in new.controls:
        for said in _point(before.pop(point.key, None), point, words):
            yield "control_changed", PLACE, said
    for gone in before.values():
        yield "control_changed", PLACE, f"統制点「{gone.label.ja}」がなくなりました。"
    yield from _facts(old, new)
    for name, label in (("amount", "高額"), ("days_left", "期限間際")):
        was, now = getattr(old.controls.risk, name), getattr(new.controls.risk, name)
        if _text(was) != _text(now):
            yield "control_changed", PLACE, f"抽出の「{label}」の見方が変わりました。"


def _point(was: ControlPoint | None, now: ControlPoint, words: Vocabulary) -> Iterator[str]:
    name = f"統制点「{now.label.ja}」"
    if was is None:
        yield f"{name}が加わりました。"
        return
    if _text(was.rule) != _text(now.rule):
        told = f"{in_words(now.rule, words)}とき" if now.rule else "確認表だけ"
        yield f"{name}の止める条件が変わりました。今は：{told}。"
    for label, read in PARTS:
        before, after = read(was, words), read(now, words)
        if before != after:
            yield f"{name}の{label}が「{before or 'なし'}」から「{after or 'なし'}」に変わりました。"


def _items(point: ControlPoint, _: Vocabulary) -> str:
    return "・".join(item.label.ja for item in point.items)


PARTS: tuple[tuple[str, Callable[[ControlPoint, Vocabulary], str]], ...] = (
    ("名前", lambda point, _: point.label.ja),
    ("段階", lambda point, _: STEP_NAMES[point.step]),
    ("種類", lambda point, _: KIND_NAMES[point.kind]),
    ("文", lambda point, words: sentence_in_words(point.says.ja, point.parts, words)),
    ("文に入れる値", lambda point, _: "・".join(f"{key}={rule.text}" for key, rule in point.parts.items())),
    ("直し方", lambda point, _: point.remedy.ja),
    ("残す証拠", lambda point, _: point.evidence.ja),
    ("確認表", _items),
    ("確かめる人", lambda point, _: point.filled_by),
    ("例外を認める人", lambda point, _: point.override.who),
    ("例外の決まり", lambda point, _: point.override.exception.ja),
)


def _facts(old: Package, new: Package) -> Iterator[Found]:
    before = {fact.key: fact for fact in old.controls.facts}
    for fact in new.controls.facts:
        was = before.pop(fact.key, None)
        if was is None:
            yield "control_changed", PLACE, f"統制で使う事実「{fact.label.ja}」が加わりました。"
        elif _parts(was) != _parts(fact):
            yield "control_changed", PLACE, f"統制で使う事実「{fact.label.ja}」が変わりました。"
    for gone in before.values():
        yield "control_changed", PLACE, f"統制で使う事実「{gone.label.ja}」がなくなりました。"


def _parts(fact: ControlFact) -> tuple[Any, ...]:
    return (fact.type, fact.label, fact.source)


def _text(rule: Rule | None) -> str:
    return rule.text if rule else ""
