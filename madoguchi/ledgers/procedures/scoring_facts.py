"""From answers to the facts the scoring tables read, by the rules of scoring.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Protocol
from unicodedata import normalize

from .cel import Rule
from .decision_cells import Facts, Value
from .scoring_rules import FactRule, ScoringRules

DECIDED_ROWS = "decided_rows"
"""The given fact that holds, by number of the row, what the office decided for a situation."""
TOGETHER = ("same_only", "either", "all_or_none", "prefer_same")


class FacilityFacts(Protocol):
    """What a rule may ask of a wished facility."""

    @property
    def code(self) -> str: ...
    @property
    def school_district(self) -> Any: ...


@dataclass(frozen=True)
class CaseFacts:
    """Facts of one application: per guardian the situations, per guardian, child with household, per wish
    (in wish order; wish facts alone, the child's stand in case)."""

    situations: tuple[tuple[Facts, ...], ...]
    guardians: tuple[Facts, ...]
    case: Facts
    wishes: tuple[tuple[str, Facts], ...]
    on_time: bool = True
    family: str = ""
    together: str = "either"


def case_facts(
    rules: ScoringRules,
    answers: Mapping[str, Any],
    given: Mapping[str, Any],
    facilities: Sequence[FacilityFacts],
    on: date,
) -> CaseFacts:
    """Work out every fact. given are facts of the registry and of the office. A rule that cannot be worked
    out leaves its fact unknown, and an unknown fact never fulfils a condition."""
    context = {**answers, "facts": given, "on": on.isoformat()}
    people = _people(rules, answers, context)
    case = _facts(rules.of("child"), context, given) | _facts(rules.of("household"), context, given)
    wished = _wishes(rules, answers, facilities)
    return CaseFacts(
        situations=tuple(tuple(_situation(rules, row, context) for row in rows) for rows in people),
        guardians=tuple(_facts(rules.of("guardian"), {**context, "rows": rows}, {}) for rows in people),
        case=case,
        wishes=tuple(
            (wish["code"], _facts(rules.of("facility"), {**context, "wish": wish}, {})) for wish in wished
        ),
        on_time=bool(given.get("on_time", True)),
        family=_unreadable(_text(rules.family, context)),
        together=_together(rules, context),
    )


def _situation(rules: ScoringRules, row: Mapping[str, Any], context: Mapping[str, Any]) -> Facts:
    """Facts of one row; what the office decided for it (decided_points) stands in the row itself."""
    return _facts(rules.of("situation"), {**context, "row": row}, row)


def _facts(
    wanted: Iterable[FactRule], context: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Value]:
    found = {fact.name: _value(fact, context) if fact.rule else given.get(fact.name) for fact in wanted}
    return {name: value for name, value in found.items() if isinstance(value, str | bool | int | float)}


def _value(fact: FactRule, context: Mapping[str, Any]) -> Any:
    """What the rule gives. A rule that only names something is looked up: it is most of the rules, and a
    look-up is a tenth of the time."""
    if fact.rule is None or not fact.path:
        return fact.rule.value_or(None, context) if fact.rule else None
    value: Any = context
    for name in fact.path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _people(
    rules: ScoringRules, answers: Mapping[str, Any], context: Mapping[str, Any]
) -> list[list[Mapping[str, Any]]]:
    """The rows of the guardians' group, those of one person together, in the order they were written."""
    people: dict[Any, list[Mapping[str, Any]]] = {}
    decided = (context.get("facts") or {}).get(DECIDED_ROWS) or {}
    for number, answered in enumerate(answers.get(rules.people) or []):
        row = {**answered, **decided.get(str(number), {})}
        key = rules.person.value_or(None, {**context, "row": row}) if rules.person else None
        people.setdefault(key or number, []).append(row)
    return list(people.values())


def _wishes(
    rules: ScoringRules, answers: Mapping[str, Any], facilities: Sequence[FacilityFacts]
) -> list[dict[str, Any]]:
    known = {facility.code: facility for facility in facilities}
    codes = [code for code in dict.fromkeys(answers.get(rules.wishes) or []) if code in known]
    return [
        {"code": code, "rank": rank, "school_district": known[code].school_district}
        for rank, code in enumerate(codes, 1)
    ]


def _text(rule: Rule | None, context: Mapping[str, Any]) -> str:
    value = rule.value_or("", context) if rule else ""
    return value if isinstance(value, str) else ""


def _unreadable(text: str) -> str:
    """Equal for equal texts, and nobody reads a name or an address from it."""
    folded = "".join(normalize("NFKC", text).split())
    return sha256(folded.encode()).hexdigest()[:20] if folded else ""


def _together(rules: ScoringRules, context: Mapping[str, Any]) -> str:
    told = _text(rules.together, context)
    return told if told in TOGETHER else "either"
