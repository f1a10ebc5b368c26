"""How long may be searched: until a moment at the latest, and by how much work of the solver."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limit:
    """until: a moment of the monotonic clock. effort: about a second of CP-SAT for each goal, counted in its own steps.

    The same effort ends at the same step on a slow machine and a fast one, so the outcome is the same; the moment only
    ends what takes too long.
    """

    until: float
    effort: float = float("inf")

    def left(self) -> float:
        """Seconds."""
        return self.until - time.monotonic()

    def over(self) -> bool:
        """Whether the moment has come."""
        return self.left() < 0

    def with_effort(self, effort: float) -> Limit:
        """The same moment, less work."""
        return replace(self, effort=effort)
