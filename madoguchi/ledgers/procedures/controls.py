"""内部統制: the control points of a package, and what they say about one case; pure.

An automatic control is a rule that says when it is violated. A manual one is a checklist that somebody fills in, or a
rule over what somebody found. The rule is the whole condition: there is no passing in silence. Where a fact is missing
and the rest does not settle the rule, the control was not run (未実行) and names what is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .cel import Rule, RuleFailed, value_at
from .words import NOTHING, Words


class ControlStep(StrEnum):
    """Where in the work a control stands."""

    APPLICATION = "application"
    REVIEW = "review"
    DECISION = "decision"
    REPORT = "report"
    PAYMENT = "payment"
    GENERAL = "general"
    RETURN = "return"


STEP_NAMES = {
    ControlStep.APPLICATION: "申請",
    ControlStep.REVIEW: "審査",
    ControlStep.DECISION: "決定",
    ControlStep.REPORT: "実績",
    ControlStep.PAYMENT: "支払",
    ControlStep.GENERAL: "全般",
    ControlStep.RETURN: "返還",
}


class ControlKind(StrEnum):
    """Who does the checking."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


KIND_NAMES = {ControlKind.AUTOMATIC: "自動", ControlKind.MANUAL: "人手"}


class ControlResult(StrEnum):
    """What a control said about one case."""

    PASSED = "passed"
    VIOLATED = "violated"
    NOT_RUN = "not_run"


ACTS = {
    "receiver": "受け付けた人",
    "reviewer": "審査した人",
    "drafter": "起案した人",
    "approver": "決裁した人",
    "accountant": "会計審査をした人",
    "payer": "支払をした人",
}
"""Who did what, as rules read it: acts.drafter is the key of a member of staff."""

CHECKLIST, CHECKLIST_NAME = "checklist", "確認表"
"""Stands among the missing facts of a manual control whose checklist nobody has looked at."""

NOBODY = "nobody"
POSTS = {
    "unit_head": "係長",
    "section_head": "課長",
    "department_head": "部長",
    "accounting_head": "会計管理者",
    "auditor": "監査",
}
"""The posts that may let a violated control stand (例外を認める)."""

FILLERS = {"clerk": "担当", "accountant": "会計", "auditor": "監査"}
"""Who fills in a checklist."""


@dataclass(frozen=True)
class ControlFact:
    """A fact that only controls read, as facts.<key>, and the record it comes from."""

    key: str
    type: str
    label: Words
    source: Words


@dataclass(frozen=True)
class ChecklistItem:
    """One line of a checklist (確認表)."""

    key: str
    label: Words


@dataclass(frozen=True)
class Override:
    """Who may let a violation stand, and in which case; `by` is NOBODY or one of POSTS."""

    by: str = NOBODY
    exception: Words = NOTHING

    @property
    def who(self) -> str:
        return POSTS.get(self.by, "だれも認められない")


@dataclass(frozen=True)
class ControlPoint:
    """統制点. `rule` says when it is violated; `says` is the sentence then, `remedy` what to do about it."""

    key: str
    step: ControlStep
    label: Words
    kind: ControlKind
    rule: Rule | None
    says: Words
    remedy: Words
    evidence: Words
    items: tuple[ChecklistItem, ...] = ()
    filled_by: str = ""
    override: Override = Override()
    parts: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class Risk:
    """What a risk-based sample weighs: the amount of a case, and the days left to its deadline."""

    amount: Rule | None = None
    days_left: Rule | None = None


@dataclass(frozen=True)
class Controls:
    """controls.toml as an object; empty for a package without one. `sensitive` are answers not everybody may read."""

    points: tuple[ControlPoint, ...] = ()
    facts: tuple[ControlFact, ...] = ()
    risk: Risk = Risk()
    types: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()

    def __iter__(self) -> Any:
        return iter(self.points)

    def __bool__(self) -> bool:
        return bool(self.points)

    def point(self, key: str) -> ControlPoint | None:
        return next((point for point in self.points if point.key == key), None)

    def at(self, steps: Collection[str]) -> tuple[ControlPoint, ...]:
        """The controls of some steps, in the order of the file."""
        return tuple(point for point in self.points if point.step in steps)

    def label_of(self, path: str) -> str:
        return CHECKLIST_NAME if path == CHECKLIST else self.labels.get(path, path)

    def source_of(self, path: str) -> str:
        """Where a fact comes from, as the package says."""
        if path.startswith("acts."):
            return "操作の記録"
        return self.sources.get(path, "申請の内容")


@dataclass(frozen=True)
class ControlFinding:
    """What one control said. `facts` are the values it read by path, `missing` the paths without one."""

    key: str
    label: str
    step: ControlStep
    result: ControlResult
    sentence: str
    remedy: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def evaluate(
    controls: Controls, steps: Collection[str] | None, scope: Mapping[str, Any]
) -> list[ControlFinding]:
    """What every control of these steps (None: of all) says about one case, passed ones too.

    `scope` is what the rules of the package see (`scope_of`), with facts.*, acts.* and, for manual controls,
    `checklists`: whether the checklist of a control (by its key) is filled in.
    """
    wanted = controls.points if steps is None else controls.at(steps)
    return [evaluate_one(controls, point, scope) for point in wanted]


def evaluate_one(controls: Controls, point: ControlPoint, scope: Mapping[str, Any]) -> ControlFinding:
    """What one control says about one case."""
    read = point.rule.paths if point.rule else frozenset()
    facts = {path: value_at(path, scope) for path in sorted(read)}
    result, missing = _judged(controls, point, scope)
    sentence = {
        ControlResult.PASSED: "",
        ControlResult.VIOLATED: _filled(controls, point, scope),
        ControlResult.NOT_RUN: _not_run(controls, missing),
    }[result]
    return ControlFinding(
        point.key,
        point.label.ja,
        point.step,
        result,
        sentence,
        remedy_of(controls, point, missing),
        facts,
        missing,
    )


def remedy_of(controls: Controls, point: ControlPoint, missing: Iterable[str] = ()) -> str:
    """What to do about a control that stands in the way."""
    wanted = [
        f"「{controls.label_of(path)}」（{controls.source_of(path)}）"
        for path in missing
        if path != CHECKLIST
    ]
    if wanted:
        return f"{'、'.join(wanted)}を確かめてから、もう一度調べてください。"
    told = point.remedy.ja or f"{'確認表を埋めて' if point.items else '内容を直して'}ください。"
    if point.override.by == NOBODY:
        return told
    return f"{told}例外を認められるのは{point.override.who}です（{point.override.exception.ja}）。"


def _judged(
    controls: Controls, point: ControlPoint, scope: Mapping[str, Any]
) -> tuple[ControlResult, tuple[str, ...]]:
    listed = _checklist(point, scope)
    ruled, missing = _ruled(controls, point.rule, scope)
    if ControlResult.VIOLATED in (listed, ruled):
        return ControlResult.VIOLATED, ()
    if ruled == ControlResult.NOT_RUN:
        return ruled, missing
    return listed, (CHECKLIST,) if listed == ControlResult.NOT_RUN else ()


def _checklist(point: ControlPoint, scope: Mapping[str, Any]) -> ControlResult:
    if not point.items:
        return ControlResult.PASSED
    filled = (scope.get("checklists") or {}).get(point.key)
    if filled is None:
        return ControlResult.NOT_RUN
    return ControlResult.PASSED if filled is True else ControlResult.VIOLATED


def _ruled(
    controls: Controls, rule: Rule | None, scope: Mapping[str, Any]
) -> tuple[ControlResult, tuple[str, ...]]:
    if rule is None:
        return ControlResult.PASSED, ()
    unfit = tuple(
        path for path in sorted(rule.paths) if _unfit(controls.types.get(path), value_at(path, scope))
    )
    if unfit:
        return ControlResult.NOT_RUN, unfit
    try:
        said = rule.decide(scope)
    except RuleFailed:
        return ControlResult.NOT_RUN, rule.untold(scope)
    if not isinstance(said, bool):
        return ControlResult.NOT_RUN, rule.untold(scope)
    return ControlResult.VIOLATED if said else ControlResult.PASSED, ()


KINDS: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "yes_no": (bool,),
    "date": (str,),
    "list": (list, tuple),
}


def _unfit(type_: str | None, value: Any) -> bool:
    """A value of another kind compares as "different" and would pass: it counts as missing."""
    wanted = KINDS.get(type_ or "")
    if wanted is None or value is None or value == "":
        return False
    return not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted)


def _not_run(controls: Controls, missing: Iterable[str]) -> str:
    paths = list(missing)
    if paths == [CHECKLIST]:
        return f"{CHECKLIST_NAME}を、まだだれも埋めていません。"
    names = "、".join(controls.label_of(path) for path in paths)
    if not names:
        return "規則を計算できないため、調べていません。"
    return f"「{names}」が分からないため、調べていません。"


def _filled(controls: Controls, point: ControlPoint, scope: Mapping[str, Any]) -> str:
    sentence = point.says.ja
    for name, part in point.parts.items():
        hidden = part.paths & controls.sensitive
        sentence = sentence.replace(f"{{{name}}}", "＊" if hidden else _shown(part.value_or("－", scope)))
    return sentence


def _shown(value: Any) -> str:
    """Amounts are read with commas."""
    whole = isinstance(value, float) and value.is_integer()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{int(value) if whole else value:,}"
    return str(value)
