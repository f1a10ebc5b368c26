"""廃棄停止: a case is kept whatever its period says. Part of actions.py."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.errors import ReasonMissing
from madoguchi.services.applications.models import RetentionHold
from madoguchi.services.applications.moving import found, mark
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import HoldGround

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def hold_case(
    *, number: str, ground: HoldGround, reason: str, until: date | None, by: "Staff", at: datetime
) -> int:
    """Keep a case until a day or until further notice; the id of the hold. Refused: NotFound, ReasonMissing."""
    require(by, Power.RUN_RETENTION, at=at)
    said = spoken(reason, 300)
    if not said:
        raise ReasonMissing
    application = found(seen_by(by, at).select_for_update(of=("self",)), number)
    hold = RetentionHold.objects.create(
        application=application, ground=ground, reason=said, until=until, set_by=by, set_at=at
    )
    mark(application, "held_back", actor_of(by), at=at, ground=str(ground), until=str(until or ""))
    return hold.pk


@transaction.atomic
def release_hold(*, hold_id: int, number: str, by: "Staff", at: datetime) -> None:
    """Let the period of a case take its course again. Refused: NotFound, also for one released before."""
    require(by, Power.RUN_RETENTION, at=at)
    application = found(seen_by(by, at), number)
    holds = RetentionHold.objects.select_for_update(of=("self",))
    hold = holds.filter(pk=hold_id, application=application, released_at__isnull=True).first()
    if hold is None:
        raise NotFound("廃棄停止")
    hold.released_by, hold.released_at = by.name, at
    hold.save(update_fields=["released_by", "released_at"])
    mark(application, "hold_released", actor_of(by), at=at, ground=hold.ground)
