"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Actor


@dataclass(frozen=True)
class ProtectionChanged:
    """Residents came under a protection unit or left it. Rung with full sight."""

    unit_id: int
    joined: tuple[int, ...]
    left: tuple[int, ...]
    by: Actor
    at: datetime


protection_changed: Bell[ProtectionChanged] = Bell("registry.protection_changed")
