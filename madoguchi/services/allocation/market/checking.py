"""The independent checker: is a result allowed, and which families could rightly claim something better?

It knows the format and nothing else: no line of it is shared with the solver, so that nobody has to believe the solver. It
sorts the children of each pool of seats once and then looks at each wish once: near-linear in the wishes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .interchange import Facility, Family, Instance, Wish

Pool = tuple[str, str]
"""A facility, and the class that stands for its group: the first of a shared group, or the class itself."""

BEFORE_ALL = -1


@dataclass(frozen=True, slots=True)
class Block:
    """A family that could rightly claim a better wish, and the best such wish (number counts from 1)."""

    family: str
    number: int
    wish: Wish


@dataclass
class Finding:
    """violations: sentences about what is not allowed at all. blocking: one line for each family."""

    placed: int = 0
    bound: int = 0
    violations: list[str] = field(default_factory=list)
    blocking: list[Block] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.violations and not self.blocking


def check(instance: Instance, placed: Mapping[str, str]) -> Finding:
    """Seats, wishes, held seats and blocking families of a result, whoever made it."""
    return _Check(instance, placed).run()


class _Check:
    def __init__(self, instance: Instance, placed: Mapping[str, str]) -> None:
        self.instance, self.placed = instance, placed
        self.finding = Finding(placed=len(placed))
        self.age = {child.id: child.age for child in instance.children}
        self.initial = {child.id: child.initial for child in instance.children}
        self.seats: dict[Pool, int] = {}
        self.pool: dict[Pool, Pool] = {}
        for facility in instance.facilities:
            self._pools_of(facility)
        self.place = {
            facility: {child: number for number, tier in enumerate(tiers) for child in tier}
            for facility, tiers in instance.priorities.items()
        }
        self.at: dict[Pool, list[int]] = defaultdict(list)

    def _pools_of(self, facility: Facility) -> None:
        for group in facility.shared:
            for age in group:
                self.pool[facility.id, age] = (facility.id, group[0])
        for age, count in facility.seats.items():
            pool = self.pool.setdefault((facility.id, age), (facility.id, age))
            self.seats[pool] = self.seats.get(pool, 0) + count

    def run(self) -> Finding:
        self._seat_everybody()
        self._count_seats()
        self.finding.bound = self._bound()
        for family in self.instance.families:
            self._look_at(family)
        self.finding.blocking.sort(key=lambda block: block.family)
        return self.finding

    def _seat_everybody(self) -> None:
        for child, facility in sorted(self.placed.items()):
            pool = self.pool.get((facility, self.age.get(child, "")))
            if child not in self.age:
                self.finding.violations.append(f"子ども「{child}」は申込みにありません。")
            elif pool is None:
                self.finding.violations.append(
                    f"施設「{facility}」に子ども「{child}」のクラスの席がありません。"
                )
            else:
                self.at[pool].append(self._rank(child, facility))
        for ranks in self.at.values():
            ranks.sort()

    def _rank(self, child: str, facility: str) -> int:
        """Held seats first, then the tiers; who is in no tier comes last."""
        if self.initial[child] == facility:
            return BEFORE_ALL
        places = self.place.get(facility, {})
        return places.get(child, len(self.age))

    def _count_seats(self) -> None:
        for pool, ranks in sorted(self.at.items()):
            if len(ranks) > self.seats[pool]:
                self.finding.violations.append(
                    f"施設「{pool[0]}」のクラス「{pool[1]}」は{self.seats[pool]}席ですが、{len(ranks)}人います。"
                )

    def _bound(self) -> int:
        """More can never be placed: no pool holds more than its seats or than those who could come."""
        coming: dict[Pool, set[str]] = defaultdict(set)
        children: set[str] = set()
        for family in self.instance.families:
            stay = [self.initial[child] for child in family.children]
            for wish in (*family.wishes, stay):
                for child, facility in zip(family.children, wish, strict=True):
                    if facility is not None:
                        coming[self.pool[facility, self.age[child]]].add(child)
                        children.add(child)
        return min(len(children), sum(min(self.seats[pool], len(who)) for pool, who in coming.items()))

    def _look_at(self, family: Family) -> None:
        got = tuple(self.placed.get(child) for child in family.children)
        stay = tuple(self.initial[child] for child in family.children)
        reached = next((number for number, wish in enumerate(family.wishes) if wish == got), None)
        if reached is None:
            reached = len(family.wishes)
            if got != stay:
                self._not_wished(family, got, stay)
        for number in range(reached):
            if self._could_claim(family, family.wishes[number], got):
                self.finding.blocking.append(Block(family.id, number + 1, family.wishes[number]))
                return

    def _not_wished(self, family: Family, got: Wish, stay: Wish) -> None:
        for child, facility, held in zip(family.children, got, stay, strict=True):
            if held is not None and facility is None:
                self.finding.violations.append(
                    f"家族「{family.id}」の子ども「{child}」が、在籍する施設「{held}」の席を失っています。"
                )
        told = "、".join(
            f"{child}={facility or 'なし'}" for child, facility in zip(family.children, got, strict=True)
        )
        self.finding.violations.append(f"家族「{family.id}」の結果（{told}）は、どの希望とも違います。")

    def _could_claim(self, family: Family, wish: Wish, got: Sequence[str | None]) -> bool:
        """The definition of blocking, for one wish."""
        here: dict[Pool, list[int]] = defaultdict(list)
        for child, facility in zip(family.children, wish, strict=True):
            if facility is not None:
                here[self.pool[facility, self.age[child]]].append(self._rank(child, facility))
        for pool, ranks in here.items():
            lowest = max(ranks)
            others = bisect_right(self.at.get(pool, ()), lowest)
            if len(ranks) + others > self.seats[pool]:
                others -= self._own(family, got, pool, lowest)
                if len(ranks) + others > self.seats[pool]:
                    return False
        return True

    def _own(self, family: Family, got: Sequence[str | None], pool: Pool, lowest: int) -> int:
        """Own children sitting there now do not stand in the way."""
        return sum(
            facility is not None
            and self.pool.get((facility, self.age[child])) == pool
            and self._rank(child, facility) <= lowest
            for child, facility in zip(family.children, got, strict=True)
        )
