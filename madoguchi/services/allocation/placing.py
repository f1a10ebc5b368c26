"""利用調整: from children who compete to a market of families, and from its outcome to who is placed where.

Brothers and sisters who wish to stay together are one family with joint wishes (joint_wishes.py). A child alone is a
family of one; so is each child of a family that does not mind (別でもよい), by the words of the clubs' form, and a child
whose seat was given by hand: it holds that seat and wishes nothing. A child that has a seat somewhere (転園) keeps it unless
a wish is met. The order at a facility is strict: phase, points, tie facts, public lottery number. Everything else is the
market's (market/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from madoguchi.services.allocation.errors import WishesTooMany

from .contest import Child, Placing, Rank, Seats, families
from .joint_wishes import JointWish, TooManyJointWishes, WishKind, joint_wishes, strictest
from .market import interchange
from .market.checking import Finding
from .market.checking import check as check_market
from .market.goals import Goal
from .market.solving import allocate
from .quota_passes import common, given_out, names_of, reserved

NOT_ALL_ELIGIBLE = (
    "きょうだいの中に利用の要件を満たさないお子さんがいるため、全員そろっての入所ができません。"
)
NO_COMMON_WISH = "きょうだい全員が希望する施設がありません。"
NOT_SAME = "きょうだい全員が同じ施設に入れる席がありません。"
NOT_ALL = "きょうだい全員の席がそろいません。"
BOUND = frozenset({WishKind.SAME_ONLY, WishKind.ALL_OR_NONE})
"""Wishes by which nobody of the family enters alone."""


@dataclass(frozen=True)
class Party:
    """Children who wish together; a party that takes no part only holds the seats it has."""

    name: str
    members: tuple[Child, ...]
    kind: WishKind
    takes_part: bool = True


def place(
    children: Iterable[Child],
    capacities: Seats | Mapping[str, int],
    *,
    goal: Goal = Goal.STABLE,
    seconds: float = 45,
) -> Placing:
    """Seats for everybody who ranks high enough. Capacities are of clubs, or seats by class; a place not named has no seat.

    Refused: WishesTooMany for a family whose wishes multiply beyond reason.
    """
    everybody = sorted(children, key=lambda child: child.id)
    parties, set_aside = _parties(everybody)
    placing = _allocated(everybody, parties, Seats.of(capacities), goal, seconds)
    for party in parties:
        if party.takes_part and _nobody_moved(party, placing.facility):
            set_aside |= _aside(party.members, NOT_SAME if party.kind == WishKind.SAME_ONLY else NOT_ALL)
    return replace(placing, set_aside=set_aside)


def _allocated(
    children: Sequence[Child], parties: Sequence[Party], seats: Seats, goal: Goal, seconds: float
) -> Placing:
    """One pass; with quotas two, the second of which gives out what they have left."""
    instance = _instance(parties, seats)
    if not seats.quotas:
        outcome = allocate(instance, goal=goal, seconds=seconds)
        bound = outcome.blocking_bound
        return Placing(outcome.placed, {}, outcome.proof, outcome.blocking, blocking_bound=bound)
    first = allocate(reserved(instance, seats.quotas, children), goal=goal, seconds=seconds / 2)
    held = common(first.placed, seats.quotas)
    last = allocate(given_out(instance, held), goal=goal, seconds=seconds / 2)
    return Placing(
        last.placed,
        {},
        "optimal" if {first.proof, last.proof} == {"optimal"} else "bound",
        tuple(sorted({*first.blocking, *last.blocking})),
        first.placed,
        names_of(first.placed, last.placed, seats.quotas),
        max(first.blocking_bound, last.blocking_bound),
    )


def _nobody_moved(party: Party, placed: Mapping[str, str]) -> bool:
    """Whether a family that enters together or not at all got none of its wishes."""
    if party.kind not in BOUND or len(party.members) < 2:
        return False
    return all(placed.get(child.id, "") == child.present for child in party.members)


def check(
    children: Iterable[Child],
    capacities: Seats | Mapping[str, int],
    placed: Mapping[str, str],
    first: Mapping[str, str] | None = None,
) -> Finding:
    """What the independent checker says of seats given to these children. first: where they were before the unused
    seats of quotas were given out; then it says so of both passes."""
    everybody, seats = sorted(children, key=lambda child: child.id), Seats.of(capacities)
    instance = _instance(_parties(everybody)[0], seats)
    if not seats.quotas:
        return check_market(instance, placed)
    before = check_market(reserved(instance, seats.quotas, everybody), first or {})
    after = check_market(given_out(instance, common(first or {}, seats.quotas)), placed)
    blocking = {block.family: block for block in (*before.blocking, *after.blocking)}
    return Finding(
        after.placed,
        after.bound,
        before.violations + after.violations,
        [blocking[key] for key in sorted(blocking)],
    )


def claims_of(children: Iterable[Child], finding: Finding) -> dict[str, str]:
    """By child, the facility that its family could claim by the checker's word."""
    parties = {party.name: party for party in _parties(sorted(children, key=lambda child: child.id))[0]}
    return {
        child.id: code
        for block in finding.blocking
        for child, code in zip(parties[block.family].members, block.wish, strict=True)
        if code in child.wishes
    }


def market_of(children: Iterable[Child], seats: Seats) -> interchange.Instance:
    """The market these children compete in, as a file of the format tells it; quotas are no part of the format."""
    everybody = sorted(children, key=lambda child: child.id)
    return _instance(_parties(everybody)[0], seats)


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
            parties += [_alone(child) for child in eligible]
        elif eligible:
            parties.append(Party(f"family {key}", eligible, kind))
    alone = [child for child in children if child.held or (child.eligible and child.id not in joined)]
    parties += [_alone(child) for child in alone]
    taking_part = {child.id for party in parties for child in party.members}
    left = [child for child in children if child.present and child.id not in taking_part]
    return parties + [_alone(child, takes_part=False) for child in left], set_aside


def _alone(child: Child, *, takes_part: bool = True) -> Party:
    return Party(child.id, (child,), WishKind.EITHER, takes_part)


def _aside(members: Iterable[Child], reason: str) -> dict[str, str]:
    return {child.id: reason for child in members}


def _instance(parties: Sequence[Party], seats: Seats) -> interchange.Instance:
    children = [child for party in parties for child in party.members]
    wishes = {
        child.id: _known(child, seats) for party in parties if party.takes_part for child in party.members
    }
    return interchange.Instance(
        tuple(_facilities(seats)),
        tuple(interchange.Child(child.id, child.age_class, child.keeps or None) for child in children),
        tuple(_family(party, wishes) for party in parties),
        _priorities(children, wishes),
    )


def _known(child: Child, seats: Seats) -> tuple[str, ...]:
    """The wishes that can be met: places with a class of the child; of a child with a seat given by hand none."""
    return () if child.held else tuple(code for code in child.wishes if seats.pool(code, child.age_class))


def _facilities(seats: Seats) -> Iterable[interchange.Facility]:
    """Joint classes pool their seats, so all of them may stand at the first."""
    found: dict[str, tuple[dict[str, int], list[tuple[str, ...]]]] = {}
    for (code, label), count in sorted(seats.by_pool.items()):
        by_class, shared = found.setdefault(code, ({}, []))
        classes = tuple(label.split("+"))
        by_class |= dict.fromkeys(classes, 0) | {classes[0]: count}
        shared += [classes] if len(classes) > 1 else []
    return (interchange.Facility(code, by_class, tuple(shared)) for code, (by_class, shared) in found.items())


def _family(party: Party, wishes: Mapping[str, tuple[str, ...]]) -> interchange.Family:
    names = tuple(child.id for child in party.members)
    if not party.takes_part:
        return interchange.Family(party.name, names, ())
    try:
        together = joint_wishes(party.kind, [wishes[name] for name in names])
    except TooManyJointWishes as error:
        raise WishesTooMany(names, str(error)) from error
    return interchange.Family(party.name, names, tuple(_staying(wish, party.members) for wish in together))


def _staying(wish: JointWish, members: Sequence[Child]) -> JointWish:
    """A joint wish in which a child that does not move keeps the seat it has."""
    return tuple(code or child.present or None for code, child in zip(wish, members, strict=True))


def _priorities(
    children: Sequence[Child], wishes: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """A tier for each child: ranks end with the public lottery number, so there are no ties."""
    ranks: dict[str, list[tuple[Rank, str]]] = defaultdict(list)
    for child in children:
        for code in wishes.get(child.id, ()):
            ranks[code].append((child.ranks[code], child.id))
    return {code: tuple((name,) for _, name in sorted(entries)) for code, entries in ranks.items()}
