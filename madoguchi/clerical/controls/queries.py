"""What stands in the way of a case, and every exception for those who oversee."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from madoguchi.clerical.controls.models import ControlRun, FilledChecklist, Finding
from madoguchi.clerical.controls.rules import Blocking, rule_sha256
from madoguchi.clerical.controls.states import Cleared, FindingState, Result
from madoguchi.clerical.controls.views import (
    ChecklistView,
    ControlStanding,
    FactSeen,
    FindingView,
    OverrideView,
)
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import POSTS, Controls, remedy_of

STANDING = (FindingState.OPEN, FindingState.OVERRIDDEN)


def standing(subject: Subject) -> list[ControlStanding]:
    """Every control that was run on a case, with the exception that stands, in the order of the steps of the run."""
    found = {each.key: each for each in views_of(_of(Finding, subject).filter(state__in=STANDING))}
    return [
        ControlStanding(
            run.key, run.label, run.step, Result(run.result), run.run_at, run.last_run_at, found.get(run.key)
        )
        for run in _of(ControlRun, subject).order_by("pk")
    ]


def open_findings(subject: Subject, steps: Collection[str] | None = None) -> list[FindingView]:
    """The exceptions nobody has settled, of these steps (None: of all), oldest first."""
    rows = _of(Finding, subject).filter(state=FindingState.OPEN)
    return views_of(rows if steps is None else rows.filter(step__in=list(steps)))


def findings_of(subject: Subject) -> list[FindingView]:
    """Every exception a case ever had, oldest first."""
    return views_of(_of(Finding, subject))


def checklists_of(subject: Subject) -> dict[str, ChecklistView]:
    """The checklists of a case as they were last filled in, by control."""
    rows = _of(FilledChecklist, subject).select_related("filled_by").order_by("pk")
    return {row.key: _checklist_view(row) for row in rows}


def checklists_about(subjects: Collection[Subject]) -> list[tuple[Subject, ChecklistView]]:
    """Every checklist ever filled in for these cases, oldest first; those of hidden cases are not there."""
    wanted = {(each.kind, each.id) for each in subjects}
    rows = FilledChecklist.objects.filter(subject_id__in={key for _, key in wanted}).order_by("pk")
    return [
        (Subject(row.subject_kind, row.subject_id), _checklist_view(row))
        for row in rows.select_related("filled_by")
        if (row.subject_kind, row.subject_id) in wanted
    ]


def _checklist_view(row: FilledChecklist) -> ChecklistView:
    items = tuple((item["key"], item["label"], item["done"]) for item in row.items)
    return ChecklistView(row.key, items, row.is_complete, row.note, row.filled_by.name, row.filled_at)


def blocking_of(subject: Subject, controls: Controls, steps: Collection[str]) -> list[Blocking]:
    """The controls of these steps that keep a case from going on, in the order of the package."""
    runs = {run.key: run for run in _of(ControlRun, subject)}
    found = {each.key: each for each in open_findings(subject)}
    return [
        blocking
        for point in controls.at(steps)
        if (blocking := _blocking(point, controls, runs.get(point.key), found.get(point.key)))
    ]


def _blocking(
    point: Any, controls: Controls, run: ControlRun | None, finding: FindingView | None
) -> Blocking | None:
    if run is None or run.rule_sha256 != rule_sha256(point):
        why = "まだ調べていません。" if run is None else "決まりが変わった後、まだ調べていません。"
        return Blocking(
            point.label.ja, why, remedy_of(controls, point) if point.items else "調べてください。"
        )
    if finding is None:
        return None
    return Blocking(finding.label, finding.sentence, finding.remedy)


def _of(model: Any, subject: Subject) -> Any:
    return model.objects.filter(subject_kind=subject.kind, subject_id=subject.id)


def views_of(rows: Any) -> list[FindingView]:
    """Findings as they are shown, oldest first."""
    told: Iterable[Finding] = rows.select_related("case", "override__by").order_by("found_at", "pk")
    return [view_of(row) for row in told]


def view_of(row: Finding) -> FindingView:
    override = getattr(row, "override", None)
    return FindingView(
        id=row.pk,
        subject=Subject(row.subject_kind, row.subject_id),
        case=row.case.label or row.subject_id,
        procedure=row.procedure,
        version_id=row.version_id,
        key=row.key,
        label=row.label,
        step=row.step,
        result=Result(row.result),
        state=FindingState(row.state),
        sentence=row.sentence,
        remedy=row.remedy,
        evidence=row.evidence,
        facts=facts_of(row.facts),
        missing=tuple(row.missing),
        found_at=row.found_at,
        found_by=row.found_by,
        cleared_at=row.cleared_at,
        cleared_because=Cleared(row.cleared_because).label if row.cleared_because else "",
        overridable_by=POSTS.get(row.override_by, ""),
        override_rule=row.override_rule,
        override=OverrideView(override.by.name, POSTS[override.post], override.reason, override.at)
        if override
        else None,
    )


def facts_of(kept: Mapping[str, Mapping[str, Any]]) -> tuple[FactSeen, ...]:
    """The facts of a run or a finding, by path."""
    return tuple(FactSeen(path, **each) for path, each in sorted(kept.items()))
