"""An instance in numbers: pools of seats, families, and what each of their wishes asks of which pool.

Everything is numbered in the order of the ids, so that the order of rows in a file can change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .interchange import Family, Instance, Wish

HELD = 0
"""The rank of a child at the facility whose seat it holds: before everybody. The first tier is 1."""

Demand = tuple[int, int, int]
"""Pool, own children there, and the rank of the lowest of them."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A child that could be at a pool, and its rank there. Smaller goes first."""

    child: int
    family: int
    pool: int
    rank: int


@dataclass(frozen=True, slots=True)
class Option:
    """One joint wish, or staying as now: the edges it uses, what it demands of each pool, and how it is written."""

    edges: tuple[int, ...]
    demands: tuple[Demand, ...]
    wish: Wish


@dataclass
class Market:
    """options[family][wish]; the last one is staying as now, which is always open.

    written: by family, at which place of a wish each of its children stands; children are in the order of their ids.
    """

    seats: list[int] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    members: list[tuple[int, ...]] = field(default_factory=list)
    written: list[list[int]] = field(default_factory=list)
    options: list[list[Option]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    by_pool: list[list[int]] = field(default_factory=list)
    most_of_a_family: list[int] = field(default_factory=list)

    def placed(self, family: int, option: int) -> int:
        """How many children of the family have a seat by this wish."""
        return len(self.options[family][option].edges)

    def facility(self, family: int, option: int, child: int) -> str:
        """Where a child is by a wish that gives it a seat."""
        place = self.written[family][child - self.members[family][0]]
        found = self.options[family][option].wish[place]
        if found is None:
            raise LookupError(f"{self.children[child]} has no seat by this wish")
        return found


class _Builder:
    """Numbers handed out as the families are walked through."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.market = Market()
        self.pools: dict[tuple[str, str], int] = {}
        self.edge_numbers: dict[tuple[int, int], int] = {}
        self.facts = {child.id: child for child in instance.children}
        self.ranks = _ranks(instance)

    def build(self) -> Market:
        self._number_pools()
        for family in sorted(self.instance.families, key=lambda family: family.id):
            self._family(family)
        market = self.market
        market.by_pool = [[] for _ in market.seats]
        market.most_of_a_family = [1] * len(market.seats)
        for number, edge in enumerate(market.edges):
            market.by_pool[edge.pool].append(number)
        for pool, edges in enumerate(market.by_pool):
            edges.sort(key=lambda number: (market.edges[number].rank, market.edges[number].child))
            counted: dict[int, int] = {}
            for number in edges:
                family_number = market.edges[number].family
                counted[family_number] = counted.get(family_number, 0) + 1
            market.most_of_a_family[pool] = max(counted.values(), default=1)
        return market

    def _number_pools(self) -> None:
        for facility in sorted(self.instance.facilities, key=lambda facility: facility.id):
            alone = [(age,) for age in facility.seats if not any(age in group for group in facility.shared)]
            for group in sorted([*facility.shared, *alone], key=sorted):
                for age in group:
                    self.pools[facility.id, age] = len(self.market.seats)
                self.market.seats.append(sum(facility.seats[age] for age in group))

    def _family(self, family: Family) -> None:
        market, number = self.market, len(self.market.families)
        order = sorted(range(len(family.children)), key=lambda place: family.children[place])
        first = len(market.children)
        market.families.append(family.id)
        market.children += [family.children[place] for place in order]
        market.members.append(tuple(range(first, len(market.children))))
        stay = tuple(self.facts[child].initial for child in family.children)
        market.written.append(order)
        options = []
        for wish in dict.fromkeys((*family.wishes, stay)):
            row = [(family.children[place], wish[place]) for place in order]
            options.append(self._option(number, first, row, wish))
            if wish == stay:
                break
        market.options.append(options)

    def _option(self, family: int, first: int, row: Sequence[tuple[str, str | None]], wish: Wish) -> Option:
        edges: list[int] = []
        demands: dict[int, tuple[int, int]] = {}
        for number, (child, facility) in enumerate(row, first):
            if facility is None:
                continue
            edge = self._edge(family, number, child, facility)
            edges.append(edge)
            at = self.market.edges[edge]
            count, lowest = demands.get(at.pool, (0, HELD))
            demands[at.pool] = (count + 1, max(lowest, at.rank))
        return Option(tuple(edges), tuple((pool, *demand) for pool, demand in demands.items()), wish)

    def _edge(self, family: int, number: int, child: str, facility: str) -> int:
        fact = self.facts[child]
        pool = self.pools[facility, fact.age]
        known = self.edge_numbers.get((number, pool))
        if known is not None:
            return known
        rank = HELD if fact.initial == facility else self.ranks[facility][child]
        self.edge_numbers[number, pool] = len(self.market.edges)
        self.market.edges.append(Edge(number, family, pool, rank))
        return len(self.market.edges) - 1


def _ranks(instance: Instance) -> dict[str, Mapping[str, int]]:
    return {
        facility: {child: number for number, tier in enumerate(tiers, 1) for child in tier}
        for facility, tiers in instance.priorities.items()
    }


def index(instance: Instance) -> Market:
    """The instance in numbers."""
    return _Builder(instance).build()
