"""flow.toml: stages, checks that run by themselves, the route of approval, letters, control points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .cel import Rule, RuleFailed
from .toml_source import Table
from .truth_rules import Truth, read_truths
from .words import NOTHING, Words

STAGES = ("received", "reviewing", "correcting", "accepted", "deciding", "decided", "withdrawn")
"""Stages an application can be in; a package names who acts in each, and cannot invent others."""

OUTCOMES = ("granted", "waitlisted", "refused", "withdrawn")

Result = Literal["pass", "look", "not_run"]


@dataclass(frozen=True)
class Stage:
    """One stage as this procedure sees it. office_days count against the standard processing period."""

    key: str
    label: Words
    who: str
    resident_sees: Words = NOTHING
    office_days: int = 0


@dataclass(frozen=True)
class AutomaticCheck:
    """A check of truth or fit. It never decides: it passes or asks a person to look."""

    key: str
    label: Words
    rule: Rule
    passes: Words
    looks: Words
    when: Rule | None = None
    not_run: Words = NOTHING
    about: str = ""
    correction: Words = NOTHING
    parts: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One way a case can end, the letter that says so and the order of its plain text."""

    key: str
    label: Words
    letter: str
    appeal: bool = False


@dataclass(frozen=True)
class Control:
    """A control point (統制点): at a stage, a rule that must hold before the case may go on."""

    key: str
    label: Words
    stage: str
    rule: Rule
    says: Words


@dataclass(frozen=True)
class Flow:
    """How a case runs. approval_route names a route of the decisions room; days are office days."""

    stages: tuple[Stage, ...]
    checks: tuple[AutomaticCheck, ...]
    approval_route: str
    approval_title: Words
    outcomes: Mapping[str, Outcome]
    controls: tuple[Control, ...]
    correction_days: int
    truths: tuple[Truth, ...] = ()
    prints: Mapping[str, Rule] = field(default_factory=dict)
    """What letters of this procedure print besides the facts every letter has, worked out from the answers."""


@dataclass(frozen=True)
class CheckResult:
    """What a check found: pass, look (a person must look) or not_run, and its sentence."""

    key: str
    label: str
    result: Result
    sentence: str
    about: str = ""
    correction: str = ""


def read_flow(table: Table, known: Collection[str], letters: Collection[str]) -> Flow:
    """The flow of flow.toml. known are all names of answers and facts; faults are noted."""
    table.only({"stage", "check", "approval", "outcome", "control", "truth", "correction_days", "prints"})
    approval = table.table("approval")
    approval.only({"route", "title"})
    outcomes = [read_outcome(outcome, letters) for outcome in table.tables("outcome")]
    checks = tuple(check for each in table.tables("check") if (check := read_check(each, known)))
    return Flow(
        stages=tuple(read_stage(stage) for stage in table.tables("stage")),
        checks=checks,
        approval_route=approval.text("route", must=True),
        approval_title=approval.words("title"),
        outcomes={outcome.key: outcome for outcome in outcomes},
        controls=tuple(read_controls(table.tables("control"), known)),
        correction_days=table.integer("correction_days", 14, least=1, most=365),
        truths=read_truths(table.tables("truth"), known, [check.key for check in checks]),
        prints=read_prints(table.table("prints"), known),
    )


def read_prints(table: Table, known: Collection[str]) -> dict[str, Rule]:
    found = {name: table.rule(name, known, must=True) for name in table.data}
    return {name: rule for name, rule in found.items() if rule}


def printed(flow: Flow, answers: Mapping[str, Any]) -> dict[str, str]:
    """The further facts of a letter by name (flow.toml [prints]); what cannot be worked out is a dash."""
    return {name: str(rule.value_or("―", answers)) for name, rule in flow.prints.items()}


def read_stage(table: Table) -> Stage:
    table.only({"key", "label", "who", "resident_sees", "office_days"})
    return Stage(
        table.one_of("key", STAGES),
        table.words("label", must=True),
        table.text("who", must=True),
        table.words("resident_sees"),
        table.integer("office_days", 0, most=1000),
    )


def read_check(table: Table, known: Collection[str]) -> AutomaticCheck | None:
    table.only({"key", "label", "rule", "when", "pass", "look", "not_run", "about", "correction", "with"})
    rule = table.rule("rule", known, must=True)
    inside = table.table("with")
    parts = {name: inside.rule(name, known) for name in inside.data}
    about = table.text("about")
    if about and about.split(".")[0] not in {name.split(".")[0] for name in known}:
        table.blame("about", f"「about」の「{about}」という項目はフォームにありません。")
    read = (table.key(), table.words("label", must=True))
    sentences = (table.words("pass", must=True), table.words("look", must=True))
    if rule is None:
        return None
    return AutomaticCheck(
        *read,
        rule,
        *sentences,
        when=table.rule("when", known),
        not_run=table.words("not_run"),
        about=about,
        correction=table.words("correction"),
        parts={name: part for name, part in parts.items() if part},
    )


def read_outcome(table: Table, letters: Collection[str]) -> Outcome:
    table.only({"key", "label", "letter", "appeal"})
    letter = table.text("letter", must=True)
    if letter and letters and letter not in letters:
        table.blame(
            "letter", f"「letters/{letter}.typ」がありません。ファイルを置くか、名前を直してください。"
        )
    return Outcome(
        table.one_of("key", OUTCOMES), table.words("label", must=True), letter, table.flag("appeal")
    )


def read_controls(tables: Iterable[Table], known: Collection[str]) -> Iterable[Control]:
    for table in tables:
        table.only({"key", "label", "stage", "rule", "says"})
        rule = table.rule("rule", known, must=True)
        stage = table.one_of("stage", STAGES)
        if rule:
            yield Control(
                table.key(), table.words("label", must=True), stage, rule, table.words("says", must=True)
            )


NOT_RUN = Words(
    "確かめるための情報がまだありません。",
    "The facts needed for this check are not there yet.",
    "まだ しらべる ことが できません。",
)


def run_checks(flow: Flow, scope: Mapping[str, Any], language: str = "ja") -> list[CheckResult]:
    """All checks of a flow on one case (scope from `scope_of`); one whose `when` fails is left out."""
    wanted = (check for check in flow.checks if check.when is None or check.when.holds(scope))
    return [run_check(check, scope, language) for check in wanted]


def run_check(check: AutomaticCheck, scope: Mapping[str, Any], language: str = "ja") -> CheckResult:
    result = outcome_of(check.rule, scope)
    said = {"pass": check.passes, "look": check.looks, "not_run": check.not_run or NOT_RUN}[result]
    sentence = said.in_language(language)
    for name, part in check.parts.items():
        sentence = sentence.replace(f"{{{name}}}", str(part.value_or("－", scope)))
    label, correction = check.label.in_language(language), check.correction.in_language(language)
    return CheckResult(check.key, label, result, sentence, check.about, correction)


def outcome_of(rule: Rule, scope: Mapping[str, Any]) -> Result:
    """A check that does not hold while a fact it reads is missing was not run: silence proves nothing."""
    try:
        value = rule.evaluate(scope)
    except RuleFailed:
        return "not_run"
    if value is True:
        return "pass"
    return "not_run" if value is None or facts_missing(rule, scope) else "look"


def facts_missing(rule: Rule, scope: Mapping[str, Any]) -> bool:
    facts = scope.get("facts") or {}
    read = (path.split(".")[1] for path in rule.paths if path.startswith("facts."))
    return any(facts.get(name) is None for name in read)
