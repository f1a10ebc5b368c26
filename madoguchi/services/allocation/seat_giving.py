"""Entering the seats of a round, all rows or none, and taking one back. Part of actions.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.services.allocation.computing import require_power, round_for_update, subject_of
from madoguchi.services.allocation.errors import SeatFault, SeatsFaulty, WrongState
from madoguchi.services.allocation.models import Round, RoundSeat
from madoguchi.services.allocation.seat_queries import row_of
from madoguchi.services.allocation.seat_rules import CLASS, SeatRow
from madoguchi.services.allocation.states import RoundState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def give_seats(*, round_id: int, rows: Sequence[SeatRow], by: Staff, at: datetime) -> int:
    """Enter rows that were read (seat_rules.py); the others stay. How many were new or changed, each in the trace.

    Refused: NotAllowed, NotFound, WrongState (the list is with the approver).
    """
    found = _open_round(round_id, by, at)
    former = {(seat.facility_code, seat.age_class): row_of(seat) for seat in found.seats.all()}
    changed = [row for row in rows if former.get((row.facility, row.age_class)) != row]
    for row in changed:
        RoundSeat.objects.update_or_create(
            round=found,
            facility_code=row.facility,
            age_class=row.age_class,
            defaults={**_columns(row), "given_by": by, "given_at": at},
        )
    notes = [_note(row, former.get((row.facility, row.age_class)), row) for row in changed]
    _trace(found, notes, by, at)
    return len(changed)


@transaction.atomic
def clear_seats(*, round_id: int, facility: str, age_class: str, by: Staff, at: datetime) -> None:
    """Take a row back: the facility's own seats count again. Refused: NotAllowed, NotFound, WrongState, SeatsFaulty."""
    found = _open_round(round_id, by, at)
    seat = found.seats.filter(facility_code=facility, age_class=age_class).first()
    if seat is None:
        raise SeatsFaulty(
            [SeatFault(facility[:20], CLASS, "この回の席は入っていません。", "画面を読み直してください。")]
        )
    row = row_of(seat)
    seat.delete()
    _trace(found, [_note(row, row, None)], by, at)


def _open_round(round_id: int, by: Staff, at: datetime) -> Round:
    require_power(by, at)
    found = round_for_update(round_id)
    if found.state not in {RoundState.OPEN, RoundState.COMPUTED}:
        raise WrongState(RoundState(found.state), "席を変える")
    return found


def _columns(row: SeatRow) -> dict[str, Any]:
    return {
        "capacity": row.capacity,
        "staying": row.staying,
        "staff": row.staff,
        "floor": row.floor,
        "ratio": row.ratio,
    }


def _note(row: SeatRow, before: SeatRow | None, after: SeatRow | None) -> dict[str, Any]:
    return {
        "facility": row.facility,
        "class": row.age_class,
        "before": before.as_note() if before else None,
        "after": after.as_note() if after else None,
    }


def _trace(found: Round, notes: list[dict[str, Any]], by: Staff, at: datetime) -> None:
    if notes:
        leave_traces(
            actor_of(by), "allocation.seats_given", [(subject_of(found), note) for note in notes], at=at
        )
