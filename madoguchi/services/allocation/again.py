"""空き枠の再調整: a seat that is declined, and the round in which free seats are given out again. Part of actions.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.services.allocation.computing import require_power, round_for_update, subject_of
from madoguchi.services.allocation.errors import DeclineFaulty, WrongState
from madoguchi.services.allocation.models import Decline, Placement, Round, RoundSeat
from madoguchi.services.allocation.queries import round_view
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.turns import may_open_again
from madoguchi.services.allocation.views import RoundView
from madoguchi.services.applications.actions import decline

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MOST_LETTERS = 200


@transaction.atomic
def decline_seat(*, round_id: int, number: str, reason: str, by: Staff, at: datetime) -> None:
    """Record 辞退: the seat is free for the next round of the period; a child that only waited waits no longer.

    A seat left for this one by a transfer (転園) does not come back: it was passed on.
    Refused: NotAllowed, NotFound, WrongState (not settled, or a further round is with the approver), DeclineFaulty: nothing
    decided in this period for that number, declined already, no reason.
    """
    require_power(by, at)
    found = round_for_update(round_id)
    if found.state != RoundState.SETTLED:
        raise WrongState(RoundState(found.state), "辞退を記録する")
    rounds = Round.objects.select_for_update().filter(
        procedure=found.procedure, period_code=found.period_code
    )
    if any(each.state == RoundState.SUBMITTED for each in rounds):
        raise WrongState(RoundState.SUBMITTED, "辞退を記録する")
    said = reason.strip()[:MOST_LETTERS]
    if not said:
        raise DeclineFaulty("理由", "理由がありません。", "本人から聞いた理由を書いてください。")
    row = _decided(rounds, number.strip())
    key = decline(number=number.strip(), reason=said, by=actor_of(by), at=at)
    Decline.objects.create(
        round_id=row.round_id,
        application_id=key,
        facility_code=row.facility_code,
        reason=said,
        recorded_by=by,
        recorded_at=at,
    )
    leave_trace(
        actor_of(by),
        "allocation.seat_declined",
        subject_of(found),
        at=at,
        note={"facility": row.facility_code},
    )


def _decided(rounds: QuerySet[Round], number: str) -> Placement:
    rows = Placement.objects.filter(
        round__in=rounds, round__state=RoundState.SETTLED, application__number=number
    )
    row = rows.order_by("-round__sequence").first()
    if row is None:
        raise DeclineFaulty("受付番号", f"「{number[:20]}」は、この期間に決定した申請にありません。")
    if Decline.objects.filter(application_id=row.application_id).exists():
        raise DeclineFaulty("受付番号", f"「{number[:20]}」の辞退は、もう記録してあります。")
    return row


@transaction.atomic
def open_again(*, round_id: int, by: Staff, at: datetime) -> RoundView:
    """A further round after a settled one, with its version, its seats and everybody's standing. A second press finds it.

    Refused: NotAllowed, NotFound, WrongState (the last round is not settled).
    """
    require_power(by, at)
    found = round_for_update(round_id)
    later = Round.objects.filter(
        procedure=found.procedure, period_code=found.period_code, sequence=found.sequence + 1
    ).first()
    if later is not None:
        return round_view(later)
    if not may_open_again(found):
        raise WrongState(RoundState(found.state), "再調整を始める")
    opened = Round.objects.create(
        procedure=found.procedure,
        period_code=found.period_code,
        version_id=found.version_id,
        sequence=found.sequence + 1,
    )
    _copy_seats(found, opened)
    leave_trace(
        actor_of(by), "allocation.opened", subject_of(opened), at=at, note={"sequence": opened.sequence}
    )
    return round_view(opened)


def _copy_seats(found: Round, opened: Round) -> None:
    rows = list(found.seats.all())
    for row in rows:
        row.pk, row.round = None, opened
        row._state.adding = True
    RoundSeat.objects.bulk_create(rows)
