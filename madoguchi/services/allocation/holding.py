"""個別に決めた席: a seat given by hand before the round is computed, and taken back. Part of actions.py.

Such a seat is no secret: it stands on the round's page with its reason, its number in the draft that decides the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.computing import contest_for, require_power, round_for_update
from madoguchi.services.allocation.errors import SeatFaulty, WrongState
from madoguchi.services.allocation.models import HeldSeat, Round
from madoguchi.services.allocation.rules import Contest
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.turns import participants

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

MOST_LETTERS = 200


@transaction.atomic
def hold_seat(
    *, round_id: int, number: str, facility_code: str, reason: str, by: Staff, at: datetime
) -> None:
    """Give a child the seat of a wished facility by hand. The next computation leaves it there.

    Refused: NotAllowed, NotFound, WrongState (the list is with the approver), SeatFaulty: no accepted application of
    that number, a facility the child does not wish or without its class, no reason, no seat left to give by hand.
    """
    found = _open_round(round_id, by, at)
    everybody = participants(found)
    child = _child(everybody, number.strip())
    said = reason.strip()[:MOST_LETTERS]
    if not said:
        raise SeatFaulty("理由", "理由がありません。", "なぜ順位によらず決めるのかを書いてください。")
    _require_wished(found, child, facility_code)
    contest = contest_for(found, package_of(found.version_id).package, everybody)
    _require_room(found, contest, child, facility_code)
    HeldSeat.objects.update_or_create(
        round=found,
        application_id=child.application_id,
        defaults={
            "facility_code": facility_code,
            "age_class": contest.class_of[child.number],
            "reason": said,
            "decided_by": by,
            "decided_at": at,
        },
    )
    _trace("allocation.seat_held", child.application_id, facility_code, said, by, at)


@transaction.atomic
def release_seat(*, round_id: int, number: str, by: Staff, at: datetime) -> None:
    """Take back a seat given by hand; the child competes again. Refused: NotAllowed, NotFound, WrongState, SeatFaulty."""
    found = _open_round(round_id, by, at)
    held = HeldSeat.objects.filter(round=found, application__number=number.strip()).first()
    if held is None:
        raise SeatFaulty("受付番号", f"「{number[:20]}」に個別に決めた席はありません。")
    _trace("allocation.seat_released", held.application_id, held.facility_code, held.reason, by, at)
    held.delete()


def _open_round(round_id: int, by: Staff, at: datetime) -> Round:
    require_power(by, at)
    found = round_for_update(round_id)
    if found.state not in {RoundState.OPEN, RoundState.COMPUTED}:
        raise WrongState(RoundState(found.state), "席を個別に決める")
    return found


def _child(everybody: Iterable[Any], number: str) -> Any:
    for each in everybody:
        if each.number == number:
            return each
    raise SeatFaulty("受付番号", f"「{number[:20]}」は、受理された申請にありません。")


def _require_wished(found: Round, child: Any, code: str) -> None:
    package = package_of(found.version_id).package
    if package.facility(code) is None or package.scoring is None:
        raise SeatFaulty("施設", f"「{code[:20]}」という施設はありません。")
    if code not in (child.answers.get(package.scoring.wishes) or []):
        raise SeatFaulty(
            "施設", "このお子さんの希望にない施設です。", "先に、本人に希望を直してもらってください。"
        )


def _require_room(found: Round, contest: Contest, child: Any, code: str) -> None:
    pool = contest.seats.pool(code, contest.class_of[child.number])
    if pool is None:
        raise SeatFaulty(
            "施設", "この施設に、お子さんのクラスがありません。", "クラスのある施設にしてください。"
        )
    others = HeldSeat.objects.filter(round=found, facility_code=code).exclude(
        application_id=child.application_id
    )
    held = sum(contest.seats.pool(code, seat.age_class) == pool for seat in others)
    if held >= contest.open_at(pool):
        raise SeatFaulty(
            "施設", "個別に決められる席が、定員まで埋まっています。", "ほかの施設にしてください。"
        )


def _trace(verb: str, application_id: int, code: str, reason: str, by: Staff, at: datetime) -> None:
    subject = Subject("applications.application", str(application_id))
    leave_trace(actor_of(by), verb, subject, at=at, purpose=reason, note={"facility": code})
