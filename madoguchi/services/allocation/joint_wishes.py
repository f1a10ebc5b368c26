"""連動: what brothers and sisters wish together, best first, worked out from the wishes of each child.

The kinds of wish are those of the form. A joint wish names one facility for each child, None for a child who
stays without a seat; that nobody gets anything is not written down, it always comes last.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import product
from math import prod

JointWish = tuple[str | None, ...]
LAST = 1_000_000
MOST_JOINT_WISHES = 5_000
"""Three children with sixteen wishes each stay below; more is a list nobody has thought through."""


class WishKind(StrEnum):
    """きょうだいの希望の種類."""

    SAME_ONLY = "same_only"
    EITHER = "either"
    ALL_OR_NONE = "all_or_none"
    PREFER_SAME = "prefer_same"


class TooManyJointWishes(ValueError):
    """The wishes of a family multiply beyond what can be weighed."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"きょうだいの希望の組合せが{count:,}通りあり、{MOST_JOINT_WISHES:,}通りを超えます。"
            "希望する施設を減らすか、同じ施設だけの希望にしてください。"
        )


def joint_wishes(kind: WishKind, wishes: Sequence[Sequence[str]]) -> list[JointWish]:
    """The joint wishes of children with these wishes (each best first), in the order in which they are met.

    同じ施設だけ: every facility that all of them wish, by the sum of the wish numbers.
    別々でもよい: most seats first, then the smallest sum of wish numbers, the smallest worst one, the first child.
    全員入れるときだけ: of those only where everybody has a seat.
    同じ施設を優先: all at one facility, then everybody somewhere, then some of them.
    Raises TooManyJointWishes.
    """
    if kind == WishKind.SAME_ONLY:
        return _at_one_facility(wishes)
    count = prod(len(each) + 1 for each in wishes)
    if count > MOST_JOINT_WISHES:
        raise TooManyJointWishes(count)
    every = sorted(product(*([*range(len(each)), None] for each in wishes)), key=_order)
    named = [_named(places, wishes) for places in every if any(place is not None for place in places)]
    if kind == WishKind.EITHER:
        return named
    whole = [wish for wish in named if None not in wish]
    if kind == WishKind.ALL_OR_NONE:
        return whole
    return list(dict.fromkeys([*_at_one_facility(wishes), *whole, *named]))


def follow_enrolled(wishes: Sequence[str], enrolled_at: Sequence[str]) -> list[str]:
    """在園のきょうだいと同じ施設だけ: of these wishes only those where a brother or sister is enrolled."""
    return [code for code in wishes if code in set(enrolled_at)]


def strictest(kinds: Sequence[WishKind]) -> WishKind:
    """Where the papers of one family differ, the wish that asks for the most."""
    order = [WishKind.EITHER, WishKind.PREFER_SAME, WishKind.ALL_OR_NONE, WishKind.SAME_ONLY]
    return max(kinds, key=order.index)


def _at_one_facility(wishes: Sequence[Sequence[str]]) -> list[JointWish]:
    places = [{code: place for place, code in enumerate(each)} for each in wishes]
    common = [code for code in wishes[0] if all(code in each for each in places)]
    ordered = sorted(common, key=lambda code: _order(tuple(each[code] for each in places)))
    return [(code,) * len(wishes) for code in ordered]


def _order(places: tuple[int | None, ...]) -> tuple[int, int, int, tuple[int, ...]]:
    placed = [place for place in places if place is not None]
    unplaced_last = tuple(LAST if place is None else place for place in places)
    return (-len(placed), sum(placed), max(placed, default=0), unplaced_last)


def _named(places: tuple[int | None, ...], wishes: Sequence[Sequence[str]]) -> JointWish:
    return tuple(None if place is None else each[place] for place, each in zip(places, wishes, strict=True))
