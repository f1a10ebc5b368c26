"""What the rounds before leave to a further one: plain facts, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """What the rounds before say of one application. declined: the family gave the seat, or the waiting, up."""

    outcome: str
    facility: str
    wish_rank: int | None
    declined: bool = False

    @property
    def seated(self) -> bool:
        """Whether a seat that was given is still taken."""
        return bool(self.facility) and not self.declined


@dataclass(frozen=True)
class Former:
    """The applicants of the rounds before who take no part any more, and where every former one stands."""

    others: tuple[Any, ...]
    standing: dict[str, Standing]
    """By receipt number."""


NOBODY = Former((), {})
