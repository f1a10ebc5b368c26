"""Approving a draft, sending it back, rejecting it. Part of actions.py."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.carrying_out import follow
from madoguchi.clerical.decisions.drafting import require_also
from madoguchi.clerical.decisions.errors import (
    ClockSetBack,
    ContentChanged,
    EditionOutdated,
    NotTheApprover,
    OwnDraft,
    PaperDraft,
)
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.rules import require_comment, require_move
from madoguchi.clerical.decisions.states import (
    BLOCKING,
    ApprovalMode,
    Capacity,
    DraftState,
    StepKind,
    StepOutcome,
)
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

OUTCOMES = {
    DraftState.APPROVED: StepOutcome.APPROVED,
    DraftState.RETURNED: StepOutcome.RETURNED,
    DraftState.REJECTED: StepOutcome.REJECTED,
}
DECIDED = frozenset({DraftState.APPROVED, DraftState.REJECTED})


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
    """Approve exactly what was seen; the state the draft has then: it waits on until the last one approved.

    A second press answers the same and changes nothing.
    Refused: NotFound, NotTheApprover, OwnDraft, NotAllowed, WrongState, ContentChanged, EditionOutdated,
    PaperDraft, ClockSetBack.
    """
    return _decide(DraftState.APPROVED, **decision)


@transaction.atomic
def return_draft(**decision: Unpack[Decision]) -> DraftState:
    """Send the draft back with a reason; it keeps its number when it is submitted again."""
    return _decide(DraftState.RETURNED, **decision)


@transaction.atomic
def reject(**decision: Unpack[Decision]) -> DraftState:
    """Reject the draft for good, with a reason; a new draft may quote it."""
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
    draft = draft_for_update(draft_id)
    if by.pk == draft.drafted_by_id:
        raise OwnDraft(
            "自分の起案を自分で決裁することはできません。", next_step="決裁者の判断を待ってください。"
        )
    if _pressed_twice(draft, by, to, seen_sha256):
        return DraftState(draft.state)
    step = _step_of(draft, by)
    require_power(draft, by, at)
    require_move(DraftState(draft.state), to)
    require_electronic(draft)
    require_comment(to, comment)
    _require_seen(draft, seen_sha256, edition)
    require_clock(step, at)
    close_step(step, OUTCOMES[to], draft.content_sha256, comment, at)
    note = {"comment_sha256": fingerprint(comment), "step": "decision", "staff_seconds": staff_seconds}
    if to == DraftState.APPROVED and not _is_through(draft, at):
        _hand_on(draft, step, by, at, note)
        return DraftState.SUBMITTED
    settle(draft, to, actor_of(by), at, _told_of(step) | note)
    return to


def draft_for_update(draft_id: int) -> Draft:
    """The draft, locked until the end of the transaction. Refused: NotFound."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None or not draft.steps.exists():
        raise NotFound("起案")
    return draft


def _step_of(draft: Draft, by: Staff) -> Step:
    """The step this person must act on now: the one that decides before one that only comes by."""
    mine = waiting_steps(draft).filter(approver=by)
    step: Step | None = mine.order_by("place").first()
    if step is None:
        step = draft.steps.filter(approver=by, kind__in=BLOCKING).order_by("-place").first()
        if step is None or draft.state == DraftState.SUBMITTED:
            raise _not_yours(draft)
    return step


def _not_yours(draft: Draft) -> NotTheApprover:
    names = "、".join(step.approver.name for step in waiting_steps(draft).select_related("approver"))
    return NotTheApprover(
        "この起案は、いまあなたの番ではありません。",
        next_step=f"いまは{names}さんの番です。" if names else "この起案は、もう決裁を待っていません。",
    )


def waiting_steps(draft: Draft) -> Any:
    """Steps that hold the draft up now."""
    return draft.steps.filter(
        submission=draft.submissions, kind__in=BLOCKING, outcome="", opened_at__isnull=False
    )


def require_power(draft: Draft, by: Staff, at: datetime) -> None:
    if Power.APPROVE not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.APPROVE.label)
    require_also(draft.also_needs, by, at)


def require_electronic(draft: Draft) -> None:
    if draft.mode == ApprovalMode.PAPER:
        raise PaperDraft(
            "この起案は紙で決裁します。", next_step="紙で決裁を受けた後、起案した課がその日を記録します。"
        )


def require_clock(step: Step, at: datetime) -> None:
    """A clock that was set back must not write a decision before the step that led to it."""
    if step.opened_at is not None and at < step.opened_at:
        raise ClockSetBack(
            "時計が戻っています。この起案が回ってきた日時より前の日時では決裁できません。",
            next_step="端末ではなくサーバーの時計を、情報システム担当に確かめてもらってください。",
        )


def _pressed_twice(draft: Draft, by: Staff, to: DraftState, seen_sha256: str) -> bool:
    mine = draft.steps.filter(submission=draft.submissions, approver=by)
    return mine.filter(outcome=OUTCOMES[to], seen_sha256=seen_sha256).exists() and not (
        waiting_steps(draft).filter(approver=by).exists()
    )


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


def fingerprint(comment: str) -> str:
    """What the chained trace keeps of a comment; its words stand with the step alone, so that they can end with it."""
    said = comment.strip()[:400]
    return sha256(said.encode()).hexdigest() if said else ""


def close_step(step: Step, outcome: StepOutcome, sha256: str, comment: str, at: datetime) -> None:
    step.outcome, step.comment = outcome, comment.strip()[:400]
    step.seen_sha256, step.decided_at = sha256, at
    step.save(
        update_fields=[
            "outcome",
            "comment",
            "seen_sha256",
            "decided_at",
            "approver",
            "capacity",
            "stands_for",
        ]
    )


def _is_through(draft: Draft, at: datetime) -> bool:
    """Whether nobody is left; where a stage is done, the next one opens."""
    if waiting_steps(draft).exists():
        return False
    ahead = draft.steps.filter(submission=draft.submissions, kind__in=BLOCKING, outcome="")
    following = ahead.order_by("stage").values_list("stage", flat=True).first()
    if following is None:
        return True
    ahead.filter(stage=following).update(opened_at=at)
    return False


def _hand_on(draft: Draft, step: Step, by: Staff, at: datetime, note: dict[str, Any]) -> None:
    draft.version += 1
    draft.save(update_fields=["version"])
    trace(draft, "decisions.step_approved", actor_of(by), at, _told_of(step) | note)


def _told_of(step: Step) -> dict[str, Any]:
    told = {"place": step.place, "kind": step.kind, "post": step.post, "stands_for": step.stands_for}
    if step.capacity != Capacity.OWN:
        told["capacity"] = step.capacity
    return told


def settle(
    draft: Draft, to: DraftState, by: Actor, at: datetime, note: dict[str, Any], *, on: date | None = None
) -> None:
    """Bring the draft to its end: what is still open closes, who looks later is asked, what was decided follows.

    `on` is the day of a decision on paper that is entered later.
    """
    draft.state = to
    draft.version += 1
    draft.settled_at = at
    draft.decided_on = (on or localdate(at)) if to in DECIDED else None
    draft.save(update_fields=["state", "version", "settled_at", "decided_on"])
    still_open = draft.steps.filter(submission=draft.submissions, outcome="")
    if to == DraftState.APPROVED:
        still_open.filter(kind=StepKind.LATER_LOOK).update(opened_at=at)
    else:
        still_open.update(outcome=StepOutcome.CLOSED, decided_at=at)
    trace(draft, f"decisions.{to.value}", by, at, note)
    follow(draft, by)


def trace(draft: Draft, verb: str, by: Actor, at: datetime, note: dict[str, Any]) -> None:
    known = {"number": draft.number, "sha256": draft.content_sha256}
    told = {key: value for key, value in note.items() if value is not None and value != ""}
    leave_trace(by, verb, Subject("decisions.draft", str(draft.pk)), at=at, note=known | told)
