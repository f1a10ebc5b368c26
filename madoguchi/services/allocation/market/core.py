"""What the two rules leave over: independent parts, each solved by itself, most of them without a solver."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import floor

from . import goals
from .cpsat import ask
from .indexing import HELD, Market
from .limits import Limit
from .modelling import Claim, Impossible, Model, Modeller, Terms, TimeOver, components
from .proposing import propose, seated
from .reducing import Reduced


@dataclass
class Solved:
    """The wish of every family, which families block, and what is proven.

    bound: more cannot be placed. unproven: goals that may be reached better. parts, asked: how many, and by the solver.
    """

    at: list[int]
    bound: int
    blocking: set[int] = field(default_factory=set)
    fewest_bound: int = 0
    unproven: set[str] = field(default_factory=set)
    parts: int = 0
    asked: int = 0


@dataclass
class Part:
    """Families that can only be decided together, and what has to be watched for them."""

    families: list[int]
    pools: set[int] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)


class Core:
    """The parts of a reduced market."""

    def __init__(
        self,
        reduced: Reduced,
        *,
        limit: Limit,
        seed: int,
        guess: Sequence[int] | None = None,
        order: Sequence[str] = goals.ORDER[goals.Goal.STABLE],
    ) -> None:
        self.market, self.reduced = reduced.market, reduced
        self.limit, self.seed, self.order = limit, seed, order
        self.modeller = Modeller(reduced.market, reduced.alive, limit)
        self.moving = {family for family, alive in enumerate(reduced.alive) if len(alive) > 1}
        self.solved = Solved([alive[0] for alive in reduced.alive], 0)
        self.guess = guess
        self.watched: Callable[[int], bool] = lambda _: True

    def solve(self) -> Solved:
        """Every part by the goals in their order. Raises Impossible or TimeOver."""
        market, solved = self.market, self.solved
        solved.bound = sum(
            market.placed(family, solved.at[family])
            for family in range(len(solved.at))
            if family not in self.moving
        )
        for part in self._parts():
            solved.parts += 1
            if self._decide_plainly(part):
                solved.bound += sum(market.placed(family, solved.at[family]) for family in part.families)
            else:
                self._ask(part)
        if self.reduced.exempt:
            solved.blocking = set(seated(market, solved.at).blocking())
        return solved

    def impossible(self) -> bool:
        """Whether it is proven that not all of the families that are not exempt can be kept from blocking."""
        self.watched = lambda family: family not in self.reduced.exempt
        try:
            for part in sorted(self._parts(), key=lambda part: len(part.families)):
                if part.claims and not self._holds(part):
                    model = self.modeller.build(part.families, part.claims, part.pools)
                    answer = ask(model, [], limit=self.limit, seed=self.seed)
                    if answer.values is None and answer.proven:
                        return True
        except Impossible:
            return True
        except TimeOver:
            return False
        return False

    def _claims(self) -> Iterator[Claim]:
        """Everything better than the last alive wish that the others do not already keep the family from."""
        for family, alive in enumerate(self.reduced.alive):
            for number in range(alive[-1]) if self.watched(family) else ():
                option = self.market.options[family][number]
                if number in alive or not self.reduced.implied(family, option):
                    yield family, number

    def _parts(self) -> list[Part]:
        links: list[Collection[int]] = [(family,) for family in sorted(self.moving)]
        tight: list[tuple[int, list[int]]] = []
        claims: list[tuple[Claim, list[int]]] = []
        for pool in range(len(self.market.seats)):
            sure, free = self.modeller.moving(pool)
            if sure > self.market.seats[pool]:
                raise Impossible
            if free and sure + len(free) > self.market.seats[pool]:
                tight.append((pool, self._families(free)))
        for claim in self._claims():
            touched = self._touched(claim)
            if touched is not None:
                claims.append((claim, touched))
        groups = components([*links, *(found for _, found in tight), *(found for _, found in claims)])
        part_of = {family: number for number, group in enumerate(groups) for family in group}
        parts = [Part(group) for group in groups]
        for pool, found in tight:
            parts[part_of[found[0]]].pools.add(pool)
        for claim, found in claims:
            parts[part_of[found[0]]].claims.append(claim)
        return parts

    def _families(self, edges: Sequence[int]) -> list[int]:
        return list(dict.fromkeys(self.market.edges[edge].family for edge in edges))

    def _touched(self, claim: Claim) -> list[int] | None:
        """The moving families on which a claim depends; None when it is settled."""
        demands = self.modeller.open_demands(claim)
        family = claim[0]
        if demands is None or (family not in self.moving and self.solved.at[family] <= claim[1]):
            return None
        found = {family} & self.moving
        for pool, _, lowest in demands:
            found |= {
                self.market.edges[edge].family
                for edge in self.modeller.moving(pool, lowest=lowest, but=family)[1]
            }
        if not found:
            if family in self.reduced.exempt:
                self.solved.blocking.add(family)
                return None
            raise Impossible
        return sorted(found)

    def _decide_plainly(self, part: Part) -> bool:
        """Everybody's first alive wish, if that is allowed and provably the best: nobody is coupled, or all are placed."""
        market, alive = self.market, self.reduced.alive
        if any(family in self.reduced.exempt for family in part.families) or not self._holds(part):
            return False
        if all(len(market.members[family]) == 1 for family in part.families) and not self._tied(part):
            return True
        return all(
            market.placed(family, alive[family][0])
            == max(market.placed(family, each) for each in alive[family])
            for family in part.families
        )

    def _here(self, pool: int) -> list[int]:
        """The edges at a pool when every family has its first alive wish."""
        found = []
        for edge in self.modeller.uses[pool]:
            family = self.market.edges[edge].family
            if edge in self.market.options[family][self.reduced.alive[family][0]].edges:
                found.append(edge)
        return found

    def _holds(self, part: Part) -> bool:
        if any(len(self._here(pool)) > self.market.seats[pool] for pool in part.pools):
            return False
        return not any(self._claimable(claim) for claim in part.claims)

    def _claimable(self, claim: Claim) -> bool:
        family, number = claim
        if self.reduced.alive[family][0] <= number:
            return False
        edges, seats = self.market.edges, self.market.seats
        return all(
            own + sum(edges[e].rank <= lowest and edges[e].family != family for e in self._here(pool))
            <= seats[pool]
            for pool, own, lowest in self.market.options[family][number].demands
        )

    def _tied(self, part: Part) -> bool:
        pools = {
            self.market.edges[edge].pool
            for family in part.families
            for number in self.reduced.alive[family]
            for edge in self.market.options[family][number].edges
        }
        for pool in pools:
            ranks = [self.market.edges[edge].rank for edge in self.modeller.uses[pool]]
            above = [rank for rank in ranks if rank != HELD]
            if len(set(above)) != len(above):
                return True
        return False

    def _ask(self, part: Part) -> None:
        """CP-SAT, goal after goal."""
        solved = self.solved
        solved.asked += 1
        if self.guess is None:
            self.guess = propose(self.market, self.reduced.alive, self.seed).at
        model = self.modeller.build(part.families, part.claims, part.pools, self.reduced.exempt)
        found = pursue(self.market, model, self.order, limit=self.limit, seed=self.seed, at=self.guess)
        told = found.solved(self.market, model, solved.at)
        solved.at = told.at
        solved.blocking |= told.blocking
        solved.unproven |= told.unproven
        solved.bound += told.bound
        solved.fewest_bound += told.fewest_bound


@dataclass
class Pursuit:
    """Values of a model by the goals in their order, and by goal what was proven."""

    values: Sequence[int] = ()
    bounds: dict[str, int] = field(default_factory=dict)
    unproven: set[str] = field(default_factory=set)

    def solved(self, market: Market, model: Model, before: Sequence[int]) -> Solved:
        """The wishes before with those of this model; bounds and proofs are of this model alone."""
        at = list(before)
        chosen = [key for key, variable in model.wish.items() if self.values[variable]]
        for family, number in chosen:
            at[family] = number
        blocking = {family for family, variable in model.blocks.items() if self.values[variable]}
        placed = sum(market.placed(*key) for key in chosen)
        return Solved(
            at,
            self.bounds.get(goals.PLACED, placed),
            blocking,
            -self.bounds.get(goals.FEWEST, 0),
            set(self.unproven),
        )


def pursue(
    market: Market, model: Model, order: Sequence[str], *, limit: Limit, seed: int, at: Sequence[int]
) -> Pursuit:
    """Goal after goal; each keeps what the goals before it reached. at: a first guess of everybody's wish.

    Raises Impossible when it is proven that the model has no values, TimeOver when none were found.
    """
    found = Pursuit()
    hint = {variable: int(at[family] == number) for (family, number), variable in model.wish.items()}
    for goal in order:
        terms = goals.terms(market, model, goal)
        if not terms and found.values:
            continue
        answer = ask(model, terms, limit=limit, seed=seed, hint=hint)
        if answer.values is None and not found.values:
            raise Impossible if answer.proven else TimeOver
        found.values = answer.values or found.values
        reached = _sum(terms, found.values)
        proven = answer.proven and answer.values is not None
        found.bounds[goal] = reached if proven else floor(answer.bound + 1e-6)
        if not proven:
            found.unproven.add(goal)
        model.at_least(list(terms), reached)
        hint = dict(enumerate(found.values))
    return found


def _sum(terms: Terms, values: Sequence[int]) -> int:
    return sum(factor * values[variable] for variable, factor in terms)


def neighbours(market: Market, families: Collection[int]) -> set[int]:
    """These families and all that share a pool of one of their wishes."""
    pools = {edge.pool for edge in market.edges if edge.family in families}
    return set(families) | {market.edges[edge].family for pool in pools for edge in market.by_pool[pool]}
