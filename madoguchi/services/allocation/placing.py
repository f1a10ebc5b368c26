"""利用調整: from children who compete to a market of families, and from its outcome to who is placed where.

Brothers and sisters who wish to stay together are one family with joint wishes (joint_wishes.py). A child alone is a
family of one; so is each child of a family that does not mind (別でもよい), by the words of the clubs' form, and a child
whose seat was given by hand: it holds that seat and wishes nothing. The order at a facility is strict: phase,
points, tie facts, public lottery number. Everything else is the market's (market/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .contest import Child, Placing, Rank, families
from .joint_wishes import WishKind, joint_wishes, strictest
from .market import interchange
from .market.checking import Finding
from .market.checking import check as check_market
from .market.goals import Goal
from .market.solving import allocate

NOT_ALL_ELIGIBLE = (
    "きょうだいの中に利用の要件を満たさないお子さんがいるため、全員そろっての入所ができません。"
)
NO_COMMON_WISH = "きょうだい全員が希望するクラブがありません。"
NOT_SAME = "きょうだい全員が同じクラブに入れる席がありません。"
NOT_ALL = "きょうだい全員の席がそろいません。"
BOUND = frozenset({WishKind.SAME_ONLY, WishKind.ALL_OR_NONE})
"""Wishes by which nobody of the family enters alone."""
EVERYBODY = "all"
"""The class of a facility whose seats are not divided by age."""


@dataclass(frozen=True)
class Party:
    """Children who wish together."""

    name: str
    members: tuple[Child, ...]
    kind: WishKind


def place(
    children: Iterable[Child], capacities: Mapping[str, int], *, goal: Goal = Goal.STABLE, seconds: float = 60
) -> Placing:
    """Seats for everybody who ranks high enough. Capacities are of clubs; a club not named has no seat.

    Raises TooManyJointWishes for a family whose wishes multiply beyond reason.
    """
    everybody = sorted(children, key=lambda child: child.id)
    parties, set_aside = _parties(everybody)
    outcome = allocate(_instance(parties, capacities), goal=goal, seconds=seconds)
    for party in parties:
        if party.kind in BOUND and len(party.members) > 1 and party.members[0].id not in outcome.placed:
            set_aside |= _aside(party.members, NOT_SAME if party.kind == WishKind.SAME_ONLY else NOT_ALL)
    return Placing(outcome.placed, set_aside, outcome.proof, outcome.blocking)


def check(children: Iterable[Child], capacities: Mapping[str, int], placed: Mapping[str, str]) -> Finding:
    """What the independent checker says of seats given to these children."""
    return check_market(market_of(children, capacities), placed)


def market_of(children: Iterable[Child], capacities: Mapping[str, int]) -> interchange.Instance:
    """The market these children compete in, as a file of the format tells it."""
    everybody = sorted(children, key=lambda child: child.id)
    return _instance(_parties(everybody)[0], capacities)


def _parties(children: Sequence[Child]) -> tuple[list[Party], dict[str, str]]:
    """Who wishes together, and why some take no part."""
    parties, set_aside, several = list[Party](), dict[str, str](), families(children)
    joined = {child.id for members in several.values() for child in members}
    for key, together in several.items():
        members = [child for child in together if not child.held]
        if not members:
            continue
        kind = strictest([WishKind(child.together) for child in members])
        eligible = tuple(child for child in members if child.eligible)
        if kind in BOUND and len(eligible) < len(members):
            set_aside |= _aside(members, NOT_ALL_ELIGIBLE)
        elif kind == WishKind.SAME_ONLY and not set.intersection(*(set(each.wishes) for each in members)):
            set_aside |= _aside(members, NO_COMMON_WISH)
        elif kind == WishKind.EITHER:
            parties += [Party(child.id, (child,), kind) for child in eligible]
        elif eligible:
            parties.append(Party(f"family {key}", eligible, kind))
    alone = [child for child in children if child.held or (child.eligible and child.id not in joined)]
    parties += [Party(child.id, (child,), WishKind.EITHER) for child in alone]
    return parties, set_aside


def _aside(members: Iterable[Child], reason: str) -> dict[str, str]:
    return {child.id: reason for child in members}


def _instance(parties: Sequence[Party], capacities: Mapping[str, int]) -> interchange.Instance:
    children = [child for party in parties for child in party.members]
    known = [
        () if child.held else tuple(code for code in child.wishes if code in capacities) for child in children
    ]
    wishes = dict(zip((child.id for child in children), known, strict=True))
    return interchange.Instance(
        tuple(interchange.Facility(code, {EVERYBODY: seats}) for code, seats in sorted(capacities.items())),
        tuple(interchange.Child(child.id, EVERYBODY, child.held or None) for child in children),
        tuple(_family(party, wishes) for party in parties),
        _priorities(children, wishes),
    )


def _family(party: Party, wishes: Mapping[str, tuple[str, ...]]) -> interchange.Family:
    own = [wishes[child.id] for child in party.members]
    together = joint_wishes(party.kind, own)
    return interchange.Family(party.name, tuple(child.id for child in party.members), tuple(together))


def _priorities(
    children: Sequence[Child], wishes: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """A tier for each child: ranks end with the public lottery number, so there are no ties."""
    ranks: dict[str, list[tuple[Rank, str]]] = defaultdict(list)
    for child in children:
        for code in wishes[child.id]:
            ranks[code].append((child.ranks[code], child.id))
    return {code: tuple((name,) for _, name in sorted(entries)) for code, entries in ranks.items()}
