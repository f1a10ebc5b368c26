"""What a package says about the seats of a round (`[seats]` of scoring.toml): the class of a child on the day it
begins, and the facility whose seat it holds now (転園)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .cel import Rule
from .offers import Facility

KEYS = frozenset({"class", "present", "again"})


class Again(StrEnum):
    """Who takes part when free seats are given out again (空き枠の再調整): who has no seat, or everybody, who has one for a
    better wish."""

    KEEP = "keep"
    IMPROVE = "improve"


@dataclass(frozen=True)
class QuotaRule:
    """枠. Seats of one class of a facility kept for children who meet a condition (障害児枠, 連携施設の卒園児枠)."""

    facility: str
    age_class: str
    seats: int
    name: str
    when: Rule | None

    def is_met(self, answers: Mapping[str, Any], given: Mapping[str, Any], on: date) -> bool:
        """Whether a child may take such a seat. A condition that cannot be worked out is not met."""
        context = {**answers, "facts": given, "on": on.isoformat()}
        return self.when is not None and self.when.value_or(False, context) is True


@dataclass(frozen=True)
class SeatRules:
    """age_class: the child's class on the entry day; present: the code of the facility that has it now, blank for none."""

    age_class: Rule | None = None
    present: Rule | None = None
    again: Again = Again.KEEP
    quotas: tuple[QuotaRule, ...] = ()


WITHOUT_CLASSES = SeatRules()


@dataclass(frozen=True)
class SeatFacts:
    """What the rules say of one child."""

    age_class: str
    present: str


def seat_facts(rules: SeatRules, answers: Mapping[str, Any], given: Mapping[str, Any], on: date) -> SeatFacts:
    """Class and present facility of a child who begins on a day; blank where a rule gives nothing."""
    context = {**answers, "facts": given, "on": on.isoformat()}
    return SeatFacts(_text(rules.age_class, context), _text(rules.present, context))


def _text(rule: Rule | None, context: Mapping[str, Any]) -> str:
    value = rule.value_or("", context) if rule else ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def unfit_seats(facilities: Sequence[Facility], rules: SeatRules) -> str:
    """Why these rules do not go with the table of facilities; blank when they do."""
    by_class = any(facility.seats for facility in facilities)
    if by_class and rules.age_class is None:
        return (
            "施設の席がクラスごとなのに、お子さんのクラスの決まりがありません。"
            "[seats] に class（例 class = 'age_class(child_birth, on)'）を書いてください。"
        )
    if facilities and not by_class and (rules.age_class or rules.present):
        return "施設の表にクラスごとの席（seats_0 …）がありません。[seats] の class と present を消してください。"
    places = {facility.code: facility for facility in facilities}
    for quota in rules.quotas:
        place = places.get(quota.facility)
        if place is None or quota.age_class not in (place.classes or ("all",)):
            where = f'facility = "{quota.facility}", class = "{quota.age_class}"'
            return f"枠「{quota.name}」の施設とクラス（{where}）が施設の表にありません。"
    return ""
