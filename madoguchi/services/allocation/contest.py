"""Who competes for which seats: plain facts that placing, checking and explaining share. No rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from .joint_wishes import WishKind

Rank = tuple[int, Decimal, tuple[float, ...], int, str]
"""Smaller goes first: phase (0 for a waiver), minus the total, tie facts, lottery number, own id."""
EVERYBODY = "all"
"""The class of a facility whose seats are not divided by age."""
Pool = tuple[str, str]
"""Seats that are given out together: the code of a facility, and its class or its joint classes (`4+5`)."""


def seat_key(pool: Pool) -> str:
    """A pool as one text, for forms and files: `club01`, `n01/1`, `n04/4+5`."""
    code, label = pool
    return code if label == EVERYBODY else f"{code}/{label}"


def class_name(label: str) -> str:
    """The Japanese name of a class or of joint classes; blank where there are none."""
    return "" if label in ("", EVERYBODY) else f"{label.replace('+', '・')}歳児クラス"


@dataclass(frozen=True, slots=True)
class Quota:
    """枠. So many seats of a pool only for children who name this key among theirs."""

    key: str
    pool: Pool
    seats: int
    name: str


@dataclass(frozen=True)
class Seats:
    """The seats of a contest, those that children hold and those of quotas already included."""

    by_pool: Mapping[Pool, int]
    quotas: tuple[Quota, ...] = ()

    @classmethod
    def of(cls, told: Seats | Mapping[str, int]) -> Seats:
        """Seats as they are; a number for each facility is a contest without classes."""
        if isinstance(told, Seats):
            return told
        return cls({(code, EVERYBODY): count for code, count in told.items()})

    @cached_property
    def by_class(self) -> Mapping[tuple[str, str], Pool]:
        """The pool in which a class of a facility has its seats."""
        return {(code, each): (code, label) for code, label in self.by_pool for each in label.split("+")}

    def pool(self, code: str, age_class: str) -> Pool | None:
        """Where a child of this class has a seat at a facility; None when there is no such class."""
        return self.by_class.get((code, age_class))


@dataclass(frozen=True, slots=True)
class Child:
    """One applicant. ranks holds a rank for each wished facility; family is blank for a child alone; held: the
    wished facility where a seat was given by hand; present: the facility whose seat the child has now (転園), which it
    keeps until a wish is met; settled: the seat was given by a round before;
    quotas: keys of the quotas (枠) whose condition the child meets."""

    id: str
    wishes: tuple[str, ...]
    ranks: Mapping[str, Rank]
    eligible: bool = True
    family: str = ""
    together: WishKind = WishKind.EITHER
    held: str = ""
    age_class: str = EVERYBODY
    present: str = ""
    settled: bool = False
    quotas: frozenset[str] = frozenset()

    @property
    def keeps(self) -> str:
        """The facility whose seat nobody can take from this child."""
        return self.held or self.present


@dataclass(frozen=True)
class Placing:
    """Where everybody is: facility by child, of those with a seat, be it the one they had; set_aside: why the wish of a family
    could not be met, by child; proof: `optimal` or `bound`; blocking: families who could rightly claim a seat,
    where no outcome without such families exists."""

    facility: dict[str, str]
    set_aside: dict[str, str] = field(default_factory=dict)
    proof: str = "optimal"
    blocking: tuple[str, ...] = ()
    first: Mapping[str, str] = field(default_factory=dict)
    """Where everybody was before the unused seats of quotas were given out: keys of quotas or facilities."""
    by_quota: Mapping[str, str] = field(default_factory=dict)
    """The name of the quota whose seat a child has, by child."""


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
