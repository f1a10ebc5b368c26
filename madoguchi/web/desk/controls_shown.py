"""The catalogue of controls as its page shows it, every number with the list it leads to; no queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from madoguchi.clerical.controls.evidence import shown
from madoguchi.clerical.controls.overseeing import FindingFilters
from madoguchi.clerical.controls.states import FindingState, Result
from madoguchi.clerical.controls.views import ControlCount, FactSeen
from madoguchi.ledgers.procedures.controls import FILLERS, KIND_NAMES, STEP_NAMES, ControlPoint
from madoguchi.ledgers.procedures.in_words import Vocabulary, in_words, vocabulary_of
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.drawn import address
from madoguchi.web.desk.ledger_views import one_of

NUMBERS: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("runs", "調べた", "desk:control-runs", {}),
    ("passed", "適合", "desk:control-runs", {"result": Result.PASSED}),
    ("open", "未解決", "desk:control-findings", {"state": FindingState.OPEN, "result": Result.VIOLATED}),
    ("not_run", "未実行", "desk:control-findings", {"state": FindingState.OPEN, "result": Result.NOT_RUN}),
    ("overridden", "例外を承認", "desk:control-findings", {"state": FindingState.OVERRIDDEN}),
    ("cleared", "解消", "desk:control-findings", {"state": FindingState.CLEARED}),
)
HEADS = tuple(label for _, label, _, _ in NUMBERS)
STEPS = {str(step): name for step, name in STEP_NAMES.items()}


@dataclass(frozen=True)
class Row:
    """One control of one procedure in the catalogue."""

    key: str
    label: str
    step: str
    kind: str
    rule: str
    evidence: str
    items: tuple[str, ...]
    filled_by: str
    who: str
    exception: str
    numbers: tuple[tuple[str, int, str], ...]


def catalogue(packages: Iterable[Any], counts: Mapping[tuple[str, str], ControlCount]) -> list[dict]:
    """Every procedure that declares controls, with its controls in the order of the file."""
    return [
        {"slug": one.slug, "name": one.names.ja, "version": one.version, "rows": list(rows(one, counts))}
        for one in packages
        if one.controls
    ]


def rows(package: Any, counts: Mapping[tuple[str, str], ControlCount]) -> Iterator[Row]:
    """The controls of the version in use; those of former versions that still count follow by their key."""
    words = vocabulary_of(package)
    for point in package.controls:
        yield row(package.slug, point, words, counts.get((package.slug, point.key), ControlCount()))
    known = {point.key for point in package.controls}
    for (slug, key), count in counts.items():
        if slug == package.slug and key not in known:
            told = numbers(slug, key, count)
            yield Row(key, f"{key}（以前の版）", "", "", "", "", (), "", "", "", told)


def row(slug: str, point: ControlPoint, words: Vocabulary, count: ControlCount) -> Row:
    return Row(
        key=point.key,
        label=point.label.ja,
        step=STEP_NAMES[point.step],
        kind=KIND_NAMES[point.kind],
        rule=str(in_words(point.rule, words)) if point.rule else "",
        evidence=point.evidence.ja,
        items=tuple(item.label.ja for item in point.items),
        filled_by=FILLERS.get(point.filled_by, ""),
        who=point.override.who,
        exception=point.override.exception.ja,
        numbers=numbers(slug, point.key, count),
    )


def numbers(slug: str, key: str, count: ControlCount) -> tuple[tuple[str, int, str], ...]:
    """Name, number and the address of the list that shows just so many."""
    told = []
    for name, _, view, asked in NUMBERS:
        query = QueryDict(mutable=True)
        query.update({"procedure": slug, "key": key} | {part: str(value) for part, value in asked.items()})
        told.append((name, getattr(count, name), f"{address(view)}?{query.urlencode()}"))
    return tuple(told)


def read_filters(asked: Any) -> FindingFilters:
    """The conditions of the list; what cannot be read filters nothing."""
    return FindingFilters(
        procedure=asked.get("procedure", "")[:60],
        key=asked.get("key", "")[:40],
        step=one_of(asked.get("step"), list(STEPS)),
        state=one_of(asked.get("state"), FindingState.values),
        result=one_of(asked.get("result"), [Result.VIOLATED, Result.NOT_RUN]),
        since=read_day(asked.get("from", "")) if asked.get("from") else None,
        until=read_day(asked.get("until", "")) if asked.get("until") else None,
    )


def fact_rows(facts: Iterable[FactSeen], *, sensitive: bool) -> list[tuple[str, str, str, str]]:
    """Label, value, source and time of every fact, the sensitive ones withheld from those without the right."""
    return [(fact.label, shown(fact, sensitive=sensitive), fact.source, fact.seen_at) for fact in facts]
