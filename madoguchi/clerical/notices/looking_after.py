"""What staff do with a delivery that failed, may not have arrived, or goes by post."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.notices.models import Delivery
from madoguchi.clerical.notices.releasing import queue_chunks, require_power
from madoguchi.clerical.notices.rules import require_delivery_move
from madoguchi.clerical.notices.states import DeliveryState, Route
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def settle_delivery(*, delivery_id: int, by: Staff, at: datetime, reason: str) -> None:
    """Write down that a letter was posted, or that its mail did arrive after all.

    Refused: NotFound, NotAllowed, WrongDeliveryState while the mail is on its way by itself.
    """
    delivery = _theirs(delivery_id, by, at)
    require_delivery_move(Route(delivery.route), DeliveryState(delivery.state), DeliveryState.SENT)
    delivery.state, delivery.sent_at, delivery.reason = DeliveryState.SENT, at, reason
    delivery.save(update_fields=["state", "sent_at", "reason"])
    _trace(delivery, "notices.delivery_settled", by, at, reason)


@transaction.atomic
def send_again(*, delivery_id: int, by: Staff, at: datetime, reason: str) -> None:
    """Send a mail that failed or may not have arrived once more, because a person says so.

    Refused: NotFound (also for what goes by post), NotAllowed, WrongDeliveryState.
    """
    delivery = _theirs(delivery_id, by, at)
    if delivery.route != Route.EMAIL:
        raise NotFound("メール")
    require_delivery_move(Route.EMAIL, DeliveryState(delivery.state), DeliveryState.WAITING)
    delivery.state, delivery.tries, delivery.reason = DeliveryState.WAITING, 0, reason
    delivery.save(update_fields=["state", "tries", "reason"])
    release = delivery.letter.release
    if release is not None:
        queue_chunks(release, [delivery.pk])
    _trace(delivery, "notices.sent_again", by, at, reason)


def _theirs(delivery_id: int, by: Staff, at: datetime) -> Delivery:
    require_power(by, at)
    found = Delivery.objects.select_for_update(of=["self"]).filter(pk=delivery_id)
    delivery = found.select_related("letter__release").first()
    if delivery is None:
        raise NotFound("送達")
    return delivery


def _trace(delivery: Delivery, verb: str, by: Staff, at: datetime, reason: str) -> None:
    letter = delivery.letter
    note = {"number": letter.number, "route": delivery.route, "reason": reason}
    leave_trace(actor_of(by), verb, Subject(letter.subject_kind, letter.subject_id), at=at, note=note)
