"""取戻し, 廃案, what became of a decision that cannot be carried out, and the record of a decision on paper. Part of actions.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.deciding import draft_for_update, require_power, settle, trace
from madoguchi.clerical.decisions.errors import CommentMissing, NoWorkLeft, PaperDraft
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.rules import require_move
from madoguchi.clerical.decisions.states import ApprovalMode, DraftState, StepKind, StepOutcome
from madoguchi.clerical.decisions.work import ordered
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def take_back(*, draft_id: int, by: Staff, at: datetime, reason: str) -> None:
    """取戻し: the drafter takes a waiting draft back to correct it; it keeps its number.

    Refused: NotFound for anybody but the drafter, WrongState, CommentMissing.
    """
    draft = _own(draft_id, by)
    require_move(DraftState(draft.state), DraftState.TAKEN_BACK)
    _require_reason(reason, "取り戻す")
    settle(draft, DraftState.TAKEN_BACK, actor_of(by), at, {"reason": reason.strip()})


@transaction.atomic
def discard(*, draft_id: int, by: Staff, at: datetime, reason: str) -> None:
    """廃案: a draft that came back is given up; its number stays empty (欠番) and is not used again.

    Source: records_numbering N9. Refused: NotFound, WrongState, CommentMissing.
    """
    draft = _own(draft_id, by)
    require_move(DraftState(draft.state), DraftState.DISCARDED)
    _require_reason(reason, "廃案にする")
    draft.state = DraftState.DISCARDED
    draft.version += 1
    draft.save(update_fields=["state", "version"])
    draft.steps.filter(outcome="").update(outcome=StepOutcome.CLOSED, decided_at=at)
    trace(draft, "decisions.discarded", actor_of(by), at, {"reason": reason.strip()})


@transaction.atomic
def record_paper_decision(*, draft_id: int, decided_on: date, by: Staff, at: datetime) -> None:
    """A draft that was decided on paper: the day on the seal, entered by the section that drafted it.

    Refused: NotFound, NotAllowed, PaperDraft for one that is decided electronically or a day that cannot be.
    """
    draft = draft_for_update(draft_id)
    if by.section_id != draft.section_id:
        raise NotFound("起案")
    if Power.SEE_CASES not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.SEE_CASES.label)
    if draft.mode != ApprovalMode.PAPER:
        raise PaperDraft("この起案は電子で決裁します。", next_step="決裁者の画面で決裁してください。")
    if not localdate(draft.drafted_at) <= decided_on <= localdate(at):
        raise PaperDraft(
            f"紙の決裁日 {decided_on:%Y-%m-%d} は、起案の日から今日までの間にありません。",
            next_step="決裁欄の日付を確かめてください。",
        )
    require_move(DraftState(draft.state), DraftState.APPROVED)
    waiting = draft.steps.filter(submission=draft.submissions, outcome="").exclude(kind=StepKind.LATER_LOOK)
    waiting.update(outcome=StepOutcome.CLOSED, decided_at=at, comment=f"紙で決裁 {decided_on:%Y-%m-%d}")
    note = {"paper": decided_on.isoformat()}
    settle(draft, DraftState.APPROVED, actor_of(by), at, note, on=decided_on)


@transaction.atomic
def give_back(*, draft_id: int, by: Staff, at: datetime, reason: str) -> None:
    """Send back a decided draft whose work was refused, such as one that the budget no longer bears.

    Nothing was moved yet: the cases go back as from any 差し戻し, and the draft keeps its number. By whoever decided it.
    Refused: NotFound, NotAllowed, NoWorkLeft unless its work failed, CommentMissing.
    """
    draft = draft_for_update(draft_id)
    if not ordered(draft, by):
        raise NotFound("起案")
    require_power(draft, by, at)
    _require_reason(reason, "差し戻す")
    left = draft.work if draft.state == DraftState.APPROVED and draft.worked_off_at is None else None
    if left is None or not jobs.has_failed(left):
        raise NoWorkLeft(
            "この起案は、処理が失敗したままではありません。", next_step="起案のページを読み直してください。"
        )
    draft.work = None
    draft.save(update_fields=["work"])
    settle(draft, DraftState.RETURNED, actor_of(by), at, {"reason": reason.strip()})


@transaction.atomic
def look_done(*, draft_id: int, by: Staff, at: datetime, comment: str = "") -> None:
    """後閲・供覧を済ませる: whoever was asked only to look says that they have. A second press changes nothing.

    A 供覧 that nobody decides ends with the last look.
    """
    draft = draft_for_update(draft_id)
    mine = draft.steps.filter(
        approver=by, kind__in=[StepKind.LATER_LOOK, StepKind.CIRCULATE], outcome="", opened_at__isnull=False
    )
    steps = list(mine)
    for step in steps:
        step.outcome, step.comment, step.decided_at = StepOutcome.SEEN, comment.strip()[:400], at
        step.seen_sha256 = draft.content_sha256
        step.save(update_fields=["outcome", "comment", "decided_at", "seen_sha256"])
        trace(draft, "decisions.seen", actor_of(by), at, {"place": step.place, "kind": step.kind})
    if not steps and not Step.objects.filter(draft=draft, approver=by).exists():
        raise NotFound("起案")
    if draft.state == DraftState.CIRCULATING and not draft.steps.filter(outcome="").exists():
        require_move(DraftState(draft.state), DraftState.SHOWN)
        draft.state, draft.settled_at = DraftState.SHOWN, at
        draft.version += 1
        draft.save(update_fields=["state", "settled_at", "version"])
        trace(draft, "decisions.shown", actor_of(by), at, {"readers": draft.steps.count()})


def _own(draft_id: int, by: Staff) -> Draft:
    draft = draft_for_update(draft_id)
    if draft.drafted_by_id != by.pk:
        raise NotFound("起案")
    return draft


def _require_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise CommentMissing(f"{what}理由が書かれていません。", next_step="理由を書いてください。")
