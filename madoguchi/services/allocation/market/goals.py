"""The goals in their declared order, as sums over the wishes that families get."""

from __future__ import annotations

from enum import StrEnum

from .indexing import Market
from .modelling import Model, Terms


class Goal(StrEnum):
    """What comes first. STABLE: no blocking family, then most placed. MOST: most placed, then fewest blocking."""

    STABLE = "stable"
    MOST = "most"


FEWEST, PLACED, RANKS, TOGETHER = "fewest_blocking", "most_placed", "best_ranks", "siblings_together"

ORDER = {
    Goal.STABLE: (FEWEST, PLACED, RANKS, TOGETHER),
    Goal.MOST: (PLACED, FEWEST, RANKS, TOGETHER),
}


def together(market: Market, family: int, number: int) -> bool:
    """Whether all children of a family of several are at one facility by this wish."""
    wish = market.options[family][number].wish
    return len(wish) > 1 and wish[0] is not None and len(set(wish)) == 1


def worth(market: Market, goal: str, family: int, number: int) -> int:
    """What a wish adds to a goal; more is better."""
    if goal == PLACED:
        return market.placed(family, number)
    if goal == RANKS:
        return -number
    return int(together(market, family, number))


def terms(market: Market, model: Model, goal: str) -> Terms:
    """The goal as a sum to maximise."""
    if goal == FEWEST:
        return [(variable, -1) for variable in model.blocks.values()]
    found = [(variable, worth(market, goal, *key)) for key, variable in model.wish.items()]
    return [(variable, factor) for variable, factor in found if factor]
