"""Where no stable outcome exists: as few families as possible may rightly claim a better seat, and how few is proven.

Children who compete alone always have a stable outcome; it is families of several who prevent one. So whoever has to block
is sought among those who block after the proposals, then among the families of several around them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence

from . import goals
from .core import Core, Solved, neighbours
from .indexing import Market
from .limits import Limit
from .modelling import Impossible, TimeOver
from .proposing import propose
from .reducing import NothingLeft, reduce_market

HOPS = 2
"""So far around blocking families everybody may block, while that is not too many."""

MANY = 400
"""Families. Where more may block, the two rules leave a core too large to search."""

BEGINNING, STEP, PROOF, EVERYBODY = 20.0, 3.0, 1.0, 60.0
"""Effort for those who block after the proposals, for one family and who is around it, for proving one region, and for
a model of everybody."""

FEW, REGIONS = 4, 12
"""So few blocking families are proven before fewer are sought; so many regions are asked for one proof."""

SMALL = 60_000
"""Terms of a model of the whole market that is always asked, to prove what the parts could not."""

LARGE = 400_000
"""Terms of a model of the whole market that nothing was ever heard of again."""

TERMS_A_SECOND = 150_000
"""So many are written and read in about a second; a larger model than the time allows for is not begun."""


def solve(
    market: Market,
    exempt: Collection[int],
    *,
    limit: Limit,
    seed: int,
    guess: Sequence[int] | None = None,
    order: Sequence[str] = goals.ORDER[goals.Goal.STABLE],
) -> Solved:
    """The best outcome by these goals in which only the exempt families may block. Raises Impossible or TimeOver."""
    try:
        reduced = reduce_market(market, exempt)
    except NothingLeft as error:
        raise Impossible from error
    return Core(reduced, limit=limit, seed=seed, guess=guess, order=order).solve()


def guessed(market: Market, seed: int, *, fewest_bound: int) -> Solved:
    """Without a solver: what the proposals bring, nothing proven unless nobody blocks."""
    seating = propose(market, [range(len(options)) for options in market.options], seed)
    blocking = set(seating.blocking())
    unproven = {goals.PLACED, goals.RANKS, goals.TOGETHER} | ({goals.FEWEST} if blocking else set())
    return Solved(seating.at, most_that_fit(market), blocking, fewest_bound, unproven)


def most_that_fit(market: Market) -> int:
    """A number that no outcome can exceed: no pool holds more than its seats or than those who could come."""
    children = {edge.child for edge in market.edges}
    pools = sum(min(seats, len(edges)) for seats, edges in zip(market.seats, market.by_pool, strict=True))
    return min(len(children), pools)


def terms_of_everything(market: Market) -> int:
    """How large a model of all wishes with all their claims would be."""
    edges = market.edges
    ranks = [sorted(edges[edge].rank for edge in pool) for pool in market.by_pool]
    return sum(
        bisect_right(ranks[pool], lowest)
        for options in market.options
        for option in options
        for pool, _, lowest in option.demands
    )


class Fewest:
    """One search; best is the outcome so far."""

    def __init__(self, market: Market, limit: Limit, seed: int) -> None:
        self.market, self.limit, self.seed = market, limit, seed
        self.best = guessed(market, seed, fewest_bound=1)
        self._asked: set[int] = set()
        self._regions = REGIONS

    def search(self) -> Solved:
        """First those who block after the proposals may, then others around, then everybody."""
        first = self.best.blocking
        self._try(first, BEGINNING)
        if len(self.best.blocking) <= FEW:
            self._prove()
        if goals.FEWEST in self.best.unproven:
            self._look_around(first)
        self._polish()
        self._prove()
        terms = terms_of_everything(self.market)
        affordable = min(LARGE, TERMS_A_SECOND * self.limit.left() / 2)
        if terms <= SMALL or (goals.FEWEST in self.best.unproven and terms < affordable):
            self._ask_everybody()
        return self.best

    def _look_around(self, first: Collection[int]) -> None:
        near = neighbours(self.market, first)
        if len(near) > MANY:
            self._look_around_each()
            return
        for _ in range(HOPS):
            self._try(near, BEGINNING)
            near = neighbours(self.market, near)

    def _look_around_each(self) -> None:
        """Families of several around one who blocks after the other, until nobody is left around whom it was not tried."""
        tried: set[int] = set()
        while not self.limit.over() and (waiting := sorted(self.best.blocking - tried)):
            tried.add(waiting[0])
            near = neighbours(self.market, {waiting[0]})
            several = {family for family in near if len(self.market.members[family]) > 1}
            self._try(several | self.best.blocking, STEP)

    def _try(self, exempt: Collection[int], effort: float) -> None:
        """An outcome in which only these may block is kept, if fewer do; the other goals wait until that is settled."""
        found = self._found(exempt, effort, (goals.FEWEST,))
        if found is not None and len(found.blocking) < len(self.best.blocking):
            self.best = found

    def _polish(self) -> None:
        """Of the outcomes in which these and nobody else block, the best by the other goals."""
        found = self._found(self.best.blocking, BEGINNING, goals.ORDER[goals.Goal.STABLE])
        if found is not None and self._merit(found) >= self._merit(self.best):
            self.best = found

    def _found(self, exempt: Collection[int], effort: float, order: Sequence[str]) -> Solved | None:
        limit = self.limit.with_effort(effort)
        try:
            found = solve(self.market, exempt, limit=limit, seed=self.seed, guess=self.best.at, order=order)
        except (TimeOver, Impossible):
            return None
        found.fewest_bound, found.bound = self.best.fewest_bound, most_that_fit(self.market)
        found.unproven |= {goals.FEWEST, goals.PLACED, goals.RANKS, goals.TOGETHER}
        return found

    def _prove(self) -> None:
        """Around each blocking family a region is sought in which somebody must block. Those found count together.

        That somebody must is proven when no outcome at all keeps the families of the region from blocking, whatever all
        others do. Regions share no family, so their numbers add up.
        """
        best = self.best
        if best.blocking != self._asked and len(best.blocking) > best.fewest_bound:
            self._asked, self._regions = set(best.blocking), REGIONS
            best.fewest_bound = max(best.fewest_bound, self._regions_that_block(sorted(best.blocking)))
        if len(best.blocking) == best.fewest_bound:
            best.unproven.discard(goals.FEWEST)

    def _regions_that_block(self, centres: Sequence[int]) -> int:
        """How many regions were found, ever wider: first without what another may need, then with all that is not taken."""
        near = {family: neighbours(self.market, {family}) for family in centres}
        taken: set[int] = set()
        found: set[int] = set()
        for _ in range(HOPS):
            for family in (each for each in centres if each not in found):
                others = set().union(*(near[other] for other in centres if other != family))
                self._take(family, near[family] - others, taken, found)
            for family in (each for each in centres if each not in found):
                self._take(family, near[family] - taken, taken, found)
            near = {family: neighbours(self.market, around) for family, around in near.items()}
        return len(found)

    def _take(self, family: int, region: set[int], taken: set[int], found: set[int]) -> None:
        if family not in region or self._regions == 0:
            return
        self._regions -= 1
        if self._somebody_must(set(range(len(self.market.options))) - region):
            taken |= region
            found.add(family)

    def _somebody_must(self, others: Collection[int]) -> bool:
        if self.limit.over():
            return False
        try:
            reduced = reduce_market(self.market, others)
        except NothingLeft:
            return True
        return Core(reduced, limit=self.limit.with_effort(PROOF), seed=self.seed).impossible()

    def _ask_everybody(self) -> None:
        """Everybody may block: what comes out is proven for the whole market."""
        best, everybody = self.best, range(len(self.market.options))
        limit = self.limit.with_effort(EVERYBODY)
        try:
            found = solve(self.market, everybody, limit=limit, seed=self.seed, guess=best.at)
        except (TimeOver, Impossible):
            return
        best.fewest_bound = max(best.fewest_bound, found.fewest_bound)
        if self._merit(found) < self._merit(best):
            return
        found.fewest_bound = best.fewest_bound
        if len(found.blocking) == found.fewest_bound:
            found.unproven.discard(goals.FEWEST)
        self.best = found

    def _merit(self, solved: Solved) -> tuple[int, int]:
        placed = sum(self.market.placed(family, number) for family, number in enumerate(solved.at))
        return -len(solved.blocking), placed
