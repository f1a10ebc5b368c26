"""指数: the points of one application, worked out from its answers with the tables of its package.

Guardians' situations, then the guardian, then the household (combine); plus what counts for the child, the
household and each wished facility. Totals differ from wish to wish. Nothing here asks what day it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Protocol

from .decision_cells import Facts
from .decision_rows import Fired, Row, decide, fire, fire_all, settle, total
from .score_sheet import FiredRow, ScoreSheet
from .scoring_facts import CaseFacts, FacilityFacts, case_facts
from .scoring_rules import ScoringRules, Tie

LAST = 1e12
"""Place of a tie fact that is not known: behind everybody who has it, be it yen of tax."""


class ScoredPackage(Protocol):
    """What scoring needs of a package."""

    @property
    def scoring(self) -> ScoringRules | None: ...
    @property
    def facilities(self) -> Sequence[FacilityFacts]: ...


@dataclass(frozen=True)
class GuardianScore:
    """One guardian: the situation that counts, the points with adjustments, every row that fired."""

    points: Decimal
    fired: bool
    facts: Mapping[str, Any]
    rows: tuple[FiredRow, ...]


def score_application(
    package: ScoredPackage,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    on: date,
    tables_on: date | None = None,
) -> ScoreSheet:
    """The score sheet on the day of entry. facts are those of the registry and those the office gave.

    tables_on takes the rows in force on another day for the same facts: last year's file under the next year's table.
    """
    if package.scoring is None:
        raise ValueError("このパッケージには指数の決まり（scoring.toml）がありません。")
    case = case_facts(package.scoring, answers, facts, package.facilities, on)
    return score(package.scoring, case, tables_on or on)


def score_example(package: Any, scope: Mapping[str, Any], example: Any) -> dict[str, Any]:
    """What examples.toml expects of a score: base, total at the first wish, eligible, phase."""
    period = package.period(example.period) if example.period else package.open_period(example.on)
    sheet = score_application(package, scope, example.facts, period.entry_on)
    total_there = next(iter(sheet.totals.values()), sheet.base)
    return {"base": sheet.base, "total": total_there, "eligible": sheet.eligible, "phase": sheet.phase}


def score(rules: ScoringRules, case: CaseFacts, on: date) -> ScoreSheet:
    """The score sheet for facts already worked out."""
    guardians = [_guardian(rules, number, case, on) for number in range(len(case.situations))]
    rule = _household_rule(rules, guardians, on)
    lower = min(guardians, key=lambda guardian: guardian.points, default=None)
    base = _combined(rule, [guardian.points for guardian in guardians])
    common = fire_all(rules.tables["adjust"].on(on, ("child", "household", "")), case.case)
    wishes = {code: _wish(rules, common, {**case.case, **wish}, on) for code, wish in case.wishes}
    waiver = decide(rules.tables["waivers"], case.case, on)
    handicap = any(each.row.group == rules.handicap_group and each.points for each in common)
    phase_facts = {**case.case, "handicap_row": handicap, "on_time": case.on_time}
    phase = decide(rules.tables["phases"], phase_facts, on)
    rows = [row for guardian in guardians for row in guardian.rows] + _wish_rows(wishes)
    return ScoreSheet(
        base=base,
        totals={code: base + total(fired) for code, fired in wishes.items()},
        rows=tuple(rows),
        eligible=_rule_name(rule) != "not_eligible" or waiver is not None,
        phase=phase.results.get("phase", "") if phase else "",
        phase_order=int(phase.results.get("order", 9)) if phase else 9,
        waiver=waiver.text if waiver else "",
        tie={code: _tie_key(rules, fired, case, code, lower) for code, fired in wishes.items()},
        reason=rule.text if rule else "",
        undecided=tuple(sorted({f"{each.text}: {each.why_not}" for each in rows if each.undecided})),
        family=case.family,
        together=case.together,
    )


def _guardian(rules: ScoringRules, number: int, case: CaseFacts, on: date) -> GuardianScore:
    subject = f"g{number + 1}"
    found = []
    for place, situation in enumerate(case.situations[number]):
        row = decide(rules.tables["base"], situation, on)
        if row:
            found.append((f"{subject}.{place + 1}", fire(row, situation), situation))
    rule = decide(rules.tables["combine"], {"level": "situation"}, on)
    highest = _rule_name(rule) == "highest"
    chosen = (max if highest else min)(found, key=lambda each: each[1].points, default=None)
    adjusted = settle(fire_all(rules.tables["guardian"].on(on), case.guardians[number]))
    rows = [_situation_row(name, fired, chosen, rule) for name, fired, _ in found]
    rows += [_row(subject, fired) for fired in adjusted]
    points = (chosen[1].points if chosen else Decimal(0)) + total(adjusted)
    facts = {**case.guardians[number], **(chosen[2] if chosen else {})}
    return GuardianScore(points, chosen is not None, facts, tuple(rows))


def _situation_row(name: str, fired: Fired, chosen: Any, rule: Row | None) -> FiredRow:
    row = _row(name, fired)
    if chosen is None or chosen[0] == name or not fired.counted:
        return row
    return replace(row, why_not=rule.text if rule else "")


def _row(subject: str, fired: Fired, facility: str = "") -> FiredRow:
    row = fired.row
    told = FiredRow(subject, row.id, row.text, fired.points, fired.counted, fired.why)
    return replace(told, facility=facility, group=row.group, undecided=fired.undecided, source=row.source)


def _household_rule(rules: ScoringRules, guardians: Sequence[GuardianScore], on: date) -> Row | None:
    without = not guardians or any(not guardian.fired for guardian in guardians)
    facts: Facts = {"level": "household", "any_without_row": without, "guardian_count": len(guardians)}
    return decide(rules.tables["combine"], facts, on)


def _rule_name(rule: Row | None) -> str:
    return rule.results.get("rule", "") if rule else "not_eligible"


def _combined(rule: Row | None, points: Sequence[Decimal]) -> Decimal:
    """lowest, highest, sum, or average_doubled (cut to halves); not eligible is the lowest, mostly 0."""
    if not points:
        return Decimal(0)
    name = _rule_name(rule)
    if name == "sum":
        return sum(points, Decimal(0))
    if name == "average_doubled":
        doubled = sum(points, Decimal(0)) * 4 / len(points)
        return doubled.to_integral_value(rounding=ROUND_FLOOR) / 2
    return max(points) if name == "highest" else min(points)


def _wish(rules: ScoringRules, common: list[Fired], wish: Mapping[str, Any], on: date) -> list[Fired]:
    """What counts for one wish: rows of the club compete in one group with rows of the child."""
    return settle([*common, *fire_all(rules.tables["adjust"].on(on, ("facility",)), wish)])


def _wish_rows(wishes: Mapping[str, list[Fired]]) -> list[FiredRow]:
    """Rows of child and household once when they stand alike for every wish, else for each wish."""
    rows = {code: [_wish_row(fired, code) for fired in each] for code, each in wishes.items()}
    told: dict[tuple[str, bool, str], list[FiredRow]] = {}
    for row in (row for each in rows.values() for row in each):
        told.setdefault((row.row_id, row.counted, row.why_not), []).append(row)
    merged = []
    for same in told.values():
        alike = same[0].subject == "c" and len(same) == len(wishes)
        merged += [replace(same[0], facility="")] if alike else same
    return merged


def _wish_row(fired: Fired, code: str) -> FiredRow:
    return _row("f" if fired.row.scope == "facility" else "c", fired, code)


def _tie_key(
    rules: ScoringRules, fired: list[Fired], case: CaseFacts, code: str, lower: GuardianScore | None
) -> list[float]:
    facts = {**case.case, **dict(case.wishes)[code]}
    return [_tie_part(tie, fired, facts, lower) for tie in rules.ties if tie.kind != "lottery"]


def _tie_part(tie: Tie, fired: list[Fired], facts: Mapping[str, Any], lower: GuardianScore | None) -> float:
    value: Any
    if tie.kind == "group":
        value = max(
            (each.points for each in fired if each.counted and each.row.group in tie.names), default=0
        )
    elif tie.kind == "rows":
        value = any(each.row.id in tie.names for each in fired)
    elif tie.kind == "lower_guardian_points":
        value = lower.points if lower else None
    else:
        source = facts if tie.kind == "fact" else (lower.facts if lower else {})
        value = source.get(tie.names[0])
    return _ordered(value, tie.high_first)


def _ordered(value: Any, high_first: bool) -> float:
    if value in ("yes", "no"):
        value = value == "yes"
    if not isinstance(value, bool | int | float | Decimal):
        return 0.0 if high_first else LAST
    return -float(value) if high_first else float(value)
