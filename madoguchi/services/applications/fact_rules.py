"""Which facts of a case only a person can tell, as its package lists them: points decided by hand, waivers, arrears.

A fact of scoring.toml without a rule is given by the office. Where a row of a table takes its points from such a
fact, the table says between which bounds and who approves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from madoguchi.ledgers.procedures.decision_rows import Hand
from madoguchi.ledgers.procedures.scoring_facts import DECIDED_ROWS
from madoguchi.ledgers.procedures.scoring_rules import FactRule
from madoguchi.services.applications.casefacts import WORKED_OUT

GROUPS = {"points": "手で決める点数", "waiver": "順位によらない事由", "other": "照会などで分かる事実"}


@dataclass(frozen=True)
class StaffFactRule:
    """One fact as the form on the case page asks for it. `row` is the row of the group it is about, from 0."""

    name: str
    label: str
    kind: str
    choices: tuple[str, ...]
    group: str
    row: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    approver: str = ""
    about: str = ""

    @property
    def key(self) -> str:
        return self.name if self.row is None else f"{self.name}:{self.row}"

    @property
    def heading(self) -> str:
        return GROUPS[self.group]


def staff_facts(package: Any, answers: Mapping[str, Any], on: date) -> list[StaffFactRule]:
    """Every fact that staff may enter for a case with these answers: points first, then waivers, then others."""
    rules = package.scoring
    if rules is None:
        return []
    hands = _hands(rules, on)
    waived = frozenset(rules.tables["waivers"].facts)
    found = []
    for fact in rules.facts:
        if fact.rule is None and fact.name not in WORKED_OUT:
            found += _asked(fact, hands, waived, _rows(answers.get(rules.people)))
    return sorted(found, key=lambda each: list(GROUPS).index(each.group))


def _rows(value: Any) -> list[Any]:
    """The rows of the group of people; none where the reader may not see the group."""
    return value if isinstance(value, list) else []


def _hands(rules: Any, on: date) -> dict[str, tuple[Hand, str]]:
    """The rows in force whose points a person decides, by fact."""
    return {
        row.hand.fact: (row.hand, row.text)
        for table in rules.tables.values()
        for row in table.rows
        if row.hand and row.starts <= on <= row.ends
    }


def _asked(
    fact: FactRule, hands: Mapping[str, tuple[Hand, str]], waived: frozenset[str], rows: list[Any]
) -> list[StaffFactRule]:
    hand, about = hands.get(fact.name, (None, ""))
    group = "points" if hand else "waiver" if fact.name in waived else "other"
    places: list[int | None] = list(range(len(rows))) if fact.subject == "situation" else [None]
    if fact.subject not in ("situation", "child", "household"):
        return []
    return [
        StaffFactRule(
            fact.name,
            fact.label,
            fact.kind.type,
            tuple(sorted(fact.kind.choices)),
            group,
            place,
            hand.low if hand else None,
            hand.high if hand else None,
            hand.approver if hand else "課長" if group == "waiver" else "",
            about,
        )
        for place in places
    ]


def read_value(rule: StaffFactRule, text: str) -> Any:
    """The value of what was typed; None takes the fact away. Raises ValueError with a sentence."""
    said = text.strip()
    if not said:
        return None
    if rule.kind == "yesno":
        if said not in ("yes", "no"):
            raise ValueError(f"「{rule.label}」は「はい」か「いいえ」で選んでください。")
        return said == "yes"
    if rule.kind == "number":
        return _number(rule, said)
    if rule.choices and said not in rule.choices:
        raise ValueError(f"「{rule.label}」は一覧から選んでください。")
    return said


def _number(rule: StaffFactRule, text: str) -> float | int:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 9999:
        raise ValueError(f"「{rule.label}」は数字で入れてください。")
    if rule.low is not None and rule.high is not None and not rule.low <= number <= rule.high:
        raise ValueError(f"「{rule.label}」は{rule.low:f}点から{rule.high:f}点の間で決めてください。")
    if rule.group != "points" and number < 0:
        raise ValueError(f"「{rule.label}」は0以上で入れてください。")
    return int(number) if number == number.to_integral_value() else float(number)


def with_fact(facts: Mapping[str, Any], name: str, row: int | None, value: Any) -> dict[str, Any]:
    """The facts of a case with one of them set, or taken away."""
    if row is None:
        return {**{key: each for key, each in facts.items() if key != name}, **_given(name, value)}
    decided = dict(facts.get(DECIDED_ROWS) or {})
    of_row = {key: each for key, each in decided.get(str(row), {}).items() if key != name}
    decided[str(row)] = of_row | _given(name, value)
    kept = {key: each for key, each in decided.items() if each}
    rest = {key: each for key, each in facts.items() if key != DECIDED_ROWS}
    return rest | ({DECIDED_ROWS: kept} if kept else {})


def _given(name: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {name: value}


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "（外した）" if value is None else f"{value}"
