"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import ControlResult


@dataclass(frozen=True)
class Found:
    """An exception that was not there before: a violated control, or one that could not be run. `case` is how people call it."""

    finding_id: int
    subject: Subject
    case: str
    section_id: int
    procedure: str
    control: str
    label: str
    result: ControlResult
    sentence: str
    at: datetime


found: Bell[Found] = Bell("controls.found")
