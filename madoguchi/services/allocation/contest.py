"""Who competes for which seats: plain facts that placing, checking and explaining share. No rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .joint_wishes import WishKind

Rank = tuple[int, Decimal, tuple[float, ...], int, str]
"""Smaller goes first: phase (0 for a waiver), minus the total, tie facts, lottery number, own id."""


@dataclass(frozen=True, slots=True)
class Child:
    """One applicant. ranks holds a rank for each wished facility; family is blank for a child alone; held: the
    wished facility where a seat was given by hand."""

    id: str
    wishes: tuple[str, ...]
    ranks: Mapping[str, Rank]
    eligible: bool = True
    family: str = ""
    together: WishKind = WishKind.EITHER
    held: str = ""


@dataclass(frozen=True)
class Placing:
    """Where everybody is: facility by child, only of those with a seat; set_aside: why the wish of a family
    could not be met, by child; proof: `optimal` or `bound`; blocking: families who could rightly claim a seat,
    where no outcome without such families exists."""

    facility: dict[str, str]
    set_aside: dict[str, str] = field(default_factory=dict)
    proof: str = "optimal"
    blocking: tuple[str, ...] = ()


def rank(
    child_id: str, *, phase: int, total: Decimal, tie: Iterable[float], lottery: int, waiver: bool = False
) -> Rank:
    """The rank of a child at one facility. A waiver goes before every phase."""
    return (0 if waiver else phase, -total, tuple(tie), lottery, child_id)


def families(children: Iterable[Child]) -> dict[str, list[Child]]:
    """Families of whom two or more children apply in this round."""
    found: dict[str, list[Child]] = {}
    for child in children:
        if child.family:
            found.setdefault(child.family, []).append(child)
    return {key: members for key, members in found.items() if len(members) > 1}
