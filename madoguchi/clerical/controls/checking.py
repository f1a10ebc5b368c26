"""Running the controls of a case and keeping what they said. Part of actions.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.clerical.controls import bells
from madoguchi.clerical.controls.models import ControlledCase, ControlRun, FilledChecklist, Finding
from madoguchi.clerical.controls.queries import blocking_of, views_of
from madoguchi.clerical.controls.rules import facts_fingerprint, require_clear, require_move, rule_sha256
from madoguchi.clerical.controls.states import Cleared, FindingState, Result
from madoguchi.clerical.controls.views import FactSource, FindingView
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.queries import staff_by_id
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.procedures.cel import Rule, RuleFailed
from madoguchi.ledgers.procedures.controls import (
    ControlFinding,
    ControlPoint,
    ControlResult,
    Controls,
    evaluate_one,
)
from madoguchi.ledgers.procedures.queries import package_of

STANDING = (FindingState.OPEN, FindingState.OVERRIDDEN)


@dataclass(frozen=True)
class Situation:
    """One look at one case: what is known, where it was read, who looks and when."""

    subject: Subject
    controls: Controls
    scope: Mapping[str, Any]
    sources: Mapping[str, FactSource]
    by: Actor
    at: datetime


@dataclass(frozen=True)
class Seen:
    """What one control said, with its facts as they are kept."""

    found: ControlFinding
    facts: dict[str, Any]
    fingerprint: str


@full_sight()
@transaction.atomic
def check(
    *,
    subject: Subject,
    section_id: int,
    version_id: int,
    controls: Controls,
    steps: Collection[str] | None,
    scope: Mapping[str, Any],
    sources: Mapping[str, FactSource],
    by: Actor,
    at: datetime,
    label: str = "",
) -> list[FindingView]:
    """Run the controls of these steps (None: all) on a case and give the exceptions that stand, approved ones too.

    Equal facts change nothing and tell nobody. A control that holds now clears its exception; changed facts make
    another exception, which an approval given for the former facts does not cover. `sources` says by path
    (facts.arrears_months, acts.payer, an answer) where a value was read and when; what it does not say is taken from
    the package and `at`. `label` is how people call the case. Works on hidden cases whoever calls: what it
    returns goes to nobody who may not see the case.
    """
    case = _taken(subject, section_id, version_id, label, at)
    look = Situation(subject, controls, {**scope, "checklists": filled(subject, controls)}, sources, by, at)
    _measure(case, look)
    wanted = controls.points if steps is None else controls.at(steps)
    told = [_kept(case, point, look) for point in wanted]
    changed = {key: result for key, result in told if result}
    if changed:
        leave_trace(by, "controls.checked", subject, at=at, note={"results": changed})
    keys = [point.key for point in wanted]
    return views_of(_standing(subject).filter(key__in=keys))


@full_sight()
@transaction.atomic
def require_controls_clear(subject: Subject, controls: Controls, steps: Collection[str]) -> None:
    """Refuse with ControlsOpen while a control of these steps is open or not run, or its rule changed since it ran.

    Reads what `check` kept: call check with the facts of the moment first, inside the same transaction.
    """
    require_clear(blocking_of(subject, controls, steps))


def filled(subject: Subject, controls: Controls) -> dict[str, bool]:
    """By manual control, whether its checklist as it is now is filled in; one nobody has looked at is not there."""
    rows = FilledChecklist.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("pk")
    told: dict[str, bool] = {}
    for row in rows:
        point = controls.point(row.key)
        if point:
            same = {item["key"] for item in row.items} == {item.key for item in point.items}
            told[row.key] = row.is_complete and same
    return told


def settle(case: ControlledCase, point: ControlPoint, look: Situation) -> None:
    """Run one control by itself, after somebody filled in its checklist."""
    key, result = _kept(case, point, look)
    if result:
        leave_trace(look.by, "controls.checked", look.subject, at=look.at, note={"results": {key: result}})


def taken_case(
    subject: Subject, section_id: int, version_id: int, label: str, at: datetime
) -> ControlledCase:
    return _taken(subject, section_id, version_id, label, at)


def _taken(subject: Subject, section_id: int, version_id: int, label: str, at: datetime) -> ControlledCase:
    """The row of the case, locked: two looks at one case wait for each other."""
    told = {
        "section_id": section_id,
        "version_id": version_id,
        "procedure": package_of(version_id).package.slug,
        "checked_at": at,
    }
    named = {"label": label[:60]} if label else {}
    rows = ControlledCase.objects.select_for_update()
    case, _ = rows.update_or_create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults=told | named,
        create_defaults=told | {"label": label[:60], "first_checked_at": at},
    )
    return case


def _measure(case: ControlledCase, look: Situation) -> None:
    """Keep who drafted it and what samples weigh; what cannot be worked out now stays as it was."""
    acts = look.scope.get("acts") or {}
    case.drafter_id = str(acts.get("drafter") or case.drafter_id)[:40]
    case.amount = _number(look.controls.risk.amount, look.scope, case.amount)
    case.days_left = _number(look.controls.risk.days_left, look.scope, case.days_left)
    case.save(update_fields=["drafter_id", "amount", "days_left"])


def _number(rule: Rule | None, scope: Mapping[str, Any], former: int | None) -> int | None:
    try:
        value = rule.decide(scope) if rule else None
    except RuleFailed:
        return former
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else former


def _kept(case: ControlledCase, point: ControlPoint, look: Situation) -> tuple[str, str]:
    """The key, and the result when it is another than before."""
    seen = _seen(point, look)
    run = ControlRun.objects.filter(case=case, key=point.key).first()
    standing = _standing(look.subject).filter(key=point.key).first()
    lost = standing is not None and _approved_by_drafter(case, standing)
    if run is not None and run.fingerprint == seen.fingerprint and not lost:
        ControlRun.objects.filter(pk=run.pk).update(last_run_at=look.at)
        return point.key, ""
    _keep_run(case, point, look, seen)
    if standing is not None:
        _clear(standing, _why_cleared(seen.found, lost), look)
    if seen.found.result != ControlResult.PASSED:
        _open(case, point, look, seen, standing)
    return point.key, seen.found.result


def _seen(point: ControlPoint, look: Situation) -> Seen:
    found = evaluate_one(look.controls, point, look.scope)
    lists = look.scope.get("checklists") or {}
    read = {**found.facts, **({"checklist": lists.get(point.key)} if point.items else {})}
    fingerprint = facts_fingerprint(found.result, read, found.missing, rule_sha256(point))
    return Seen(found, _facts(found, look), fingerprint)


def _standing(subject: Subject) -> Any:
    return Finding.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, state__in=STANDING
    ).select_related("override__by", "case")


def _approved_by_drafter(case: ControlledCase, standing: Finding) -> bool:
    """四眼: an approval falls when the person who gave it has drafted the case since."""
    if standing.state != FindingState.OVERRIDDEN or not case.drafter_id:
        return False
    return str(standing.override.by_id) == case.drafter_id


def _keep_run(case: ControlledCase, point: ControlPoint, look: Situation, seen: Seen) -> None:
    ControlRun.objects.update_or_create(
        subject_kind=look.subject.kind,
        subject_id=look.subject.id,
        key=point.key,
        defaults={
            "case": case,
            "label": point.label.ja[:200],
            "step": point.step,
            "kind": point.kind,
            "result": Result(seen.found.result),
            "facts": seen.facts,
            "fingerprint": seen.fingerprint,
            "rule_sha256": rule_sha256(point),
            "version_id": case.version_id,
            "run_at": look.at,
            "last_run_at": look.at,
        },
    )


def _why_cleared(found: ControlFinding, lost: bool) -> Cleared:
    if found.result == ControlResult.PASSED:
        return Cleared.PASSED
    return Cleared.FOUR_EYES if lost else Cleared.FACTS_CHANGED


def _clear(standing: Finding, because: Cleared, look: Situation) -> None:
    require_move(FindingState(standing.state), FindingState.CLEARED)
    Finding.objects.filter(pk=standing.pk).update(
        state=FindingState.CLEARED, cleared_at=look.at, cleared_because=because
    )


def _open(
    case: ControlledCase, point: ControlPoint, look: Situation, seen: Seen, former: Finding | None
) -> None:
    """Keep the exception, and tell of it unless the same one was open a moment ago with other facts."""
    finding = Finding.objects.create(
        subject_kind=look.subject.kind,
        subject_id=look.subject.id,
        case=case,
        section_id=case.section_id,
        procedure=case.procedure,
        version_id=case.version_id,
        key=point.key,
        label=point.label.ja[:200],
        step=point.step,
        result=Result(seen.found.result),
        sentence=seen.found.sentence,
        remedy=seen.found.remedy,
        evidence=point.evidence.ja,
        facts=seen.facts,
        missing=[look.controls.label_of(path) for path in seen.found.missing],
        fingerprint=seen.fingerprint,
        override_by=point.override.by,
        override_rule=point.override.exception.ja,
        found_at=look.at,
        found_by=look.by.name,
    )
    if former is None or (former.state, former.result) != (FindingState.OPEN, seen.found.result):
        bells.found.ring(_told(finding, case, seen.found))


def _told(finding: Finding, case: ControlledCase, found: ControlFinding) -> bells.Found:
    return bells.Found(
        finding_id=finding.pk,
        subject=Subject(finding.subject_kind, finding.subject_id),
        case=case.label,
        section_id=finding.section_id,
        procedure=finding.procedure,
        control=finding.key,
        label=finding.label,
        result=found.result,
        sentence=finding.sentence,
        at=finding.found_at,
    )


def _facts(found: ControlFinding, look: Situation) -> dict[str, Any]:
    """Every fact with its value, its source and when it was seen, as JSON."""
    kept = {}
    for path, value in found.facts.items():
        seen = look.sources.get(path) or FactSource(look.controls.source_of(path), look.at)
        kept[path] = {
            "label": look.controls.label_of(path),
            "value": _plain(value),
            "source": seen.source,
            "seen_at": seen.seen_at.isoformat(),
            "sensitive": path in look.controls.sensitive,
            "name": _name_of(value) if path.startswith("acts.") else "",
        }
    return kept


def _name_of(key: Any) -> str:
    staff = staff_by_id(str(key or ""))
    return staff.name if staff else ""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
