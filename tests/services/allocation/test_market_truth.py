"""The engine against every outcome of tiny markets, and its two rules against every stable outcome."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, example, given, settings

from madoguchi.services.allocation.market.checking import check
from madoguchi.services.allocation.market.goals import ORDER, Goal
from madoguchi.services.allocation.market.indexing import index
from madoguchi.services.allocation.market.interchange import Instance, instance_of
from madoguchi.services.allocation.market.reducing import NothingLeft, reduce_market
from madoguchi.services.allocation.market.solving import allocate
from tests.factories_markets import Told, merits, no_stable_outcome, options_of, outcomes, tiny_markets

TRIES = settings(max_examples=120, deadline=None)
BETTER = {"fewest_blocking": -1, "most_placed": 1, "best_ranks": -1, "siblings_together": 1}


def small_enough(told: Told) -> Instance:
    instance = instance_of(told)
    count = 1
    for family in instance.families:
        count *= len(family.wishes) + 1
    assume(count <= 400)
    return instance


@pytest.mark.parametrize("goal", list(Goal))
@given(told=tiny_markets())
@example(told=no_stable_outcome())
@TRIES
def test_nothing_better_exists_by_the_declared_goals(goal: Goal, told: Told) -> None:
    instance = small_enough(told)
    all_merits = [merits(instance, *outcome) for outcome in outcomes(instance)]
    best = max(tuple(BETTER[name] * each[name] for name in ORDER[goal]) for each in all_merits)
    found = allocate(instance, goal=goal)
    reached = {row["goal"]: row["value"] for row in found.goals}
    assert tuple(BETTER[name] * reached[name] for name in ORDER[goal]) == best
    assert all(row["proven"] for row in found.goals)
    assert (found.proof, found.bound, found.time_over) == ("optimal", len(found.placed), False)
    finding = check(instance, found.placed)
    assert finding.violations == []
    assert {block.family for block in finding.blocking} == set(found.blocking)
    assert finding.bound >= max(each["most_placed"] for each in all_merits)


@given(told=tiny_markets())
@example(told=no_stable_outcome())
@TRIES
def test_the_two_rules_lose_no_stable_outcome(told: Told) -> None:
    instance = small_enough(told)
    stable = [chosen for chosen, placed in outcomes(instance) if not check(instance, placed).blocking]
    market = index(instance)
    try:
        reduced = reduce_market(market)
    except NothingLeft:
        assert stable == []
        return
    number = {name: family for family, name in enumerate(market.families)}
    for chosen in stable:
        for family, wish in zip(instance.families, chosen, strict=True):
            assert wish in reduced.alive[number[family.id]]


@given(told=tiny_markets())
@example(told=no_stable_outcome())
@TRIES
def test_the_two_rules_lose_no_outcome_in_which_only_exempt_families_block(told: Told) -> None:
    instance = small_enough(told)
    market = index(instance)
    number = {name: family for family, name in enumerate(market.families)}
    for chosen, placed in outcomes(instance)[:6]:
        blocking = {number[block.family] for block in check(instance, placed).blocking}
        reduced = reduce_market(market, blocking)
        for family, wish in zip(instance.families, chosen, strict=True):
            assert wish in reduced.alive[number[family.id]]


@given(told=tiny_markets())
@example(told=no_stable_outcome())
@TRIES
def test_the_checker_says_what_the_definition_says(told: Told) -> None:
    instance = small_enough(told)
    for chosen, placed in outcomes(instance)[:8]:
        expected = set()
        for family, reached in zip(instance.families, chosen, strict=True):
            claims = [n for n in range(reached) if blocks(told, instance, placed, family.id, n)]
            expected |= {(family.id, options_of(instance, family)[n]) for n in claims[:1]}
        found = check(instance, placed).blocking
        assert {(block.family, block.wish) for block in found} == expected


def blocks(told: Told, instance: Instance, placed: dict[str, str], name: str, number: int) -> bool:
    """The definition of the format, word for word and slowly."""
    family = next(each for each in instance.families if each.id == name)
    wish = dict(zip(family.children, options_of(instance, family)[number], strict=True))
    return all(
        _enough(told, placed, family.children, wish, facility, told_facility(told, facility))
        for facility in set(wish.values()) - {None}
    )


def told_facility(told: Told, name: str | None) -> dict[str, Any]:
    return next(each for each in told["facilities"] if each["id"] == name)


def _enough(
    told: Told, placed: dict[str, str], family: Any, wish: dict[str, Any], name: Any, facility: dict[str, Any]
) -> bool:
    facts = {child["id"]: child for child in told["children"]}
    tiers = told["priorities"][name]

    def rank(child: str) -> int:
        if facts[child]["initial"] == name:
            return -1
        return next(number for number, tier in enumerate(tiers) if child in tier)

    groups = [*facility["shared"], *([age] for age in facility["seats"])]
    taken: set[str] = set()
    for group in groups:
        if set(group) & taken:
            continue
        taken |= set(group)
        own = [child for child in family if wish[child] == name and facts[child]["class"] in group]
        if not own:
            continue
        lowest = max(rank(child) for child in own)
        others = [
            child
            for child, at in placed.items()
            if at == name and child not in family and facts[child]["class"] in group and rank(child) <= lowest
        ]
        if len(own) + len(others) > sum(facility["seats"][age] for age in group):
            return False
    return True


@given(told=tiny_markets())
@example(told=no_stable_outcome())
@TRIES
def test_the_order_of_rows_and_children_changes_nothing(told: Told) -> None:
    before = allocate(small_enough(told), seed=3)
    draw = random.Random(1)
    for name in ("facilities", "children", "families"):
        draw.shuffle(told[name])
    for family in told["families"]:
        order = list(range(len(family["children"])))
        draw.shuffle(order)
        family["children"] = [family["children"][place] for place in order]
        family["wishes"] = [[wish[place] for place in order] for wish in family["wishes"]]
    for tiers in told["priorities"].values():
        for tier in tiers:
            draw.shuffle(tier)
    told["priorities"] = dict(reversed(told["priorities"].items()))
    after = allocate(instance_of(told), seed=3)
    assert (after.placed, after.blocking) == (before.placed, before.blocking)


def test_the_drawn_markets_reach_every_corner() -> None:
    """A strategy that never drew a part for the solver or a transfer would prove little; the couple is given by hand."""
    seen: Counter[str] = Counter()

    @given(told=tiny_markets())
    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    def look(told: Told) -> None:
        instance = instance_of(told)
        if any(len(family.wishes) > 3 for family in instance.families[:1]):
            return
        found = allocate(instance)
        seen["asked"] += found.figures["asked"] > 0
        seen["moved"] += any(
            child.initial and found.placed.get(child.id) not in (None, child.initial)
            for child in instance.children
        )

    look()
    assert seen["asked"] > 5
    assert seen["moved"] > 5
