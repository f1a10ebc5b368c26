"""Which drafts wait for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet

from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.standing_in import substitution_for
from madoguchi.clerical.decisions.states import BLOCKING, ApprovalMode, DraftState, StepKind
from madoguchi.clerical.decisions.views import DraftRow
from madoguchi.ledgers.office.posts import away_on, posts_held
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PAGE = 50


def inbox(staff: Staff, *, most: int | None = None, after: int = 0) -> list[DraftRow]:
    """Everything this person must decide, urgent first, then what has waited longest."""
    rows = _mine(staff, BLOCKING).filter(draft__state=DraftState.SUBMITTED)
    rows = rows.exclude(draft__mode=ApprovalMode.PAPER).order_by("-draft__urgent", "opened_at", "pk")
    return _of_steps(rows[after : after + most] if most else rows)


def how_many_wait(staff: Staff) -> int:
    """How many drafts this person must decide."""
    rows = _mine(staff, BLOCKING).filter(draft__state=DraftState.SUBMITTED)
    return rows.exclude(draft__mode=ApprovalMode.PAPER).count()


def to_look_at(staff: Staff) -> list[DraftRow]:
    """後閲と供覧: drafts this person is only asked to look at, the oldest first."""
    rows = _mine(staff, (StepKind.LATER_LOOK, StepKind.CIRCULATE)).exclude(draft__state=DraftState.DISCARDED)
    return _of_steps(rows.order_by("opened_at", "pk")[:PAGE])


def to_stand_in_for(staff: Staff, at: datetime, on: date) -> list[DraftRow]:
    """Drafts whose decider is away today and for whom this person's post stands in."""
    if not posts_held(staff, on):
        return []
    deciders = Step.objects.filter(kind=StepKind.DECIDE, outcome="", opened_at__isnull=False)
    waiting = deciders.filter(draft__state=DraftState.SUBMITTED).exclude(approver=staff)
    away = away_on(on, set(waiting.values_list("approver_id", flat=True)))
    rows = waiting.filter(approver_id__in=away).select_related("draft__drafted_by").order_by("opened_at")
    return [_row(step.draft, step) for step in rows[:PAGE] if substitution_for(staff, step.draft, at)]


def _mine(staff: Staff, kinds: Sequence[StepKind]) -> QuerySet[Step]:
    return Step.objects.filter(
        approver=staff,
        outcome="",
        opened_at__isnull=False,
        kind__in=kinds,
        submission=F("draft__submissions"),
    )


def _of_steps(steps: QuerySet[Step]) -> list[DraftRow]:
    return [_row(step.draft, step) for step in steps.select_related("draft__drafted_by")]


def drafts_of(section_id: int, *, most: int = 200) -> list[DraftRow]:
    """What a section has drafted, newest first."""
    return _rows(Draft.objects.filter(section_id=section_id).order_by("-drafted_at", "-pk")[:most])


def draft_of(subject: Subject) -> DraftRow | None:
    """The latest draft about a record of another room."""
    about = Draft.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return next(iter(_rows(about.order_by("-drafted_at", "-pk")[:1])), None)


def _rows(drafts: QuerySet[Draft]) -> list[DraftRow]:
    return [_row(draft) for draft in drafts.select_related("drafted_by")]


def _row(draft: Draft, step: Step | None = None) -> DraftRow:
    more: dict[str, Any] = {"step_kind": StepKind(step.kind), "opened_at": step.opened_at} if step else {}
    return DraftRow(
        draft.pk,
        draft.number,
        draft.title,
        draft.item_count,
        DraftState(draft.state),
        draft.drafted_by.name,
        draft.drafted_at,
        draft.section_id,
        draft.kind,
        draft.amount,
        ApprovalMode(draft.mode),
        draft.urgent,
        **more,
    )


def undecided_about(kind: str, keys: Iterable[str]) -> set[str]:
    """Which of these records have a draft that nobody has decided yet."""
    about = Draft.objects.filter(subject_kind=kind, subject_id__in=list(keys))
    waiting = about.filter(
        Q(state=DraftState.SUBMITTED) | Q(state=DraftState.RETURNED) | Q(state=DraftState.TAKEN_BACK)
    )
    return set(waiting.values_list("subject_id", flat=True))
