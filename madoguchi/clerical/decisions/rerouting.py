"""Giving a draft another approver, and reminding one. Part of actions.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.decisions.deciding import waiting_steps
from madoguchi.clerical.decisions.drafting import require_approver
from madoguchi.clerical.decisions.errors import WrongState
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.states import ApprovalMode, DraftState
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def change_approver(*, draft_id: int, approver: Staff, by: Staff, at: datetime) -> None:
    """Another approver for a draft that waits: by its drafter, or by whoever looks after troubles.

    Refused: NotFound, NotAllowed, WrongState when it is decided, OwnDraft and NotTheApprover as in submit_draft.
    """
    draft = (
        Draft.objects.select_for_update(of=("self",)).select_related("drafted_by").filter(pk=draft_id).first()
    )
    if draft is None:
        raise NotFound("起案")
    if by.pk != draft.drafted_by_id and Power.SEE_TROUBLES not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.SEE_TROUBLES.label)
    if draft.state != DraftState.SUBMITTED:
        raise WrongState(
            f"この起案は「{DraftState(draft.state).label}」のため、決裁する人を変えられません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )
    require_approver(approver, draft.drafted_by, at)
    step = waiting_steps(draft).select_related("approver").order_by("stage", "place").first()
    former = step.approver.name if step else ""
    if step is None:
        place = draft.steps.count() + 1
        Step.objects.create(
            draft=draft,
            place=place,
            submission=draft.submissions,
            approver=approver,
            opened_at=at,
            matter=draft.kind,
            urgent=draft.urgent,
            on_paper=draft.mode == ApprovalMode.PAPER,
        )
    else:
        step.approver = approver
        step.save(update_fields=["approver"])
    draft.version += 1
    draft.save(update_fields=["version"])
    note = {"number": draft.number, "from": former, "to": approver.name}
    subject = Subject("decisions.draft", str(draft.pk))
    leave_trace(actor_of(by), "decisions.approver_changed", subject, at=at, note=note)
