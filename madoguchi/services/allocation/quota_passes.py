"""枠: two markets for one allocation with reserved seats. No Django; the reasons stand in ADR 0028.

**First pass.** A quota is a facility of its own: its seats are taken from the free seats of its class, and only the children who meet
its condition know it. To them it is one more place at each wish for that facility, before the common seats.
**Second pass.** The seats of a quota and the common ones are one again, and everybody holds what the first pass gave. So an
unused seat goes to whoever may claim it by the common order, and nobody loses one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from .contest import Child, Quota
from .market.interchange import Facility, Family, Instance, Tiers, Wish


def reserved(instance: Instance, quotas: Sequence[Quota], children: Iterable[Child]) -> Instance:
    """The first pass: quotas as facilities of their own."""
    cut = _as_far_as_free(instance, quotas)
    meets = {child.id: child.quotas for child in children}
    ages = {child.id: child.age for child in instance.children}
    doors = {
        (child, quota.pool[0]): [
            each.key
            for each in cut
            if each.pool[0] == quota.pool[0]
            and each.key in meets.get(child, ())
            and ages[child] in each.pool[1].split("+")
        ]
        for quota in cut
        for child in ages
    }
    return replace(
        instance,
        facilities=(*_without(instance.facilities, cut), *map(_facility, cut)),
        families=tuple(_knowing(family, doors) for family in instance.families),
        priorities={**instance.priorities, **{quota.key: _tiers(instance, quota, meets) for quota in cut}},
    )


def _as_far_as_free(instance: Instance, quotas: Sequence[Quota]) -> list[Quota]:
    """Quotas take free seats only, those named first before the others: what somebody holds is not reserved."""
    free = Counter(
        {(place.id, each): count for place in instance.facilities for each, count in place.seats.items()}
    )
    pools = {
        (place.id, each): group[0]
        for place in instance.facilities
        for group in place.shared
        for each in group
    }
    for child in instance.children:
        if child.initial is not None:
            free[child.initial, pools.get((child.initial, child.age), child.age)] -= 1
    cut = []
    for quota in quotas:
        pool = (quota.pool[0], quota.pool[1].split("+")[0])
        seats = max(0, min(quota.seats, free[pool]))
        free[pool] -= seats
        cut.append(replace(quota, seats=seats))
    return cut


def _without(facilities: Iterable[Facility], quotas: Iterable[Quota]) -> list[Facility]:
    taken = Counter[tuple[str, str]]()
    for quota in quotas:
        taken[quota.pool[0], quota.pool[1].split("+")[0]] += quota.seats
    return [
        replace(place, seats={each: count - taken[place.id, each] for each, count in place.seats.items()})
        for place in facilities
    ]


def _facility(quota: Quota) -> Facility:
    classes = tuple(quota.pool[1].split("+"))
    seats = dict.fromkeys(classes, 0) | {classes[0]: quota.seats}
    return Facility(quota.key, seats, (classes,) if len(classes) > 1 else ())


def _knowing(family: Family, doors: Mapping[tuple[str, str], list[str]]) -> Family:
    wishes: list[Wish] = []
    for wish in family.wishes:
        ways = [
            [*doors.get((child, code), ()), code] if code else [code]
            for child, code in zip(family.children, wish, strict=True)
        ]
        wishes += product(*ways)
    return replace(family, wishes=tuple(wishes))


def _tiers(instance: Instance, quota: Quota, meets: Mapping[str, frozenset[str]]) -> Tiers:
    tiers = instance.priorities.get(quota.pool[0], ())
    told = (tuple(child for child in tier if quota.key in meets.get(child, ())) for tier in tiers)
    return tuple(tier for tier in told if tier)


def common(placed: Mapping[str, str], quotas: Iterable[Quota]) -> dict[str, str]:
    """Where everybody is when a quota is the facility it belongs to."""
    facility = {quota.key: quota.pool[0] for quota in quotas}
    return {child: facility.get(code, code) for child, code in placed.items()}


def given_out(instance: Instance, placed: Mapping[str, str]) -> Instance:
    """The second pass: everybody holds what the first one gave."""
    children = tuple(
        replace(child, initial=placed.get(child.id, child.initial)) for child in instance.children
    )
    return replace(instance, children=children)


def names_of(first: Mapping[str, str], last: Mapping[str, str], quotas: Iterable[Quota]) -> dict[str, str]:
    """Who has a seat by a quota in the end, and which."""
    known = {quota.key: quota for quota in quotas}
    return {
        child: known[key].name
        for child, key in first.items()
        if key in known and last.get(child) == known[key].pool[0]
    }
