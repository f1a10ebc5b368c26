"""How many children could be placed if nobody's order counted: moving single children along chains until no more fit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from .indexing import Market


class _Filling:
    """Children at pools, each by itself; only those that may move are moved."""

    def __init__(self, market: Market, at: Sequence[int], may_move: Callable[[int], bool]) -> None:
        self.market, self.may_move = market, may_move
        self.edges_of: list[list[int]] = [[] for _ in market.children]
        for number, edge in enumerate(market.edges):
            self.edges_of[edge.child].append(number)
        self.place: dict[int, int] = {}
        self.here: list[set[int]] = [set() for _ in market.seats]
        self.closed: set[int] = set()
        for family, option in enumerate(at):
            for number in market.options[family][option].edges:
                self._put(number)

    def _put(self, number: int) -> None:
        edge = self.market.edges[number]
        self.place[edge.child] = number
        self.here[edge.pool].add(edge.child)

    def fill(self) -> None:
        """One chain for each child without a seat. Pools from which no free seat was reached never lead to one later."""
        for child in range(len(self.market.children)):
            if child not in self.place and self.may_move(child):
                self._seek(child)

    def _seek(self, child: int) -> None:
        came_by: dict[int, int] = {}
        waiting = deque([child])
        while waiting:
            for number in self.edges_of[waiting.popleft()]:
                pool = self.market.edges[number].pool
                if pool in came_by or pool in self.closed:
                    continue
                came_by[pool] = number
                if len(self.here[pool]) < self.market.seats[pool]:
                    self._shift(pool, came_by)
                    return
                waiting.extend(sorted(each for each in self.here[pool] if self.may_move(each)))
        self.closed |= came_by.keys()

    def _shift(self, pool: int, came_by: dict[int, int]) -> None:
        """Everybody on the chain moves one pool on, the last into the free seat."""
        number: int | None = came_by[pool]
        while number is not None:
            child = self.market.edges[number].child
            before = self.place.get(child)
            if before is not None:
                self.here[self.market.edges[before].pool].discard(child)
            self._put(number)
            number = None if before is None else came_by[self.market.edges[before].pool]


def most_apart(market: Market, at: Sequence[int]) -> int:
    """So many could be placed if every child of a family could be anywhere by itself: no outcome places more."""
    filling = _Filling(market, at, lambda _: True)
    filling.fill()
    return len(filling.place)


def filled_up(market: Market, at: Sequence[int]) -> list[int]:
    """An outcome with as many placed as moving children without siblings allows; whoever is placed stays placed."""
    single = [len(members) == 1 for members in market.members]
    family_of = {child: family for family, members in enumerate(market.members) for child in members}
    filling = _Filling(market, at, lambda child: single[family_of[child]])
    filling.fill()
    found = list(at)
    for child, number in filling.place.items():
        family = family_of[child]
        if single[family]:
            options = market.options[family]
            found[family] = next(place for place, option in enumerate(options) if number in option.edges)
    return found
