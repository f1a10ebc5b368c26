"""催促: reminding whoever holds a draft up, asked for by its drafter or every morning by itself. Part of actions.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from madoguchi.clerical.decisions import bells
from madoguchi.clerical.decisions.adoption_facts import waiting_too_long
from madoguchi.clerical.decisions.deciding import draft_for_update, trace, waiting_steps
from madoguchi.clerical.decisions.errors import NotYetLong
from madoguchi.clerical.decisions.models import Step
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import SYSTEM, Actor

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def remind(*, draft_id: int, by: Staff, at: datetime) -> int:
    """Remind those who hold this draft up; how many people. Only its drafter asks.

    Refused: NotFound for anybody else, NotYetLong before the town's number of days or so soon after a reminder.
    """
    draft = draft_for_update(draft_id)
    if draft.drafted_by_id != by.pk:
        raise NotFound("起案")
    due = _due(at).filter(draft=draft).select_related("draft", "approver")
    if not due.exists():
        days = settings.MADOGUCHI_REMIND_AFTER.days
        told = waiting_steps(draft).filter(reminded_at__gt=at - settings.MADOGUCHI_REMIND_AFTER).exists()
        raise NotYetLong(
            f"この起案は、{days}日以内に催促しています。"
            if told
            else f"この起案は、まだ{days}日を超えて待っていません。",
            next_step="急ぐときは、決裁する人に直接伝えるか、取り戻して「至急」にしてください。",
        )
    return _tell(due, actor_of(by), at)


@transaction.atomic
def remind_all(*, at: datetime) -> int:
    """Remind everybody who holds a draft up for too long; running it again on the same day reminds nobody."""
    return _tell(_due(at).select_related("draft", "approver").order_by("opened_at"), SYSTEM, at)


def _due(at: datetime) -> QuerySet[Step]:
    recently = at - settings.MADOGUCHI_REMIND_AFTER
    return waiting_too_long(at).filter(Q(reminded_at__isnull=True) | Q(reminded_at__lte=recently))


def _tell(steps: Iterable[Step], by: Actor, at: datetime) -> int:
    told = 0
    for step in steps:
        assert step.opened_at is not None
        step.reminded_at = at
        step.save(update_fields=["reminded_at"])
        note = {"place": step.place, "to": step.approver.name, "since": step.opened_at.isoformat()}
        trace(step.draft, "decisions.reminded", by, at, note)
        bells.waits_long.ring(
            bells.WaitsLong(step.draft_id, step.draft.number, step.pk, step.approver, step.opened_at, at)
        )
        told += 1
    return told
