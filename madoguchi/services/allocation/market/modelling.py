"""A part of a market as a model for CP-SAT: one Boolean for each alive wish, seats, and for each better wish why it cannot
be claimed. Only pools that may overflow and claims that are not settled already become constraints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .indexing import Demand, Market
from .limits import Limit

Terms = list[tuple[int, int]]
"""Variable and coefficient."""

Row = tuple[Terms, int, tuple[int, ...]]
"""Sum of terms at least so much, when all these variables are 1."""

Claim = tuple[int, int]
"""A family and one of its wishes, with which it must not block."""


class Impossible(Exception):
    """It is proven that no outcome of this kind exists."""


class TimeOver(Exception):
    """Nothing was found in time."""


@dataclass
class Model:
    """Rows to be kept by 0/1 variables. wish: variable by family and wish; blocks: by family that may block.

    claims: whether anything but seats is in it. Seats alone are best searched by linear relaxations, claims are not.
    """

    count: int = 0
    rows: list[Row] = field(default_factory=list)
    one_of: list[list[int]] = field(default_factory=list)
    wish: dict[tuple[int, int], int] = field(default_factory=dict)
    blocks: dict[int, int] = field(default_factory=dict)
    impossible: bool = False
    claims: bool = False

    def variable(self) -> int:
        self.count += 1
        return self.count - 1

    def at_least(self, terms: Terms, least: int, when: tuple[int, ...] = ()) -> None:
        self.rows.append((terms, least, when))


class Modeller:
    """Builds the model of some families while all others stand still at the only wish they have left."""

    def __init__(self, market: Market, alive: Sequence[Sequence[int]], limit: Limit) -> None:
        self.market, self.alive, self.limit = market, alive, limit
        self.uses: list[dict[int, list[int]]] = [{} for _ in market.seats]
        for family, options in enumerate(alive):
            for number in options:
                for edge in market.options[family][number].edges:
                    self.uses[market.edges[edge].pool].setdefault(edge, []).append(number)

    def fixed_at(self, edge: int) -> bool:
        """Whether a child is at a pool whatever happens."""
        at = self.market.edges[edge]
        return len(self.uses[at.pool][edge]) == len(self.alive[at.family])

    def moving(self, pool: int, *, lowest: int | None = None, but: int = -1) -> tuple[int, list[int]]:
        """At a pool with ranks not lower than this, without one family: how many surely, and the edges that may be."""
        edges, sure, free = self.market.edges, 0, []
        for number in self.uses[pool]:
            edge = edges[number]
            if edge.family == but or (lowest is not None and edge.rank > lowest):
                continue
            if self.fixed_at(number):
                sure += 1
            else:
                free.append(number)
        return sure, free

    def open_demands(self, claim: Claim) -> list[Demand] | None:
        """The pools of a wish that could be full. None when one of them surely is: nothing to be watched."""
        family, number = claim
        found = []
        for demand in self.market.options[family][number].demands:
            pool, own, lowest = demand
            sure, free = self.moving(pool, lowest=lowest, but=family)
            if own + sure > self.market.seats[pool]:
                return None
            if own + sure + len(free) > self.market.seats[pool]:
                found.append(demand)
        return found

    def build(
        self,
        families: Iterable[int],
        claims: Iterable[Claim],
        pools: Iterable[int],
        may_block: Collection[int] = (),
    ) -> Model:
        """The model of these moving families: seats of the pools, and each claim answered or its family blocking.

        Raises TimeOver when even writing it takes too long.
        """
        model = Model()
        for family in families:
            for number in self.alive[family]:
                model.wish[family, number] = model.variable()
            model.one_of.append([model.wish[family, number] for number in self.alive[family]])
        children: dict[int, int] = {}
        for pool in sorted(pools):
            self._seats(model, pool, children)
        for claim in claims:
            if self.limit.over():
                raise TimeOver
            self._claim(model, claim, children, may_block)
        return model

    def _present(self, model: Model, edge: int, children: dict[int, int]) -> int:
        """The variable that tells whether a child is at a pool."""
        if edge not in children:
            at = self.market.edges[edge]
            wishes = [model.wish[at.family, number] for number in self.uses[at.pool][edge]]
            if len(wishes) == 1:
                children[edge] = wishes[0]
            else:
                children[edge] = model.variable()
                terms = [(wish, 1) for wish in wishes]
                model.at_least([*terms, (children[edge], -1)], 0)
                model.at_least([(children[edge], 1), *((wish, -1) for wish in wishes)], 0)
        return children[edge]

    def _seats(self, model: Model, pool: int, children: dict[int, int]) -> None:
        sure, free = self.moving(pool)
        seats = self.market.seats[pool]
        if sure > seats:
            model.impossible = True
        elif sure + len(free) > seats:
            model.at_least([(self._present(model, edge, children), -1) for edge in free], sure - seats)

    def _claim(
        self, model: Model, claim: Claim, children: dict[int, int], may_block: Collection[int]
    ) -> None:
        """Either the family has this wish or a better one, or one of its pools is full, or it blocks."""
        demands = self.open_demands(claim)
        if demands is None:
            return
        model.claims = True
        family, number = claim
        content = [
            model.wish[family, each]
            for each in self.alive[family]
            if each <= number and (family, each) in model.wish
        ]
        if not content and len(self.alive[family]) == 1 and self.alive[family][0] <= number:
            return
        if family in may_block:
            if family not in model.blocks:
                model.blocks[family] = model.variable()
            content.append(model.blocks[family])
        reasons = [self._full(model, family, demand, children) for demand in demands]
        if len(reasons) == 1:
            terms, least = reasons[0]
            model.at_least([*terms, *((each, least) for each in content)], least)
            return
        chosen = []
        for terms, least in reasons:
            chosen.append(model.variable())
            model.at_least(terms, least, (chosen[-1],))
        if not content and not chosen:
            model.impossible = True
        else:
            model.at_least([(each, 1) for each in [*content, *chosen]], 1)

    def _full(self, model: Model, family: int, demand: Demand, children: dict[int, int]) -> tuple[Terms, int]:
        pool, own, lowest = demand
        sure, free = self.moving(pool, lowest=lowest, but=family)
        return (
            [(self._present(model, edge, children), 1) for edge in free],
            self.market.seats[pool] - own + 1 - sure,
        )


def components(links: Iterable[Collection[int]]) -> list[list[int]]:
    """Families that are linked with each other, directly or over others; smallest number first."""
    root: dict[int, int] = {}

    def find(each: int) -> int:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    for link in links:
        first, *others = link
        root.setdefault(first, first)
        for other in others:
            root.setdefault(other, other)
            low, high = sorted((find(first), find(other)))
            root[high] = low
    groups: Mapping[int, list[int]] = defaultdict(list)
    for each in sorted(root):
        groups[find(each)].append(each)
    return list(groups.values())
