"""What a package says about scoring (scoring.toml and its tables): facts, tables, the order of equals.

A fact belongs to a subject: situation (one row of the guardians' group), guardian (all rows of one person),
child, household, facility (one wished club). Its rule is CEL over the answers; a fact without a rule is given
by the office (arrears, points a person decides).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .cel import Rule, compile_rule
from .decision_tables import FactKind, Table, check_table
from .faults import Fault, PackageFaults
from .seat_rules import KEYS as SEAT_KEYS
from .seat_rules import WITHOUT_CLASSES, Again, QuotaRule, SeatRules

FILE = "scoring.toml"
SUBJECTS = ("situation", "guardian", "child", "household", "facility")
GIVEN = {f"facts.{name}" for name in ("out_of_city", "sibling_wishes", "on_time")}
"""Facts every office has: of the registry, of the round of allocation, of the intake."""
WISH = {"wish.code", "wish.rank", "wish.school_district"}
SCOPE_NAMES: Mapping[str, frozenset[str]] = {
    "situation": frozenset({"row"}),
    "guardian": frozenset({"rows"}),
    "facility": frozenset({"wish"}),
}
"""Names a rule may use besides the answers, `facts`, `facilities` and `on`, by subject."""
PHASE_FACTS = {"handicap_row": FactKind("yesno"), "on_time": FactKind("yesno")}
COMBINE_FACTS = {
    "level": FactKind("code", frozenset({"situation", "household"})),
    "any_without_row": FactKind("yesno"),
    "guardian_count": FactKind("number"),
}
TABLES = ("base", "guardian", "adjust", "combine", "phases", "waivers")
NAMELESS_TIES = frozenset({"lower_guardian_points", "lottery"})
TIE_KINDS = frozenset({"fact", "group", "rows", "lower_guardian", *NAMELESS_TIES})


@dataclass(frozen=True)
class FactRule:
    """One fact: whose, what kind, its Japanese name, and how it follows from the answers (None: given)."""

    name: str
    subject: str
    kind: FactKind
    label: str
    rule: Rule | None
    sensitive: bool = False
    """Only holders of 「機微な項目を見る」 see it; facts that read sensitive answers need not say so."""

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The names of a rule that is nothing but a dotted name, else nothing."""
        text = self.rule.text if self.rule else ""
        return tuple(text.split(".")) if _DOTTED.fullmatch(text) else ()


_DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True)
class Tie:
    """One key among equals: a fact, the points of a group, whether rows fired, a fact or the points of the lower
    guardian, or the public lottery number; high_first says which end goes first."""

    kind: str
    names: tuple[str, ...]
    high_first: bool
    label: str


@dataclass(frozen=True)
class ScoringRules:
    """Everything needed to score one application and to keep its family together."""

    tables: Mapping[str, Table]
    facts: tuple[FactRule, ...]
    ties: tuple[Tie, ...]
    handicap_group: str
    people: str
    """The form's group whose rows are the situations of the guardians."""
    wishes: str
    """The form's ranked choice of facilities."""
    person: Rule | None
    """What two rows of one guardian have in common; without it every row is a person."""
    family: Rule | None
    """A text that is equal for applications of one family; empty: no siblings apply together."""
    together: Rule | None
    """same_only, either, all_or_none or prefer_same."""
    seats: SeatRules = WITHOUT_CLASSES
    """The class of a child and the seat it holds."""

    def of(self, subject: str) -> list[FactRule]:
        return [fact for fact in self.facts if fact.subject == subject]


def read_scoring(files: Mapping[str, bytes], known: Collection[str]) -> ScoringRules | None:
    """The scoring of a package, None when it has no scoring.toml; known are the names of the form's fields.

    Raises PackageFaults with every mistake of scoring.toml and its tables.
    """
    return check_scoring(files, known)[0]


def check_scoring(
    files: Mapping[str, bytes], known: Collection[str]
) -> tuple[ScoringRules | None, list[Fault]]:
    """The scoring and the warnings about it (holes between bands). Raises PackageFaults."""
    if FILE not in files:
        return None, []
    reader = _Reader(files, known)
    rules = reader.read()
    if reader.faults:
        raise PackageFaults(reader.faults)
    return rules, reader.warnings


class _Reader:
    def __init__(self, files: Mapping[str, bytes], known: Collection[str]) -> None:
        self.files = files
        self.text = files[FILE].decode("utf-8", "replace")
        self.known = {*known, "facts", "facilities", "on", *GIVEN, *WISH}
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def blame(self, needle: str, sentence: str) -> None:
        self.faults.append(Fault(FILE, self._line(needle), sentence))

    def _line(self, needle: str) -> int:
        place = self.text.find(needle) if needle else -1
        return self.text.count("\n", 0, place) + 1 if place >= 0 else 0

    def read(self) -> ScoringRules | None:
        try:
            content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            self.blame("", f"TOML として読めません: {error}")
            return None
        self._know_rows(str(content.get("people", {}).get("rows", "guardians")))
        facts = self._facts(content.get("facts", {}))
        tables = self._tables(content.get("tables", {}), facts)
        people, families = content.get("people", {}), content.get("families", {})
        return ScoringRules(
            tables=tables,
            facts=tuple(facts),
            ties=tuple(self._ties(content.get("tie_order", []), {fact.name for fact in facts})),
            handicap_group=str(content.get("handicap_group", "")),
            people=str(people.get("rows", "guardians")),
            wishes=str(content.get("wishes", "clubs")),
            person=self._rule(people.get("person"), {"row"}),
            family=self._rule(families.get("key"), set()),
            together=self._rule(families.get("together"), set()),
            seats=self._seats(content.get("seats", {}), content.get("quota", [])),
        )

    def _seats(self, told: Mapping[str, Any], quotas: list[Mapping[str, Any]]) -> SeatRules:
        for name in sorted(set(told) - SEAT_KEYS):
            self.blame(
                name, f"[seats] に「{name}」という項目はありません。{'・'.join(sorted(SEAT_KEYS))} です。"
            )
        again = str(told.get("again", Again.KEEP))
        if again not in list(Again):
            self.blame("again", f"[seats] の again は {'・'.join(Again)} のどれかです。")
            again = Again.KEEP
        return SeatRules(
            self._rule(told.get("class"), set()),
            self._rule(told.get("present"), set()),
            Again(again),
            tuple(self._quota(each) for each in quotas),
        )

    def _quota(self, told: Mapping[str, Any]) -> QuotaRule:
        name, seats, when = str(told.get("name", "")), told.get("seats"), told.get("when")
        if not name or not when:
            self.blame("[[quota]]", "枠には name（名前）と when（だれの席か）が要ります。")
        if type(seats) is not int or seats < 1:
            self.blame(name or "[[quota]]", f"枠「{name}」の seats は1以上の整数です。")
            seats = 0
        rule = self._rule(when, set()) if isinstance(when, str) else None
        age_class = str(told.get("class", "all"))
        return QuotaRule(str(told.get("facility", "")), age_class, seats, name, rule)

    def _know_rows(self, people: str) -> None:
        """`row` and `rows` have the columns of the guardians' group."""
        columns = {name.split(".", 1)[1] for name in self.known if name.startswith(f"{people}.")}
        self.known |= {f"{name}.{column}" for name in ("row", "rows") for column in columns}

    def _rule(self, text: str | None, extra: Collection[str]) -> Rule | None:
        if not text:
            return None
        try:
            return compile_rule(text, known={*self.known, *extra}, file=FILE, line=self._line(text))
        except PackageFaults as found:
            self.faults += found.faults
            return None

    def _facts(self, subjects: Mapping[str, Mapping[str, Any]]) -> list[FactRule]:
        for name in set(subjects) - set(SUBJECTS):
            self.blame(
                f"[facts.{name}", f"「{name}」という対象はありません。{'・'.join(SUBJECTS)} のどれかです。"
            )
        return [
            self._fact(subject, name, told)
            for subject in SUBJECTS
            for name, told in subjects.get(subject, {}).items()
        ]

    def _fact(self, subject: str, name: str, told: Mapping[str, Any]) -> FactRule:
        kind = str(told.get("type", "text"))
        if kind not in ("number", "yesno", "code", "text"):
            self.blame(
                f"facts.{subject}.{name}", f"{name} の type は number・yesno・code・text のどれかです。"
            )
        choices = frozenset(map(str, told.get("choices", [])))
        rule = self._rule(told.get("cel"), SCOPE_NAMES.get(subject, frozenset()))
        return FactRule(
            name,
            subject,
            FactKind(kind, choices),
            str(told.get("label", name)),
            rule,
            told.get("sensitive") is True,
        )

    def _tables(self, paths: Mapping[str, str], facts: list[FactRule]) -> dict[str, Table]:
        tables = {}
        for name in TABLES:
            path = paths.get(name, f"tables/{name}.csv")
            if path not in self.files:
                self.blame(name, f"表 {path} がありません。置くか、[tables] の名前を直してください。")
                continue
            told = check_table(path, self.files[path].decode("utf-8", "replace"), _kinds(name, facts))
            self.faults += told.faults
            self.warnings += told.warnings
            if told.table:
                tables[name] = told.table
        return tables

    def _ties(self, told: list[Mapping[str, Any]], facts: Collection[str]) -> list[Tie]:
        ties = []
        for each in told:
            kind, names = str(each.get("by", "")), tuple(map(str, each.get("names", [])))
            if kind not in TIE_KINDS or (not names and kind not in NAMELESS_TIES):
                self.blame(
                    "[[tie_order]]", f"同点の順「{kind}」を読めません。by と names を確かめてください。"
                )
            for name in names if kind in ("fact", "lower_guardian") else ():
                if name not in facts:
                    self.blame(f'"{name}"', f"同点の順に使う「{name}」という事実はありません。")
            ties.append(Tie(kind, names, each.get("first") == "high", str(each.get("label", ""))))
        return ties


def _kinds(table: str, facts: list[FactRule]) -> dict[str, FactKind]:
    """The facts a table may read: those of the subjects it is asked about."""
    subjects = {"base": {"situation"}, "guardian": {"guardian"}, "combine": set()}
    wanted = subjects.get(table, {"child", "household", "facility"})
    kinds = {fact.name: fact.kind for fact in facts if fact.subject in wanted}
    return kinds | {"phases": PHASE_FACTS, "combine": COMBINE_FACTS}.get(table, {})
