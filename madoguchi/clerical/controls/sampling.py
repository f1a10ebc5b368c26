"""Drawing a sample so that anybody can draw it again: pure, whole numbers and SHA-256 only.

The list is put in the order of kind and key and hashed. Each case gets a ticket, the hash of seed, list and case. A random
sample takes the lowest tickets; a risk-based one takes the highest points, equal ones by ticket.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from madoguchi.clerical.controls.states import SampleKind

DEFAULT_SIZE = 10
"""Cases a month (internal_control.csv IC33: 月10件)."""
MOST = 500
HIGH_SHARE = 10
"""At most a tenth of the amounts counts as high where nobody names a sum."""


@dataclass(frozen=True)
class Weights:
    """What makes a case risky, and how much each counts. They are kept with the sample and shown."""

    high_amount: int = 3
    high_amount_from: int | None = None
    near_deadline: int = 2
    near_deadline_days: int = 5
    override_used: int = 4

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Traits:
    """What is known of a case that a risk-based sample weighs."""

    kind: str
    id: str
    label: str
    amount: int | None = None
    days_left: int | None = None
    override_used: bool = False


@dataclass(frozen=True)
class Candidate:
    """A case of the list with its points and their reasons."""

    kind: str
    id: str
    label: str
    points: int = 0
    reasons: tuple[str, ...] = ()


def high_amount(amounts: Iterable[int]) -> int | None:
    """The lowest sum that no more than a tenth of the amounts reach; None where there is no such sum."""
    ordered = sorted(amounts, reverse=True)
    most = max(len(ordered) // HIGH_SHARE, 1)
    reached = {amount: place for place, amount in enumerate(ordered, start=1)}
    return min((amount for amount, count in reached.items() if count <= most), default=None)


def weighed(traits: Traits, weights: Weights) -> Candidate:
    """A case with the points of everything that holds for it."""
    limit, amount, left = weights.high_amount_from, traits.amount, traits.days_left
    told = [
        (weights.high_amount, limit is not None and amount is not None and amount >= limit, "高額"),
        (weights.near_deadline, left is not None and left <= weights.near_deadline_days, "期限間際"),
        (weights.override_used, traits.override_used, "例外を使用"),
    ]
    held = [(points, reason) for points, holds, reason in told if holds and points]
    reasons = tuple(f"{reason} {points}" for points, reason in held)
    return Candidate(traits.kind, traits.id, traits.label, sum(points for points, _ in held), reasons)


def list_lines(candidates: Iterable[Candidate]) -> list[str]:
    """The list as it is hashed: kind, key and points, tab between them, in the order of kind and key."""
    return sorted(f"{each.kind}\t{each.id}\t{each.points}" for each in candidates)


def list_sha256(candidates: Iterable[Candidate]) -> str:
    return hashlib.sha256("\n".join(list_lines(candidates)).encode()).hexdigest()


def ticket(seed: str, list_hash: str, kind: str, key: str) -> str:
    """The lot of one case: SHA-256 over seed, hash of the list, kind and key, a line each."""
    return hashlib.sha256("\n".join([seed, list_hash, kind, key]).encode()).hexdigest()


def drawn(candidates: Sequence[Candidate], kind: SampleKind, seed: str, size: int) -> list[Candidate]:
    """The cases a seed draws from a list, in the order of the draw; the same for the same list in any order."""
    hashed = list_sha256(candidates)
    risky = [each for each in candidates if each.points or kind == SampleKind.RANDOM]

    def lot(each: Candidate) -> tuple[int, str]:
        points = each.points if kind == SampleKind.RISK else 0
        return -points, ticket(seed, hashed, each.kind, each.id)

    return sorted(risky, key=lot)[:size]
