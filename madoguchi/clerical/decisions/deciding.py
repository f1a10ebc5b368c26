"""Approving a draft, sending it back, rejecting it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.db import transaction

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.drafting import require_also
from madoguchi.clerical.decisions.errors import ContentChanged, EditionOutdated, NotTheApprover, OwnDraft
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.rules import require_comment, require_move
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


class Decision(TypedDict):
    """What the approver sends back: the hash and the edition stood on the page they decided on."""

    draft_id: int
    by: Staff
    at: datetime
    seen_sha256: str
    edition: int
    comment: NotRequired[str]
    staff_seconds: NotRequired[int | None]


@transaction.atomic
def approve(**decision: Unpack[Decision]) -> DraftState:
    """Approve exactly what was seen. A second press answers the same and changes nothing.

    Refused: NotFound, NotTheApprover, OwnDraft, NotAllowed, WrongState, ContentChanged, EditionOutdated.
    """
    return _decide(DraftState.APPROVED, **decision)


@transaction.atomic
def return_draft(**decision: Unpack[Decision]) -> DraftState:
    """Send the draft back with a reason; it keeps its number when it is submitted again."""
    return _decide(DraftState.RETURNED, **decision)


@transaction.atomic
def reject(**decision: Unpack[Decision]) -> DraftState:
    """Reject the draft for good, with a reason."""
    return _decide(DraftState.REJECTED, **decision)


def _decide(
    to: DraftState,
    *,
    draft_id: int,
    by: Staff,
    at: datetime,
    seen_sha256: str,
    edition: int,
    comment: str = "",
    staff_seconds: int | None = None,
) -> DraftState:
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    step = draft.steps.order_by("-place").first() if draft else None
    if draft is None or step is None:
        raise NotFound("起案")
    _require_the_approver(draft, step, by, at)
    if _pressed_twice(step, to, seen_sha256):
        return to
    require_move(DraftState(draft.state), to)
    require_comment(to, comment)
    _require_seen(draft, seen_sha256, edition)
    _settle(draft, step, to, comment, at)
    _tell(draft, to, by, at, {"comment": comment, "step": "decision", "staff_seconds": staff_seconds})
    return to


def _require_the_approver(draft: Draft, step: Step, by: Staff, at: datetime) -> None:
    if by.pk == draft.drafted_by_id:
        raise OwnDraft(
            "自分の起案を自分で決裁することはできません。", next_step="決裁者の判断を待ってください。"
        )
    if by.pk != step.approver_id:
        raise NotTheApprover(
            "この起案の決裁者ではありません。",
            next_step=f"決裁者の{step.approver.name}さんに頼んでください。",
        )
    if Power.APPROVE not in powers_of(by, at.date()):
        raise NotAllowed(Power.APPROVE.label)
    require_also(draft.also_needs, by, at)


def _pressed_twice(step: Step, to: DraftState, seen_sha256: str) -> bool:
    return step.outcome == to and step.seen_sha256 == seen_sha256


def _require_seen(draft: Draft, seen_sha256: str, edition: int) -> None:
    if seen_sha256 != draft.content_sha256:
        raise ContentChanged(
            "ご覧になった内容と、起案の内容が違います。",
            next_step="画面を読み直し、内容を確かめてから決裁してください。",
        )
    if edition != draft.version:
        raise EditionOutdated(
            "画面を開いた後に、この起案が更新されました。",
            next_step="画面を読み直してから、もう一度決裁してください。",
        )


def _settle(draft: Draft, step: Step, to: DraftState, comment: str, at: datetime) -> None:
    draft.state = to
    draft.version += 1
    draft.save(update_fields=["state", "version"])
    step.outcome, step.comment = to, comment
    step.seen_sha256, step.decided_at = draft.content_sha256, at
    step.save(update_fields=["outcome", "comment", "seen_sha256", "decided_at"])


def _tell(draft: Draft, to: DraftState, by: Staff, at: datetime, note: dict[str, Any]) -> None:
    known = {"number": draft.number, "sha256": draft.content_sha256}
    subject = Subject("decisions.draft", str(draft.pk))
    note = {key: value for key, value in note.items() if value not in {"", None}}
    leave_trace(actor_of(by), f"decisions.{to.value}", subject, at=at, note=known | note)
    about = Subject(draft.subject_kind, draft.subject_id)
    bells.settled.ring(bells.Settled(draft.pk, to, about, at, actor_of(by)))
