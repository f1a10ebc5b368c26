"""The only way for a screen to obtain one draft."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from madoguchi.clerical.decisions.adoption_facts import waiting_too_long
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.standing_in import substitution_for
from madoguchi.clerical.decisions.states import (
    BLOCKING,
    ApprovalMode,
    Capacity,
    Disclosure,
    DraftState,
    PaperReason,
    StepKind,
    StepOutcome,
)
from madoguchi.clerical.decisions.views import AttachmentView, DraftView, PaperView, StepView
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.views import OpenedDocument
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def draft_for(staff: Staff, draft_id: int, at: datetime) -> DraftView:
    """One draft for its drafter, those on its route, those of its section who may see cases, and substitutes.

    Looking leaves a trace, and with it the hash of what was looked at. Refused: NotFound.
    """
    draft = Draft.objects.select_related("drafted_by", "quoted_from").filter(pk=draft_id).first()
    if draft is None or not may_see(staff, draft, at):
        raise NotFound("起案")
    Step.objects.filter(draft=draft, approver=staff, outcome="").update(
        looked_at=at, looked_sha256=draft.content_sha256
    )
    leave_trace(
        actor_of(staff),
        "decisions.looked_at",
        Subject("decisions.draft", str(draft.pk)),
        at=at,
        purpose="決裁",
    )
    return _view(staff, draft, at)


@transaction.atomic
def file_for(staff: Staff, draft_id: int, document_id: UUID, at: datetime) -> OpenedDocument:
    """One attachment of a draft, for whoever may see the draft. Refused: NotFound, FileHeld."""
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None or not may_see(staff, draft, at):
        raise NotFound("起案の添付")
    owner = Subject("decisions.draft", str(draft.pk))
    return open_document(document_id, owner=owner, by=actor_of(staff), at=at, purpose="決裁")


def _view(staff: Staff, draft: Draft, at: datetime) -> DraftView:
    steps = tuple(_step(row) for row in draft.steps.select_related("approver").order_by("place"))
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
        steps=steps,
        subject=Subject(draft.subject_kind, draft.subject_id),
        drafted_by_id=draft.drafted_by_id,
        drafted_by=draft.drafted_by.name,
        drafted_at=draft.drafted_at,
        also_needs=draft.also_needs,
        section_id=draft.section_id,
        submission=draft.submissions,
        kind=draft.kind,
        amount=draft.amount,
        class_code=draft.class_code,
        retention=draft.retention,
        disclosure=Disclosure(draft.disclosure) if draft.disclosure else None,
        disclosure_reason=draft.disclosure_reason,
        mode=ApprovalMode(draft.mode),
        paper_reason=PaperReason(draft.paper_reason) if draft.paper_reason else None,
        paper_note=draft.paper_note,
        urgent=draft.urgent,
        important=draft.important,
        route=draft.route,
        quoted=_quoted(draft, staff, at),
        attachments=_attachments(draft),
        papers=tuple(
            PaperView(row.what, row.kept_at, row.sheets) for row in draft.paper_materials.order_by("place")
        ),
        work=draft.work,
        **_rights(staff, draft, steps, at),
    )


def _rights(staff: Staff, draft: Draft, steps: Iterable[StepView], at: datetime) -> dict[str, Any]:
    """What this person may do with the draft now, and as what kind of step it waits for them."""
    own = [step for step in steps if step.approver_id == staff.pk]
    mine = [step for step in own if step.submission == draft.submissions]
    waiting = draft.state == DraftState.SUBMITTED
    turn = next((step for step in mine if step.holds_up), None) if waiting else None
    ahead = any(step.outcome is None and step.opened_at is None and step.kind in BLOCKING for step in mine)
    electronic = draft.mode != ApprovalMode.PAPER
    drafted = draft.drafted_by_id == staff.pk
    return {
        "step_kind": turn.kind if turn else None,
        "may_decide": turn is not None and electronic,
        # Also of an earlier submission: whoever was asked to look stays asked when the draft comes again.
        "may_look": any(step.waits and step.kind not in BLOCKING for step in own),
        "may_stand_in": electronic and substitution_for(staff, draft, at) is not None,
        "may_pull_up": electronic and waiting and turn is None and ahead,
        "may_take_back": waiting and drafted,
        "may_remind": drafted and waiting_too_long(at).filter(draft=draft).exists(),
    }


def _quoted(draft: Draft, staff: Staff, at: datetime) -> tuple[int, str] | None:
    """The draft this one quotes, for whoever may read that one too."""
    if draft.quoted_from is None or not may_see(staff, draft.quoted_from, at):
        return None
    return draft.quoted_from.pk, draft.quoted_from.number


def _attachments(draft: Draft) -> tuple[AttachmentView, ...]:
    return tuple(
        AttachmentView(row.place, row.document_id, row.name, row.sha256, row.added_by.name, row.added_at)
        for row in draft.attachments.select_related("added_by").order_by("place")
    )


def _step(step: Step) -> StepView:
    return StepView(
        step.place,
        step.approver_id,
        step.approver.name,
        StepOutcome(step.outcome) if step.outcome else None,
        step.comment,
        step.decided_at,
        step.submission,
        step.stage,
        StepKind(step.kind),
        step.post,
        Capacity(step.capacity),
        step.stands_for,
        step.opened_at,
        step.seen_sha256,
        step.looked_at,
    )
