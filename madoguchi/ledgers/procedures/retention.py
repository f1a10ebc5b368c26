"""保存年限: how long the cases of a procedure are kept, from when, and what happens then; pure.

A package names a class (保存年限) and may replace the rule of each kind of case. The shipped table
`defaults/retention.csv` gives the rules of every class; it follows what 文書管理規程 commonly say: counted from
1 April after the fiscal year in which the case ended, disposed of by a list and a 決裁.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from .toml_source import Table
from .words import NOTHING, Words

DEFAULTS = Path(__file__).parent / "defaults" / "retention.csv"
DEFAULT_CLASS = "5年"


class Kind(StrEnum):
    """What became of a case."""

    FINISHED = "finished"
    ABANDONED = "abandoned"
    FAILED = "failed"


KIND_NAMES = {
    Kind.FINISHED: "終わった申請（承認・待機）",
    Kind.ABANDONED: "取り下げられた申請",
    Kind.FAILED: "通らなかった申請（不承認）",
}


class Start(StrEnum):
    """From when a period is counted."""

    CLOSED = "closed"
    FISCAL_YEAR_END = "fiscal_year_end"
    LAST_CHANGE = "last_change"


class Method(StrEnum):
    """What happens when the period is over."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


METHOD_NAMES = {Method.DELETE: "削除", Method.ANONYMISE: "匿名化", Method.KEEP: "廃棄しない"}
LONGEST_YEARS, LONGEST_DAYS = 200, 3650
WORDS = frozenset({"ja", "en", "easy"})
KEYS = frozenset({"years", "days", "from", "method", "needs_decision"})


@dataclass(frozen=True)
class RetentionRule:
    """One period and what comes after it. `years` or `days`, never both; neither with Method.KEEP."""

    years: int
    days: int
    start: Start
    method: Method
    needs_decision: bool

    @property
    def words(self) -> str:
        if self.method == Method.KEEP:
            return "永年"
        length = f"{self.years}年" if self.years else f"{self.days}日"
        begins = {
            Start.CLOSED: "終わった日の翌日から",
            Start.FISCAL_YEAR_END: "終わった年度の翌年度4月1日から",
            Start.LAST_CHANGE: "最後に変わった日の翌日から",
        }[self.start]
        return f"{begins}{length}"


@dataclass(frozen=True)
class Retention:
    """The rules of one procedure, one a kind of case."""

    class_code: str
    rules: Mapping[Kind, RetentionRule]


@cache
def shipped_classes() -> dict[str, Retention]:
    """The default rules by 保存年限."""
    found: dict[str, dict[Kind, RetentionRule]] = {}
    with DEFAULTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["class"], {})[Kind(row["kind"])] = RetentionRule(
                int(row["years"] or 0),
                int(row["days"] or 0),
                Start(row["from"] or Start.CLOSED),
                Method(row["method"]),
                row["needs_decision"] == "yes",
            )
    return {code: Retention(code, rules) for code, rules in found.items()}


def retention_words(table: Table) -> Words:
    """The sentence of [retention] for residents, beside the rules in the same table."""
    inside = table.data.get("retention")
    if not isinstance(inside, dict):
        return table.words("retention")
    texts = {key: value for key, value in inside.items() if key in WORDS}
    if not all(isinstance(text, str) for text in texts.values()):
        table.blame("retention", "「retention」の ja・en・easy には文を書いてください。")
        return NOTHING
    if texts and not texts.get("ja"):
        table.blame("retention", "「retention」に日本語（ja）の文がありません。書いてください。")
    return Words(texts.get("ja", ""), texts.get("en", ""), texts.get("easy", ""))


def read_retention(table: Table) -> Retention:
    """[retention] of procedure.toml; a package without rules has those of its class, 5年 when it names none."""
    table.only({*WORDS, "class", *Kind})
    known = shipped_classes()
    said = table.data.get("ja")
    named = said if isinstance(said, str) and said in known else DEFAULT_CLASS
    chosen = table.text("class", named)
    if chosen not in known:
        table.blame(
            "class", f"「{chosen}」という保存年限はありません。{'、'.join(known)} から選んでください。"
        )
        chosen = DEFAULT_CLASS
    shipped = known[chosen]
    rules = {kind: read_rule(table.table(kind), shipped.rules[kind], kind in table.data) for kind in Kind}
    return Retention(chosen, rules)


def read_rule(table: Table, shipped: RetentionRule, given: bool) -> RetentionRule:
    """One rule of the package; what it does not say is taken from its class."""
    if not given:
        return shipped
    table.only(KEYS)
    method = Method(table.one_of("method", [str(each) for each in Method], str(shipped.method)))
    years = table.integer("years", 0, most=LONGEST_YEARS)
    days = table.integer("days", 0, most=LONGEST_DAYS)
    if years and days:
        table.blame("days", "「years」と「days」は、どちらか一つだけを書いてください。")
    if method != Method.KEEP and not (years or days):
        years, days = shipped.years, shipped.days
        if not (years or days):
            table.blame("method", "いつまで保存するか（years か days）を書いてください。")
    if method == Method.KEEP:
        years = days = 0
    return RetentionRule(
        years,
        0 if years else days,
        Start(table.one_of("from", [str(each) for each in Start], str(shipped.start))),
        method,
        table.flag("needs_decision", shipped.needs_decision),
    )
