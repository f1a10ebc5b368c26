"""From what was typed to a case: answers, facts, automatic checks and score, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.procedures import flow
from madoguchi.ledgers.procedures.answers import Reading, read_all, scope_of
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.offers import Period
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.ledgers.procedures.scoring import score_application
from madoguchi.ledgers.procedures.scoring_rules import ScoringRules
from madoguchi.ledgers.procedures.truth_rules import Truth
from madoguchi.services.applications import proxies, truth
from madoguchi.services.applications.casefacts import (
    WAITING_FOR_DEADLINE,
    by_prefill,
    household_matches,
    own_facts,
)
from madoguchi.services.applications.errors import NoSuchPeriod
from madoguchi.services.applications.rules import Raw, full_name, person_key
from madoguchi.services.applications.states import DIGITAL, Channel, CheckResult, channel_in_rules


@dataclass(frozen=True)
class Person:
    """Whom the application is for, who applies, and what the ledger shows of the answers."""

    name: str
    kana: str
    key: str
    applicant: str
    email: str
    first_wish: str
    grade: int | None
    proxy: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunCheck:
    """One automatic check as it came out; `about` is a field of the form, `correction` what to ask for it."""

    code: str
    label: str
    result: CheckResult
    sentence: str = ""
    about: str = ""
    correction: str = ""


@dataclass(frozen=True)
class Situation:
    """What is known of an application besides its answers."""

    period: Period
    received_on: date
    channel: Channel
    facts: Mapping[str, Any]
    tables_on: date | None = None
    """The day whose rows of points count, when it is not the day of entry."""


@dataclass(frozen=True)
class CaseReading:
    """Everything the office works out by itself from one application."""

    reading: Reading
    person: Person
    facts: dict[str, Any]
    checks: tuple[RunCheck, ...]
    sheet: ScoreSheet | None

    @property
    def score(self) -> Decimal | None:
        """The points for the first wish; the base where nothing is wished for."""
        if self.sheet is None or not self.sheet.eligible:
            return None
        return self.sheet.totals.get(self.person.first_wish, self.sheet.base)

    @property
    def to_look_at(self) -> int:
        return sum(check.result == CheckResult.LOOK for check in self.checks)


@dataclass(frozen=True)
class Answered:
    """Answers read, with the person they are about; duplicates are looked for next."""

    package: Any
    situation: Situation
    reading: Reading
    person: Person = field(repr=False)


def period_of(package: Any, code: str) -> Period:
    """The period of that code. Raises NoSuchPeriod."""
    found: Period | None = next((period for period in package.periods if period.code == code), None)
    if found is None:
        raise NoSuchPeriod(code)
    return found


def context_of(package: Any, situation: Situation) -> Context:
    return Context(
        on=situation.received_on,
        period=situation.period,
        facts=situation.facts,
        facilities=package.facilities,
        channel=channel_in_rules(situation.channel),
    )


def read_answers(package: Any, raw: Raw, situation: Situation) -> Answered:
    """Read everything typed and find out whom it is about."""
    reading = read_all(package.form, raw, context_of(package, situation))
    return Answered(package, situation, reading, person_of(package, reading.values, situation.period))


def person_of(package: Any, answers: Mapping[str, Any], period: Period) -> Person:
    """The person the answers are about: the child where the form asks for one, otherwise the applicant."""

    def role(source: str) -> Any:
        return by_prefill(package.form, answers, source)

    applicant, wishes = role("resident.name"), wished(package, answers)
    name, kana, birth = role("child.name"), role("child.kana"), role("child.birth")
    if not full_name(name):
        name, kana, birth = applicant, role("resident.kana"), birth or role("resident.birth")
    return Person(
        name=full_name(name)[:120],
        kana=full_name(kana)[:240],
        key=person_key(name, birth),
        applicant=full_name(applicant)[:120],
        email=str(role("resident.email") or ""),
        first_wish=wishes[0] if wishes else "",
        grade=grade_of(birth, period.entry_on),
        proxy=proxies.proxy_of(package, answers),
    )


def wished(package: Any, answers: Mapping[str, Any]) -> list[str]:
    """What the first ranked choice of the form says, best first."""
    ranked = next((field.key for field in package.form.fields.values() if field.type == "ranked"), "")
    return [str(code) for code in answers.get(ranked) or []]


def grade_of(birth: str | None, entry_on: date) -> int | None:
    return primary_grade(date.fromisoformat(birth), entry_on) if birth else None


def read_case(answered: Answered, duplicates: Sequence[str], *, ask_registry: bool = False) -> CaseReading:
    """Run every check and the score. `duplicates` are the numbers of other cases for the same person."""
    facts = case_facts(answered, duplicates)
    return CaseReading(
        answered.reading,
        answered.person,
        facts,
        (*run_checks(answered, facts), *([REGISTRY_CHECK] if ask_registry else [])),
        score_of(answered, facts),
    )


def case_facts(answered: Answered, duplicates: Sequence[str]) -> dict[str, Any]:
    """Facts of the registry and those given, with what the office sees by itself."""
    situation, values, form = answered.situation, answered.reading.values, answered.package.form
    late = situation.received_on > situation.period.closes
    online = situation.channel in DIGITAL
    return {
        **own_facts(form, values, online=online),
        "on_time": not late,
        **household_matches(form, values, situation.facts),
        **situation.facts,
        "late": late,
        "duplicates": list(duplicates),
    }


# Says nothing about anybody: staff who lack the right to see a protected person must not learn why.
REGISTRY_CHECK = RunCheck(
    "ask_registry",
    "住民記録担当に確かめる",
    CheckResult.LOOK,
    "受理の前に、住民記録担当に受付番号を伝えて、進めてよいか確かめてください。",
)


def run_checks(answered: Answered, facts: Mapping[str, Any]) -> list[RunCheck]:
    """The office's own checks, then those of the package's flow, which may replace one by its code."""
    ours = [missing_check(answered), duplicate_check(facts), late_check(facts, answered.situation)]
    ours += proxy_checks(answered.person.proxy)
    theirs = flow_checks(answered, facts)
    named = {check.code for check in theirs}
    return with_truth([check for check in ours if check.code not in named] + theirs, answered, facts)


def with_truth(checks: list[RunCheck], answered: Answered, facts: Mapping[str, Any]) -> list[RunCheck]:
    """The comparisons of [[truth]], each in the check that already tells it or as a check of its own."""
    flow, confirmed = answered.package.flow, set(facts.get("confirmed") or ())
    found = truth.findings(flow.truths, answered.package.form, answered.reading.values, facts)
    reasons = {each.truth: each.reason for each in found}
    asked = {each.check for each in reasons if each.check and each.field in confirmed}
    told = [
        replace(check, sentence=f"{check.sentence}{truth.ASKED}"[:300])
        if check.code in asked and check.result == CheckResult.LOOK
        else check
        for check in checks
    ]
    own = [each for each in flow.truths if not each.check]
    return told + [truth_check(each, reasons.get(each), each.field in confirmed, facts) for each in own]


def truth_check(rule: Truth, reason: str | None, confirmed: bool, facts: Mapping[str, Any]) -> RunCheck:
    code, label = f"truth_{rule.kind}", truth.LABELS[rule.kind]
    if reason:
        told = f"{reason}{truth.ASKED if confirmed else ''}"[:300]
        return RunCheck(code, label, CheckResult.LOOK, told, rule.field, truth.CORRECTION)
    result = CheckResult.PASSED if truth.could_run(rule, facts) else CheckResult.NOT_RUN
    return RunCheck(code, label, result, about=rule.field)


def missing_check(answered: Answered) -> RunCheck:
    errors = answered.reading.errors
    if not errors:
        return RunCheck("complete", "必要な答えがそろっている", CheckResult.PASSED)
    told = f"{len(errors)}か所: {' '.join(error.sentence for error in errors)}"
    return RunCheck("complete", "必要な答えがそろっている", CheckResult.LOOK, told[:300])


def duplicate_check(facts: Mapping[str, Any]) -> RunCheck:
    label = "ほかの経路に同じ申請がない"
    if not facts["duplicates"]:
        return RunCheck("duplicates", label, CheckResult.PASSED)
    told = f"同じ氏名と生年月日の申請があります（{'、'.join(facts['duplicates'])}）。"
    return RunCheck("duplicates", label, CheckResult.LOOK, told[:300])


def proxy_checks(proxy: Mapping[str, Any]) -> list[RunCheck]:
    """The evidence of a proxy is settled by a person who has seen it, also when it is attached."""
    if not proxy:
        return []
    told = proxies.evidence_sentence(proxy)
    return [
        RunCheck("proxy_evidence", proxies.LABEL, CheckResult.LOOK, told, "proxy_paper", proxies.CORRECTION)
    ]


def late_check(facts: Mapping[str, Any], situation: Situation) -> RunCheck:
    label = "受付期間のうちに届いた"
    if not facts["late"]:
        return RunCheck("late", label, CheckResult.PASSED)
    return RunCheck(
        "late", label, CheckResult.LOOK, f"締切（{situation.period.closes:%m月%d日}）の後に届きました。"
    )


RESULTS = {"pass": CheckResult.PASSED, "look": CheckResult.LOOK, "not_run": CheckResult.NOT_RUN}


def flow_checks(answered: Answered, facts: Mapping[str, Any]) -> list[RunCheck]:
    """The checks of the package's flow, with the facts as they are known now."""
    package = answered.package
    context = context_of(package, replace(answered.situation, facts=facts))
    scope = scope_of(package.form, answered.reading.values, context)
    return [
        RunCheck(
            each.key,
            each.label[:120],
            RESULTS[each.result],
            each.sentence[:300],
            each.about,
            each.correction[:300],
        )
        for each in flow.run_checks(package.flow, scope)
    ]


def score_of(answered: Answered, facts: Mapping[str, Any]) -> ScoreSheet | None:
    """The score on the day of entry; None where the package has no points or answers could not be read."""
    if not isinstance(answered.package.scoring, ScoringRules):
        return None
    period = answered.situation.period
    if answered.situation.received_on <= period.closes:
        waiting = set(WAITING_FOR_DEADLINE) - set(answered.situation.facts)
        facts = {name: value for name, value in facts.items() if name not in waiting}
    tables_on = answered.situation.tables_on
    return score_application(answered.package, answered.reading.values, facts, period.entry_on, tables_on)
