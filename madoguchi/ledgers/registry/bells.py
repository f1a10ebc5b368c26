"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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


@dataclass(frozen=True)
class Joined:
    """Two visitors of the portal turned out to be one person; what hung on `former` belongs to `visitor`.

    Rung with full sight.
    """

    former: UUID
    visitor: UUID
    at: datetime
    by: Actor


protection_changed: Bell[ProtectionChanged] = Bell("registry.protection_changed")
joined: Bell[Joined] = Bell("registry.joined")
