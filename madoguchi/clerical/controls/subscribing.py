"""Asking to be told of exceptions by mail. Part of actions.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.models import ControlSubscription
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def subscribe(*, procedure: str, key: str, by: Staff, at: datetime) -> int:
    """Tell this person of new exceptions of a procedure and a control; empty means every one. Once for each choice."""
    if Power.SEE_CONTROLS not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.SEE_CONTROLS.label)
    row, is_new = ControlSubscription.objects.get_or_create(
        staff=by, procedure=procedure[:60], key=key[:40], defaults={"subscribed_at": at}
    )
    if is_new:
        _trace(row, "controls.subscribed", by, at)
    return row.pk


@transaction.atomic
def unsubscribe(*, subscription_id: int, by: Staff, at: datetime) -> None:
    """Tell them no more. Refused: NotFound, also for somebody else's."""
    row = ControlSubscription.objects.filter(pk=subscription_id, staff=by).first()
    if row is None:
        raise NotFound("購読")
    _trace(row, "controls.unsubscribed", by, at)
    row.delete()


def _trace(row: ControlSubscription, verb: str, by: Staff, at: datetime) -> None:
    note = {"procedure": row.procedure, "control": row.key}
    leave_trace(actor_of(by), verb, Subject("controls.subscription", str(row.pk)), at=at, note=note)
