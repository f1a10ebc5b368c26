"""A good outcome quickly: families propose in turn and put lower ranked children out (sorted deferred acceptance).

Without siblings and ties this is a stable outcome. With them it may go round; then the round with the fewest blocking
families counts. It is the first guess of the solver, and what is left when the time is over.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from random import Random

from .indexing import Demand, Market

OUT = -1
"""No wish that is allowed could be met."""

LONGEST_CHAIN = 300
"""So many families may put each other out, one after the other."""

PATIENT_ROUNDS = 3
"""So many rounds without fewer blocking families are waited for."""


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

    def fits(self, demands: Sequence[Demand]) -> bool:
        """Whether there is room without putting anybody out."""
        return all(own + len(self.pools[pool]) <= self.market.seats[pool] for pool, own, _ in demands)

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


def propose(market: Market, allowed: Sequence[Sequence[int]], seed: int = 0) -> Seating:
    """Everybody at an allowed wish if that can be, with as few blocking families as some rounds bring about."""
    play = _Play(market, allowed, Random(seed))  # noqa: S311 - which family comes next, never who has a right
    best, fewest, idle = list(play.seating.at), len(market.options) + 1, 0
    while idle < PATIENT_ROUNDS and fewest:
        play.round()
        count = len(play.seating.blocking()) if play.queue else 0
        idle += 1
        if count < fewest:
            best, fewest, idle = list(play.seating.at), count, 0
    return seated(market, best)


def seated(market: Market, at: Sequence[int]) -> Seating:
    """The seating of an outcome."""
    seating = Seating(market)
    for family, number in enumerate(at):
        if number != OUT:
            seating.put(family, number)
    return seating


class _Play:
    """Families that may have a claim wait in a queue; whoever comes next takes the best wish it can claim.

    Who is put out comes next; who could now have what became free joins the queue. The queue is drawn from at random (by
    the seed), for in a fixed order families without a stable outcome would go round for ever.
    """

    def __init__(self, market: Market, allowed: Sequence[Sequence[int]], draw: Random) -> None:
        self.market, self.allowed, self.draw = market, allowed, draw
        self.seating = Seating(market)
        self.queue = list(range(len(allowed)))
        self.waits = [True] * len(allowed)

    def round(self) -> None:
        """So many turns that everybody could have had one, and until everybody is somewhere."""
        for _ in range(len(self.allowed) + 1):
            if not self.queue:
                return
            place = self.draw.randrange(len(self.queue))
            self.queue[place], self.queue[-1] = self.queue[-1], self.queue[place]
            family = self.queue.pop()
            self.waits[family] = False
            self._settle([family])

    def _settle(self, homeless: list[int]) -> None:
        """One after another finds a place; when that goes round, nobody is put out any more but for a held seat."""
        turns = 0
        while homeless:
            turns += 1
            homeless += self._move(homeless.pop(), displacing=turns <= LONGEST_CHAIN)

    def _move(self, family: int, displacing: bool) -> list[int]:
        """The family takes the best it can claim; gives back who is out for that."""
        seating, options = self.seating, self.market.options[family]
        now = seating.at[family]
        for number in self.allowed[family]:
            if number == now:
                return []
            demands = options[number].demands
            if not displacing and number != len(options) - 1 and not seating.fits(demands):
                continue
            if seating.could_claim(family, demands):
                freed = set()
                if now != OUT:
                    freed = {self.market.edges[edge].pool for edge in options[now].edges}
                    seating.take_away(family)
                out = self._put_out(options[number].demands, freed)
                seating.put(family, number)
                self._ask_again(freed)
                return out
        return []

    def _put_out(self, demands: Sequence[Demand], freed: set[int]) -> list[int]:
        """The lowest lose their seats until there is room; what else their families had becomes free."""
        out = []
        for pool, own, _ in demands:
            here = self.seating.pools[pool]
            while own + len(here) > self.market.seats[pool]:
                family = self.market.edges[here[-1][1]].family
                option = self.market.options[family][self.seating.at[family]]
                freed |= {self.market.edges[edge].pool for edge in option.edges}
                self.seating.take_away(family)
                out.append(family)
        return out

    def _ask_again(self, pools: set[int]) -> None:
        for pool in sorted(pools):
            if len(self.seating.pools[pool]) >= self.market.seats[pool]:
                continue
            for edge in self.market.by_pool[pool]:
                family = self.market.edges[edge].family
                if not self.waits[family]:
                    self.waits[family] = True
                    self.queue.append(family)
