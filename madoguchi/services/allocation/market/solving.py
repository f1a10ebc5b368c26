"""From an instance to who is placed where: the one door to this package for commands, pages and reports."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import goals
from .core import Pursuit, Solved, pursue
from .cpsat import ask
from .fewest import TERMS_A_SECOND, Fewest, guessed, most_that_fit, solve, terms_of_everything
from .filling import filled_up, most_apart
from .goals import Goal
from .indexing import Market, index
from .interchange import Instance
from .limits import Limit
from .modelling import Impossible, Model, Modeller, Terms, TimeOver
from .proposing import seated

ONE_PART = 0.4
"""This share of the time left may go into one step."""


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
    return _Search(index(instance), goal, Limit(time.monotonic() + seconds), seed).run()


class _Search:
    """One allocation with a deadline."""

    def __init__(self, market: Market, goal: Goal, limit: Limit, seed: int) -> None:
        self.market, self.goal, self.limit, self.seed = market, goal, limit, seed

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
            return solve(self.market, (), limit=self.limit, seed=self.seed)
        except TimeOver:
            return guessed(self.market, self.seed, fewest_bound=0)
        except Impossible:
            return Fewest(self.market, self.limit, self.seed).search()

    def _placed(self, at: Sequence[int]) -> int:
        return sum(self.market.placed(family, number) for family, number in enumerate(at))

    def _most(self, stable: Solved, limit: int) -> Solved:
        """Most placed whoever blocks; then, among these, fewest blocking as far as time and size allow."""
        market = self.market
        limit = min(limit, most_apart(market, stable.at))
        everything = [range(len(options)) for options in market.options]
        modeller = Modeller(market, everything, self.limit)
        placed = self._most_placed(modeller, filled_up(market, stable.at), limit)
        if terms_of_everything(market) > TERMS_A_SECOND * self.limit.left() / 2:
            return placed
        pools, families = range(len(market.seats)), range(len(market.options))
        claims = [(family, number) for family in families for number in range(len(everything[family]) - 1)]
        order = (goals.FEWEST, goals.RANKS, goals.TOGETHER)
        try:
            model = modeller.build(families, claims, pools, families)
            model.at_least(goals.terms(market, model, goals.PLACED), self._placed(placed.at))
            found = pursue(market, model, order, limit=self.limit, seed=self.seed, at=placed.at)
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
            best.unproven.add(goals.PLACED)
            try:
                found = pursue(market, model, (goals.PLACED,), limit=self._part(), seed=self.seed, at=at)
            except TimeOver:
                return self._anything_unproven(best, limit)
            if not found.unproven or _reached(found, terms) > self._placed(at):
                self._keep_what_was(model, found, at)
                best = found.solved(market, model, at)
        return self._anything_unproven(best, limit)

    def _keep_what_was(self, model: Model, found: Pursuit, at: Sequence[int]) -> None:
        """Among outcomes that place as many, one that changes few families: those then rarely block."""
        kept = [(model.wish[family, number], 1) for family, number in enumerate(at)]
        hint = dict(enumerate(found.values))
        found.values = ask(model, kept, limit=self._part(), seed=self.seed, hint=hint).values or found.values

    def _part(self) -> Limit:
        return Limit(time.monotonic() + self.limit.left() * ONE_PART)

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
            time_over=self.limit.over(),
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
