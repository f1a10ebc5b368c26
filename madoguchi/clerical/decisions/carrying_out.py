"""What a decision moves: at once where it is little, by the worker where it is much. Part of actions.py.

The approver of thousands of cases has decided when they press; moving the cases is work. It is one transaction: a
list is decided as a whole or not at all, and a worker that is killed has done nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate
from procrastinate.exceptions import AlreadyEnqueued

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.errors import NoWorkLeft
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.work import left_to_do, ordered
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of, staff_by_id
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "decisions.carry_out"
AT_ONCE = 50
"""Up to so many cases move with the press of the approver, who sees them moved when the page comes back."""
UNFORESEEN = "思わぬ誤りで処理できませんでした。情報システム担当に、この起案の番号を伝えてください。"

jobs.leave_to_its_room(KIND)


def follow(draft: Draft, by: Actor) -> None:
    """Let what was decided happen, in this transaction or by the worker."""
    if draft.state == DraftState.APPROVED and draft.item_count > AT_ONCE:
        _order(draft, by)
    else:
        _ring(draft, by, bells.nobody_asks)


def _order(draft: Draft, by: Actor) -> None:
    assert draft.settled_at is not None
    title = f"起案 {draft.number} の決裁の処理"
    starter = staff_by_id(by.id)
    draft.work = jobs.start(kind=KIND, title=title, total=draft.item_count, by=starter, at=draft.settled_at)
    draft.save(update_fields=["work"])
    _queue(draft)


def _queue(draft: Draft) -> None:
    """Once: what waits in the queue already is not queued beside itself."""
    order = app.configure_task(KIND, queueing_lock=f"{KIND}.{draft.pk}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        order.defer(municipality_id=current_municipality_id(), draft_id=draft.pk)


def _ring(draft: Draft, by: Actor, tell: Callable[[int, int], None]) -> None:
    assert draft.settled_at is not None
    about = Subject(draft.subject_kind, draft.subject_id)
    state = DraftState(draft.state)
    bells.settled.ring(bells.Settled(draft.pk, state, about, draft.settled_at, by, tell))


def carry_out(*, draft_id: int, at: datetime) -> bool:
    """Move everything an approved draft decided on, all or nothing; whether this call did it.

    Of two workers the second waits, finds it done and does nothing. A room that refuses leaves all as it was and its
    sentence on the page of the draft; what nobody foresaw is told there too, and raised so that the queue tries again.
    """
    try:
        return _carry_out(draft_id, at)
    except Refusal as refusal:
        _told(draft_id, " ".join(filter(None, (str(refusal.sentence), refusal.next_step))), at)
        return False
    except Exception:
        _told(draft_id, UNFORESEEN, at)
        raise


@transaction.atomic
def _carry_out(draft_id: int, at: datetime) -> bool:
    draft = left_to_do().select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None or draft.work is None:
        return False
    starter = jobs.starter(draft.work)
    by = actor_of(starter) if starter else SYSTEM
    with jobs.told_meanwhile(draft.work) as done:
        # The share and not the number: what a room moves may hold cases that the reader of the page does not see.
        _ring(draft, by, lambda part, whole: done(draft.item_count * part // max(1, whole)))
    draft.worked_off_at = at
    draft.save(update_fields=["worked_off_at"])
    jobs.succeed(draft.work, at=at)
    note = {"number": draft.number, "sha256": draft.content_sha256}
    leave_trace(by, "decisions.carried_out", Subject("decisions.draft", str(draft.pk)), at=at, note=note)
    return True


def _told(draft_id: int, sentence: str, at: datetime) -> None:
    work = left_to_do().filter(pk=draft_id).values_list("work", flat=True).first()
    if work is not None:
        jobs.fail(work, sentence, at=at)


@transaction.atomic
def carry_out_again(*, draft_id: int, by: Staff, at: datetime) -> None:
    """Queue the work of a decided draft once more, after it failed or its worker was lost.

    By whoever decided it, or looks after troubles. Refused: NoWorkLeft, NotAllowed.
    """
    draft = left_to_do().select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None or draft.work is None:
        raise NoWorkLeft(
            "この起案には、残っている処理がありません。", next_step="起案のページを読み直してください。"
        )
    if not ordered(draft, by) and Power.SEE_TROUBLES not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.SEE_TROUBLES.label)
    jobs.begin_again(draft.work)
    _queue(draft)
    leave_trace(
        actor_of(by), "decisions.work_queued_again", Subject("decisions.draft", str(draft.pk)), at=at,
        note={"number": draft.number},
    )  # fmt: skip


def queue_what_is_lost(*, before: datetime) -> int:
    """Queue again what was decided before a moment and neither moved nor failed since; how many drafts."""
    lost = [
        draft
        for draft in left_to_do().filter(settled_at__lt=before).order_by("settled_at")
        if draft.work is not None and not jobs.has_failed(draft.work)
    ]
    for draft in lost:
        _queue(draft)
    return len(lost)
