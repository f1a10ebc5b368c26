"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Actor, Subject


@dataclass(frozen=True)
class Settled:
    """A draft was approved, sent back, taken back or rejected. `subject` is what it was about."""

    draft_id: int
    state: DraftState
    subject: Subject
    at: datetime
    by: Actor


settled: Bell[Settled] = Bell("decisions.settled")
