"""What this room announces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def nobody_asks(part: int, whole: int) -> None:
    """How far an answer is, where no page shows it."""


@dataclass(frozen=True)
class Settled:
    """A draft was approved, sent back, taken back or rejected. `subject` is what it was about.

    Rung with the press, or for a large approved draft by the worker that carries it out. An answer that takes long
    may `tell` how much of how much it has moved, for the bar on the page of the draft.
    """

    draft_id: int
    state: DraftState
    subject: Subject
    at: datetime
    by: Actor
    tell: Callable[[int, int], None] = nobody_asks


@dataclass(frozen=True)
class WaitsLong:
    """A step has held a draft up for longer than the town lets pass; `approver` is reminded of it."""

    draft_id: int
    number: str
    step_id: int
    approver: Staff
    since: datetime
    at: datetime


settled: Bell[Settled] = Bell("decisions.settled")
waits_long: Bell[WaitsLong] = Bell("decisions.waits_long")
