"""What is so in every stable outcome is found without a solver: wishes that are certain, and wishes that are hopeless.

Two rules, applied until neither finds anything. Both are about *alive* wishes: those that some stable outcome may still
contain. Initially all are alive.

Safe. Let all children outside the family that have an alive wish at a pool with a rank not lower than the family's lowest
child there be there at once. If the seats are enough even then, at each pool of a wish, the family would block with that
wish against anything worse in any outcome. So it never gets anything worse: the later wishes die.

Hopeless. A family *demands* a pool when the first of its alive wishes needs one seat at one pool and everything else that
wish needs is safe. A child is *certain* at a pool when every alive wish of its family puts it there. Take a wish that puts
n own children at a pool, the lowest with rank r. If demanding children with ranks strictly better than r and certain
children, all of other families, together with the n are more than the seats, the wish dies. For suppose an outcome
contains it: somebody who demands is not there, hence at a worse wish, since better ones are dead. The pool holds at most
as many children as seats, one of them, the lowest of the n, with a rank lower than the demanding child's; so those with a
rank not lower are fewer than the seats, and the demanding family blocks. Ties never count against the wish: only strictly
better ranks demand.

exempt: families that may block. Nothing is concluded from what they would claim: they demand nothing and keep the wishes
after a safe one. All else holds for every outcome in which only exempt families block.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from .indexing import Demand, Market, Option

NEVER = -1


class NothingLeft(Exception):
    """A family has no wish left, not even staying as now: no outcome with so few blocking families exists."""


@dataclass
class Reduced:
    """The alive wishes of each family, ascending; by pool, the edges that demand it and those certain there."""

    market: Market
    exempt: Collection[int]
    alive: list[list[int]]
    demanding: list[set[int]]
    certain: list[set[int]]

    def implied(self, family: int, option: Option) -> bool:
        """Whether the others alone already keep this family from blocking with this dead wish.

        Those certain at one of its pools with ranks not lower, and those who demand it with strictly better ranks, fill it
        with the own children. If somebody who demands is not there, the pool is full of better ranks; among those may be
        own children by another wish, so demands count only where another wish puts fewer of them.
        """
        return any(self._full(family, demand) for demand in option.demands)

    def _full(self, family: int, demand: Demand) -> bool:
        pool, own, lowest = demand
        edges, room = self.market.edges, self.market.seats[pool] - own
        certain = {
            number
            for number in self.certain[pool]
            if edges[number].rank <= lowest and edges[number].family != family
        }
        if len(certain) > room:
            return True
        better = {
            number
            for number in self.demanding[pool]
            if edges[number].rank < lowest and edges[number].family != family
        }
        return len(certain | better) > room and self._most_at(family, pool) < own

    def _most_at(self, family: int, pool: int) -> int:
        options = self.market.options[family]
        return max(
            (own for number in self.alive[family] for at, own, _ in options[number].demands if at == pool),
            default=0,
        )


def reduce_market(market: Market, exempt: Collection[int] = ()) -> Reduced:
    """Both rules until neither finds anything. Raises NothingLeft when no such outcome can exist."""
    return _Reduction(market, exempt).run()


class _Reduction:
    """The state of the two rules. count: by edge, how many alive wishes use it."""

    def __init__(self, market: Market, exempt: Collection[int]) -> None:
        self.market, self.exempt = market, exempt
        self.alive = [list(range(len(options))) for options in market.options]
        self.count = [0] * len(market.edges)
        for options in market.options:
            for option in options:
                for used in option.edges:
                    self.count[used] += 1
        self.own_edges: list[dict[int, list[int]]] = [{} for _ in market.options]
        for number, edge in enumerate(market.edges):
            self.own_edges[edge.family].setdefault(edge.pool, []).append(number)
        self.several = [len(members) > 1 for members in market.members]
        self.live = [list(edges) for edges in market.by_pool]
        self.limit = [NEVER] * len(market.seats)
        self.demanding: list[set[int]] = [set() for _ in market.seats]
        self.certain: list[set[int]] = [set() for _ in market.seats]
        self.queue = deque(range(len(market.seats)))
        self.queued = [True] * len(market.seats)

    def run(self) -> Reduced:
        while self.queue:
            pool = self.queue.popleft()
            self.queued[pool] = False
            self.live[pool] = [edge for edge in self.live[pool] if self.count[edge]]
            self._look_for_safe(pool)
            self._look_for_hopeless(pool)
        return Reduced(self.market, self.exempt, self.alive, self.demanding, self.certain)

    def _dirty(self, pool: int) -> None:
        if not self.queued[pool]:
            self.queued[pool] = True
            self.queue.append(pool)

    def _look_for_safe(self, pool: int) -> None:
        """Up to which rank everybody who may come would fit; families that this reaches anew are looked at."""
        edges, live = self.market.edges, self.live[pool]
        room = self.market.seats[pool]
        old = self.limit[pool]
        if len(live) <= room:
            limit = edges[live[-1]].rank if live else old
        else:
            over = edges[live[room]].rank
            limit = next(
                (edges[live[n]].rank for n in range(room - 1, -1, -1) if edges[live[n]].rank < over), NEVER
            )
        if limit <= old:
            return
        self.limit[pool] = limit
        for number in live:
            edge = edges[number]
            if edge.rank > limit:
                break
            if edge.rank > old and self.count[number]:
                self._cut_after_safe(edge.family)

    def _is_safe(self, family: int, demand: Demand) -> bool:
        pool, own, lowest = demand
        if lowest <= self.limit[pool]:
            return True
        mine = self.own_edges[family][pool]
        if len(mine) == 1:
            return False
        edges = self.market.edges
        others = sum(
            1
            for number in self.live[pool]
            if self.count[number] and edges[number].rank <= lowest and edges[number].family != family
        )
        return others + own <= self.market.seats[pool]

    def _cut_after_safe(self, family: int) -> None:
        if family in self.exempt:
            return
        options, alive = self.market.options[family], self.alive[family]
        for place, number in enumerate(alive):
            if all(self._is_safe(family, demand) for demand in options[number].demands):
                for late in alive[place + 1 :]:
                    self._drop(family, late)
                break
        if self.several[family]:
            for pool, _, _ in options[alive[0]].demands:
                self._dirty(pool)

    def _drop(self, family: int, number: int) -> None:
        alive, options = self.alive[family], self.market.options[family]
        was_first = alive[0] == number
        alive.remove(number)
        if not alive:
            raise NothingLeft
        for edge in options[number].edges:
            self.count[edge] -= 1
            if was_first or not self.count[edge]:
                self._dirty(self.market.edges[edge].pool)
        for edge in options[alive[0]].edges:
            if was_first or self.count[edge] == len(alive):
                self._dirty(self.market.edges[edge].pool)

    def _look_for_hopeless(self, pool: int) -> None:
        edges, live = self.market.edges, [edge for edge in self.live[pool] if self.count[edge]]
        certain = {number for number in live if self.count[number] == len(self.alive[edges[number].family])}
        demanding = {number for number in live if self._demands(number, pool)}
        self.certain[pool], self.demanding[pool] = certain, demanding
        room = self.market.seats[pool]
        if len(certain | demanding) < room and not any(self.several[edges[e].family] for e in live):
            return
        several: dict[int, None] = {}
        better, waiting, rank = len(certain), 0, NEVER
        for number in live:
            edge = edges[number]
            if edge.rank != rank:
                better, waiting, rank = better + waiting, 0, edge.rank
            waiting += number in demanding and number not in certain
            if self.several[edge.family]:
                several[edge.family] = None
            elif better - (number in certain) + 1 > room:
                self._reject_where(edge.family, number)
        for family in several:
            self._reject_several(family, pool, room)

    def _demands(self, number: int, pool: int) -> bool:
        family = self.market.edges[number].family
        if family in self.exempt:
            return False
        alive = self.alive[family]
        option = self.market.options[family][alive[0]]
        if number not in option.edges:
            return False
        if not self.several[family]:
            return True
        contested = [demand for demand in option.demands if not self._is_safe(family, demand)]
        return len(contested) == 1 and contested[0][0] == pool and contested[0][1] == 1

    def _reject_where(self, family: int, edge: int) -> None:
        options = self.market.options[family]
        for number in [each for each in self.alive[family] if edge in options[each].edges]:
            self._drop(family, number)

    def _reject_several(self, family: int, pool: int, room: int) -> None:
        edges, options = self.market.edges, self.market.options[family]
        certain = {number for number in self.certain[pool] if edges[number].family != family}
        ranks = sorted(
            edges[number].rank
            for number in self.demanding[pool] - self.certain[pool]
            if edges[number].family != family
        )
        if len(certain) + len(ranks) + self.market.most_of_a_family[pool] <= room:
            return
        for place in list(self.alive[family]):
            for at, own, lowest in options[place].demands:
                if at == pool and len(certain) + _below(ranks, lowest) + own > room:
                    self._drop(family, place)


def _below(ranks: list[int], limit: int) -> int:
    return sum(rank < limit for rank in ranks)
