"""Bells: how a lower room tells upper rooms that something has happened, without knowing who listens.

The lower room owns the bell in its `bells.py` and rings it inside its own transaction. An upper room
answers in its `actions.py`. Answers run in the order given; one that raises stops the act that rang.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Event = TypeVar("Event")

_bells: dict[str, "Bell[Any]"] = {}


class Bell(Generic[Event]):
    """One named happening with one typed event: `settled: Bell[Draft] = Bell("decisions.settled")`."""

    def __init__(self, name: str) -> None:
        if name in _bells:
            raise ValueError(f"two bells are called {name!r}")
        self.name = name
        self._answers: list[Callable[[Event], None]] = []
        _bells[name] = self

    def answer(self, hear: Callable[[Event], None]) -> Callable[[Event], None]:
        """Decorator: call this function at each ring. Answering twice with one function counts once."""
        if hear not in self._answers:
            self._answers.append(hear)
        return hear

    def ring(self, event: Event) -> None:
        """Tell every answer, in order and at once."""
        for hear in tuple(self._answers):
            hear(event)

    @property
    def answers(self) -> tuple[str, ...]:
        """Dotted names of the answers in their order, for the list in docs/reference/bells.md."""
        return tuple(f"{hear.__module__}.{hear.__qualname__}" for hear in self._answers)

    def __repr__(self) -> str:
        return f"Bell({self.name!r})"


def all_bells() -> tuple[Bell[Any], ...]:
    """Every bell of the rooms loaded so far, by name."""
    return tuple(_bells[name] for name in sorted(_bells))
