"""From an instance to who is placed where: the one door to this package for commands, pages and reports."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import goals
from .core import Core, Pursuit, Solved, neighbours, pursue
from .cpsat import ask
from .filling import filled_up, most_apart
from .goals import Goal
from .indexing import Market, index
from .interchange import Instance
from .modelling import Impossible, Model, Modeller, Terms, TimeOver
from .proposing import propose, seated
from .reducing import NothingLeft, reduce_market

HOPS = 2
"""So far around blocking families it is tried whether fewer are possible, before the whole market is asked."""

PATIENCE = 0.02
"""This share of the time left may go into proving for one region that somebody in it must block."""

ONE_HOP = 0.4
"""This share of the time left may go into one step outward."""

SMALL = 60_000
"""Terms of a model of the whole market that is always asked, to prove what the parts could not."""

TERMS_A_SECOND = 150_000
"""So many are written and read in about a second; a larger model than the time allows for is not begun."""


@dataclass(frozen=True)
class Outcome:
    """placed: facility by child. proof: `optimal` when fewest blocking and most placed are proven, otherwise `bound`.

    bound: more cannot be placed by the declared order of goals. blocking_bound: fewer families cannot block.
    """

    placed: dict[str, str]
    proof: str
    bound: int
    blocking: tuple[str, ...]
    blocking_bound: int
    goals: tuple[dict[str, Any], ...]
    figures: dict[str, int] = field(default_factory=dict)
    time_over: bool = False


def allocate(
    instance: Instance, *, goal: Goal = Goal.STABLE, seconds: float = 60.0, seed: int = 0
) -> Outcome:
    """Seats for everybody by the declared goals. The same instance and seed give the same outcome, in any order of rows."""
    return _Search(index(instance), goal, time.monotonic() + seconds, seed).run()


class _Search:
    """One allocation with a deadline."""

    def __init__(self, market: Market, goal: Goal, until: float, seed: int) -> None:
        self.market, self.goal, self.until, self.seed = market, goal, until, seed

    def run(self) -> Outcome:
        solved = self._fewest_blocking()
        limit = most_that_fit(self.market)
        if self._placed(solved.at) >= limit:
            solved.bound = limit
            solved.unproven.discard(goals.PLACED)
        elif self.goal == Goal.MOST:
            solved = self._most(solved, limit)
        return self._told(solved, limit)

    def _fewest_blocking(self) -> Solved:
        try:
            return self._with(())
        except TimeOver:
            return self._guess(fewest_bound=0)
        except Impossible:
            return self._unstable()

    def _with(
        self, exempt: Collection[int], until: float | None = None, guess: Sequence[int] | None = None
    ) -> Solved:
        try:
            reduced = reduce_market(self.market, exempt)
        except NothingLeft as error:
            raise Impossible from error
        until = self.until if until is None else until
        return Core(reduced, until=until, seed=self.seed, guess=guess).solve()

    def _guess(self, fewest_bound: int) -> Solved:
        """Without a solver: what the proposals bring, nothing proven unless nobody blocks."""
        seating = propose(self.market, [range(len(options)) for options in self.market.options], self.seed)
        blocking = set(seating.blocking())
        unproven = {goals.PLACED, goals.RANKS, goals.TOGETHER} | ({goals.FEWEST} if blocking else set())
        return Solved(seating.at, most_that_fit(self.market), blocking, fewest_bound, unproven)

    def _unstable(self) -> Solved:
        """No stable outcome exists. First around those who block after the proposals, then wider, then everywhere."""
        best = self._guess(fewest_bound=1)
        exempt = set(best.blocking)
        asked: set[int] = set()
        for _ in range(HOPS + 1):
            best = self._better(best, exempt)
            if best.blocking != asked:
                asked = best.blocking
                self._prove_fewest(best)
            if goals.FEWEST not in best.unproven or time.monotonic() > self.until:
                break
            exempt = neighbours(self.market, exempt)
        terms = self._terms_of_everything()
        left = self.until - time.monotonic()
        if terms <= SMALL or (goals.FEWEST in best.unproven and terms < TERMS_A_SECOND * left / 2):
            return self._everywhere(best)
        return best

    def _better(self, best: Solved, exempt: Collection[int]) -> Solved:
        """The best outcome in which only these may block, if it is better."""
        try:
            until = time.monotonic() + (self.until - time.monotonic()) * ONE_HOP
            found = self._with(exempt, until, best.at)
        except (TimeOver, Impossible):
            return best
        if self._merit(found) <= self._merit(best):
            return best
        found.fewest_bound, found.bound = best.fewest_bound, most_that_fit(self.market)
        found.unproven |= {goals.FEWEST, goals.PLACED, goals.RANKS, goals.TOGETHER}
        return found

    def _prove_fewest(self, best: Solved) -> None:
        """Around each blocking family a region is sought in which somebody must block. Those found count together.

        That somebody must is proven when no outcome at all keeps the families of the region from blocking, whatever all
        others do. Regions share no family, so their numbers add up.
        """
        if len(best.blocking) > best.fewest_bound:
            best.fewest_bound = max(best.fewest_bound, self._regions_that_block(sorted(best.blocking)))
        if len(best.blocking) == best.fewest_bound:
            best.unproven.discard(goals.FEWEST)

    def _regions_that_block(self, centres: Sequence[int]) -> int:
        """How many regions were found: first without what another may need, then with all that is not taken, then wider."""
        near = {family: neighbours(self.market, neighbours(self.market, {family})) for family in centres}
        taken: set[int] = set()
        found: set[int] = set()
        for family in centres:
            others = set().union(*(near[other] for other in centres if other != family))
            self._take(family, near[family] - others, taken, found)
        for family in (each for each in centres if each not in found):
            self._take(family, near[family] - taken, taken, found)
        for family in (each for each in centres if each not in found):
            self._take(family, neighbours(self.market, near[family]) - taken, taken, found)
        return len(found)

    def _take(self, family: int, region: set[int], taken: set[int], found: set[int]) -> None:
        if self._somebody_must(set(range(len(self.market.options))) - region):
            taken |= region
            found.add(family)

    def _somebody_must(self, others: Collection[int]) -> bool:
        if time.monotonic() > self.until:
            return False
        try:
            reduced = reduce_market(self.market, others)
        except NothingLeft:
            return True
        now = time.monotonic()
        return Core(reduced, until=now + (self.until - now) * PATIENCE, seed=self.seed).impossible()

    def _everywhere(self, best: Solved) -> Solved:
        """Everybody may block: what comes out is proven for the whole market."""
        try:
            found = self._with(range(len(self.market.options)), guess=best.at)
        except (TimeOver, Impossible):
            return best
        best.fewest_bound = max(best.fewest_bound, found.fewest_bound)
        if self._merit(found) < self._merit(best):
            return best
        found.fewest_bound = best.fewest_bound
        if len(found.blocking) == found.fewest_bound:
            found.unproven.discard(goals.FEWEST)
        return found

    def _merit(self, solved: Solved) -> tuple[int, int]:
        return -len(solved.blocking), self._placed(solved.at)

    def _placed(self, at: Sequence[int]) -> int:
        return sum(self.market.placed(family, number) for family, number in enumerate(at))

    def _terms_of_everything(self) -> int:
        """How large a model of all wishes with all their claims would be."""
        edges = self.market.edges
        ranks = [sorted(edges[edge].rank for edge in pool) for pool in self.market.by_pool]
        return sum(
            bisect_right(ranks[pool], lowest)
            for options in self.market.options
            for option in options
            for pool, _, lowest in option.demands
        )

    def _most(self, stable: Solved, limit: int) -> Solved:
        """Most placed whoever blocks; then, among these, fewest blocking as far as time and size allow."""
        market = self.market
        limit = min(limit, most_apart(market, stable.at))
        everything = [range(len(options)) for options in market.options]
        modeller = Modeller(market, everything, self.until)
        placed = self._most_placed(modeller, filled_up(market, stable.at), limit)
        if self._terms_of_everything() > TERMS_A_SECOND * (self.until - time.monotonic()) / 2:
            return placed
        pools, families = range(len(market.seats)), range(len(market.options))
        claims = [(family, number) for family in families for number in range(len(everything[family]) - 1)]
        order = (goals.FEWEST, goals.RANKS, goals.TOGETHER)
        try:
            model = modeller.build(families, claims, pools, families)
            model.at_least(goals.terms(market, model, goals.PLACED), self._placed(placed.at))
            found = pursue(market, model, order, until=self.until, seed=self.seed, at=placed.at)
        except TimeOver:
            return placed
        best = found.solved(market, model, placed.at)
        best.unproven |= placed.unproven & {goals.PLACED}
        best.bound = placed.bound
        seen = self._anything_unproven(replace(best, unproven=set(best.unproven)), limit)
        return best if len(best.blocking) == len(seen.blocking) else seen

    def _most_placed(self, modeller: Modeller, at: list[int], limit: int) -> Solved:
        """Chains first; CP-SAT only where children of one family stand between them and the limit."""
        market = self.market
        best = Solved(at, limit)
        if self._placed(at) < limit:
            model = modeller.build(range(len(market.options)), (), range(len(market.seats)))
            terms = goals.terms(market, model, goals.PLACED)
            model.at_least([(variable, -factor) for variable, factor in terms], -limit)
            until = time.monotonic() + (self.until - time.monotonic()) * ONE_HOP
            best.unproven.add(goals.PLACED)
            try:
                found = pursue(market, model, (goals.PLACED,), until=until, seed=self.seed, at=at)
            except TimeOver:
                return self._anything_unproven(best, limit)
            if not found.unproven or _reached(found, terms) > self._placed(at):
                self._keep_what_was(model, found, at)
                best = found.solved(market, model, at)
        return self._anything_unproven(best, limit)

    def _keep_what_was(self, model: Model, found: Pursuit, at: Sequence[int]) -> None:
        """Among outcomes that place as many, one that changes few families: those then rarely block."""
        kept = [(model.wish[family, number], 1) for family, number in enumerate(at)]
        seconds = (self.until - time.monotonic()) * ONE_HOP
        hint = dict(enumerate(found.values))
        found.values = ask(model, kept, seconds=seconds, seed=self.seed, hint=hint).values or found.values

    def _anything_unproven(self, solved: Solved, limit: int) -> Solved:
        """An outcome whose blocking families were only counted."""
        solved.blocking = set(seated(self.market, solved.at).blocking())
        solved.unproven |= {goals.RANKS, goals.TOGETHER} | ({goals.FEWEST} if solved.blocking else set())
        solved.bound, solved.fewest_bound = min(limit, solved.bound), 0
        return solved

    def _told(self, solved: Solved, limit: int) -> Outcome:
        market, placed = self.market, {}
        for family, number in enumerate(solved.at):
            members = sorted(market.options[family][number].edges)
            for edge in members:
                child = market.edges[edge].child
                placed[market.children[child]] = market.facility(family, number, child)
        count = len(placed)
        bound = count if goals.PLACED not in solved.unproven else min(limit, solved.bound)
        proven = not solved.unproven & {goals.PLACED, goals.FEWEST}
        return Outcome(
            placed=dict(sorted(placed.items())),
            proof="optimal" if proven else "bound",
            bound=bound,
            blocking=tuple(market.families[family] for family in sorted(solved.blocking)),
            blocking_bound=min(len(solved.blocking), solved.fewest_bound),
            goals=tuple(self._goals(solved, count)),
            figures={"parts": solved.parts, "asked": solved.asked},
            time_over=time.monotonic() > self.until,
        )

    def _goals(self, solved: Solved, placed: int) -> Iterator[dict[str, Any]]:
        market = self.market
        chosen = list(enumerate(solved.at))
        values = {
            goals.FEWEST: len(solved.blocking),
            goals.PLACED: placed,
            goals.RANKS: sum(number + 1 for _, number in chosen),
            goals.TOGETHER: sum(goals.together(market, *each) for each in chosen),
        }
        for goal in goals.ORDER[self.goal]:
            yield {"goal": goal, "value": values[goal], "proven": goal not in solved.unproven}


def _reached(found: Pursuit, terms: Terms) -> int:
    return sum(factor * found.values[variable] for variable, factor in terms)


def most_that_fit(market: Market) -> int:
    """A number that no outcome can exceed: no pool holds more than its seats or than those who could come."""
    children = {edge.child for edge in market.edges}
    pools = sum(min(seats, len(edges)) for seats, edges in zip(market.seats, market.by_pool, strict=True))
    return min(len(children), pools)
