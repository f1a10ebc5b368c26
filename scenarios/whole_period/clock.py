"""How long each part of a story takes."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass
class Clock:
    """How long each part of the story took, in seconds of this machine."""

    began: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, part: str, work: Callable[[], Answer]) -> Answer:
        """Do the work, keep its seconds and say them."""
        began = time.monotonic()
        try:
            return work()
        finally:
            self.seconds[part] = round(time.monotonic() - began, 1)
            print(f"{part}: {self.seconds[part]} s", file=sys.stderr, flush=True)

    @property
    def figures(self) -> dict[str, object]:
        """The seconds altogether and by part."""
        return {"seconds": round(time.monotonic() - self.began, 1), "seconds_by_part": self.seconds}
