"""A good outcome quickly: families propose in turn and put lower ranked children out (sorted deferred acceptance).

Without siblings and ties this is the stable outcome. With them it may end with a few blocking families, or go round; then
it stops displacing. It is the first guess of the solver, and what is left when the time is over.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Sequence

from .indexing import Demand, Market

OUT = -1
"""No wish that is allowed could be met."""

TURNS = 12
"""Proposals of a family on average before nobody is put out any more."""

ROUNDS = 6
"""How often families that block are asked again."""


class Seating:
    """Who is where: the wish of each family, and by pool its children in the order of their ranks."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.at = [OUT] * len(market.options)
        self.pools: list[list[tuple[int, int]]] = [[] for _ in market.seats]

    def put(self, family: int, number: int) -> None:
        self.at[family] = number
        for edge in self.market.options[family][number].edges:
            at = self.market.edges[edge]
            insort(self.pools[at.pool], (at.rank, edge))

    def take_away(self, family: int) -> None:
        for edge in self.market.options[family][self.at[family]].edges:
            at = self.market.edges[edge]
            self.pools[at.pool].remove((at.rank, edge))
        self.at[family] = OUT

    def could_claim(self, family: int, demands: Sequence[Demand]) -> bool:
        """Whether the seats are enough for the own children and all others with ranks not lower."""
        for pool, own, lowest in demands:
            here = self.pools[pool]
            if own + len(here) <= self.market.seats[pool]:
                continue
            before = bisect_right(here, (lowest, len(self.market.edges)))
            if own + before <= self.market.seats[pool]:
                continue
            mine = sum(self.market.edges[edge].family == family for _, edge in here[:before])
            if own + before - mine > self.market.seats[pool]:
                return False
        return True

    def blocking(self) -> list[int]:
        """The families that could claim something better than they have."""
        return [
            family
            for family, at in enumerate(self.at)
            if any(
                self.could_claim(family, option.demands)
                for option in self.market.options[family][: at if at != OUT else None]
            )
        ]


def propose(market: Market, allowed: Sequence[Sequence[int]]) -> Seating:
    """Everybody at an allowed wish if that can be, with as few blocking families as turns and rounds bring about."""
    seating = Seating(market)
    order = sorted(range(len(allowed)), key=lambda family: (len(market.members[family]), family))
    _play(seating, allowed, deque(order))
    best, fewest = list(seating.at), seating.blocking()
    for _ in range(ROUNDS):
        if not fewest:
            break
        again = seating.blocking()
        for family in again:
            if seating.at[family] != OUT:
                seating.take_away(family)
        _play(seating, allowed, deque(again))
        found = seating.blocking()
        if len(found) < len(fewest):
            best, fewest = list(seating.at), found
    return seated(market, best)


def seated(market: Market, at: Sequence[int]) -> Seating:
    """The seating of an outcome."""
    seating = Seating(market)
    for family, number in enumerate(at):
        if number != OUT:
            seating.put(family, number)
    return seating


def _play(seating: Seating, allowed: Sequence[Sequence[int]], waiting: deque[int]) -> None:
    turns = TURNS * len(allowed) + len(waiting)
    while waiting:
        family = waiting.popleft()
        turns -= 1
        for number in allowed[family]:
            demands = seating.market.options[family][number].demands
            last = number == len(seating.market.options[family]) - 1
            if _fits(seating, demands) or ((turns > 0 or last) and seating.could_claim(family, demands)):
                waiting.extendleft(_put_out(seating, demands))
                seating.put(family, number)
                break


def _fits(seating: Seating, demands: Sequence[Demand]) -> bool:
    seats = seating.market.seats
    return all(own + len(seating.pools[pool]) <= seats[pool] for pool, own, _ in demands)


def _put_out(seating: Seating, demands: Sequence[Demand]) -> list[int]:
    """The families that lose their seats so that there is room."""
    out = []
    for pool, own, _ in demands:
        while own + len(seating.pools[pool]) > seating.market.seats[pool]:
            family = seating.market.edges[seating.pools[pool][-1][1]].family
            seating.take_away(family)
            out.append(family)
    return out
