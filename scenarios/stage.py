"""The stage on which a scenario plays: a database of its own, the real pages, a real worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Size = Literal["small", "full"]


@dataclass(frozen=True)
class Stage:
    """`turn_to(day)` starts pages and worker on that day of the story and returns the portal's address."""

    size: Size
    turn_to: Callable[[date], str]
