"""What others did to a case: since one last looked, since a page was opened, and who has it open. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LOOKS = (
    "applications.looked_at",
    "notices.held_looked_at",
    "documents.opened",
    "notices.read",
    "notices.looked_at",
)
SITTING = timedelta(minutes=30)
"""Looks closer together than this are one sitting."""
OPEN_FOR = timedelta(minutes=10)
"""Whoever looked within this time may still have the page open."""


@dataclass(frozen=True)
class Present:
    """A colleague who opened the case a moment ago."""

    name: str
    minutes: int


def last_sitting(timeline: Iterable[Any], staff_id: int, at: datetime) -> datetime | None:
    """When this person last looked before the present sitting; in a first sitting when it began; None at first."""
    former, mine = at, None
    for row in timeline:
        if row.actor_id == str(staff_id) and row.actor_kind == "staff" and row.verb in LOOKS:
            mine = row.at
            if former - row.at > SITTING:
                return mine
            former = row.at
    return mine


def since(timeline: Iterable[Any], staff_id: int, moment: datetime | None) -> list[Any]:
    """What others did after a moment, the newest first; looks are no change."""
    if moment is None:
        return []
    return [
        row
        for row in timeline
        if row.at >= moment
        and row.verb not in LOOKS
        and (row.actor_kind, row.actor_id) != ("staff", str(staff_id))
    ]


def present(timeline: Iterable[Any], staff_id: int, at: datetime) -> list[Present]:
    """Colleagues who have looked within the last minutes, and since when."""
    began: dict[tuple[str, str], datetime] = {}
    for row in timeline:
        if at - row.at > OPEN_FOR:
            break
        looked = row.actor_kind == "staff" and row.verb == "applications.looked_at"
        if looked and row.actor_id != str(staff_id):
            began[row.actor_id, row.actor_name] = row.at
    return [Present(name, int((at - when).total_seconds() // 60)) for (_, name), when in began.items()]
