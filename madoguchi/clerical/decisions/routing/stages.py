"""The route of a draft as values: its stages and seats, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StageKind(StrEnum):
    """経由: a superior on the way; 合議: other sections, side by side; 決裁: the decision itself."""

    LINE = "line"
    CONSULT = "consult"
    DECIDE = "decide"


class Capacity(StrEnum):
    """本人: for oneself; 代決: for an absent decider; 引上げ: the superior decides for an absent 係長."""

    OWN = "own"
    SUBSTITUTE = "substitute"
    PULLED_UP = "pulled_up"


STAGE_WORDS = {StageKind.LINE: "経由", StageKind.CONSULT: "合議", StageKind.DECIDE: "決裁"}
CAPACITY_WORDS = {Capacity.OWN: "本人", Capacity.SUBSTITUTE: "代決", Capacity.PULLED_UP: "引上げ"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One signature: the post, as what it signs, and the post it replaces ("" when none)."""

    post: str
    capacity: Capacity = Capacity.OWN
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Seats that are asked at the same time; the next stage begins when all have signed."""

    kind: StageKind
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Who signs, from the first stage to the decision.

    `decider` is the post in whose power the decision lies, also when a substitute signs: it then has the
    decider's effect. `later_look` names who sees the paper afterwards (後閲), highest first; `council` what the
    assembly still has to do; `reasons` explains each turn the plain line would not take.
    """

    row_id: str
    decider: str
    stages: tuple[Stage, ...]
    later_look: tuple[str, ...] = ()
    council: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody may decide today: whose decision is waited for, why, and what can be done."""

    row_id: str
    decider: str
    reason: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no route for this matter as it stands: why, and what to put right first."""

    reason: str
    way_out: str


def written(route: Route) -> str:
    """The route in one line: 係長>課長>[契約課長+財政課長]>部長; a substitute is marked 課長補佐(代決)."""
    return ">".join(_stage_written(stage) for stage in route.stages)


def _stage_written(stage: Stage) -> str:
    seats = "+".join(_seat_written(seat) for seat in stage.seats)
    return f"[{seats}]" if stage.kind == StageKind.CONSULT else seats


def _seat_written(seat: Seat) -> str:
    # Who is pulled up decides as the holder of a power of one's own and needs no mark.
    return f"{seat.post}(代決)" if seat.capacity == Capacity.SUBSTITUTE else seat.post
