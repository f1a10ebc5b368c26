"""What the registry tells the rooms above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Actor


@dataclass(frozen=True)
class Joined:
    """Two visitors of the portal turned out to be one person; what hung on `former` belongs to `visitor`."""

    former: UUID
    visitor: UUID
    at: datetime
    by: Actor


joined: Bell[Joined] = Bell("registry.joined")
