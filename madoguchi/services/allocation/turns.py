"""空き枠の再調整: the rounds of one period after each other. Who takes part in a further one, and who has which seat by then.

Nobody ever loses a seat: whoever was placed before and has not declined keeps the place, whoever asked for a transfer in vain
the one it had. Questions only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.seat_rules import Again
from madoguchi.services.allocation.models import Decline, Placement, Round
from madoguchi.services.allocation.standing import NOBODY, Former, Standing
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.applications.queries import (
    accepted_for_allocation,
    candidates,
    waiting_for_allocation,
)


def standings(found: Round) -> dict[int, Standing]:
    """Where each application stands by the settled rounds before this one, by its key."""
    declined = set(Decline.objects.filter(round__in=_before(found)).values_list("application_id", flat=True))
    rows = Placement.objects.filter(round__in=_before(found)).order_by("round__sequence")
    told = rows.values_list("application_id", "outcome", "facility_code", "wish_rank")
    return {pk: Standing(outcome, code, rank, pk in declined) for pk, outcome, code, rank in told}


def _before(found: Round) -> Any:
    return Round.objects.filter(
        procedure=found.procedure,
        period_code=found.period_code,
        sequence__lt=found.sequence,
        state=RoundState.SETTLED,
    )


def participants(found: Round) -> list[Any]:
    """Who competes: everybody accepted; in a further round also who waits, and by `improve` who may come off better."""
    accepted = list(accepted_for_allocation(found.procedure, found.period_code))
    if found.sequence == 1:
        return accepted
    waiting = waiting_for_allocation(found.procedure, found.period_code)
    told = {each.application_id: each for each in (*accepted, *waiting)}
    if again_of(found) == Again.IMPROVE:
        better = [
            pk for pk, standing in standings(found).items() if standing.seated and standing.wish_rank != 1
        ]
        told |= {each.application_id: each for each in candidates(better)}
    return [told[pk] for pk in sorted(told)]


def again_of(found: Round) -> Again:
    """Who takes part in a further round, by the package."""
    scoring = package_of(found.version_id).package.scoring
    return scoring.seats.again if scoring else Again.KEEP


def former_of(found: Round, competing: Iterable[Any]) -> Former:
    """What the rounds before leave to this one."""
    if found.sequence == 1:
        return NOBODY
    told = standings(found)
    present = {each.application_id: each.number for each in competing}
    others = tuple(candidates([pk for pk in told if pk not in present]))
    numbers = present | {each.application_id: each.number for each in others}
    return Former(others, {numbers[pk]: standing for pk, standing in told.items() if pk in numbers})


def changed_by(found: Round, rows: Iterable[Placement]) -> list[Placement]:
    """The placements of a further round that say something else than the rounds before."""
    told = standings(found)
    return [row for row in rows if _is_new(told.get(row.application_id), row)]


def _is_new(standing: Standing | None, row: Placement) -> bool:
    return standing is None or (standing.outcome, standing.facility) != (row.outcome, row.facility_code)


def letter_kind(found: Round, *, decided_before: bool) -> str:
    """The kind of the letter of this round: a second decision on a case has a letter of its own."""
    return f"decision-{found.sequence}" if decided_before else "decision"


def turn_name(sequence: int) -> str:
    """What titles say of a further round; nothing of the first."""
    return "" if sequence == 1 else f"（{sequence}回目・空き枠の再調整）"


def may_open_again(found: Round) -> bool:
    """Whether a further round may follow: the last one of its period is settled."""
    later = Round.objects.filter(
        procedure=found.procedure, period_code=found.period_code, sequence__gt=found.sequence
    )
    return found.state == RoundState.SETTLED and not later.exists()
