"""The only way for a screen to obtain one draft."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.views import DraftView, StepView
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def draft_for(staff: Staff, draft_id: int, at: datetime) -> DraftView:
    """One draft for its drafter, its approvers and those of its section who may see cases.

    Looking leaves a trace. Refused: NotFound.
    """
    draft = Draft.objects.select_related("drafted_by").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound("起案")
    steps = list(draft.steps.select_related("approver").order_by("place"))
    if not _may_see(staff, draft, steps, at):
        raise NotFound("起案")
    leave_trace(
        actor_of(staff),
        "decisions.looked_at",
        Subject("decisions.draft", str(draft.pk)),
        at=at,
        purpose="決裁",
    )
    return _view(staff, draft, steps)


def _may_see(staff: Staff, draft: Draft, steps: list[Step], at: datetime) -> bool:
    if staff.pk in {draft.drafted_by_id, *(step.approver_id for step in steps)}:
        return True
    return staff.section_id == draft.section_id and Power.SEE_CASES in powers_of(staff, at.date())


def _view(staff: Staff, draft: Draft, steps: list[Step]) -> DraftView:
    waiting = draft.state == DraftState.SUBMITTED and steps[-1].approver_id == staff.pk
    return DraftView(
        id=draft.pk,
        number=draft.number,
        title=draft.title,
        body=draft.body,
        figures=draft.figures,
        item_count=draft.item_count,
        state=DraftState(draft.state),
        content_sha256=draft.content_sha256,
        edition=draft.version,
        steps=tuple(_step(step) for step in steps),
        subject=Subject(draft.subject_kind, draft.subject_id),
        drafted_by_id=draft.drafted_by_id,
        drafted_by=draft.drafted_by.name,
        drafted_at=draft.drafted_at,
        may_decide=waiting,
        also_needs=draft.also_needs,
    )


def _step(step: Step) -> StepView:
    return StepView(
        step.place,
        step.approver_id,
        step.approver.name,
        DraftState(step.outcome) if step.outcome else None,
        step.comment,
        step.decided_at,
    )
