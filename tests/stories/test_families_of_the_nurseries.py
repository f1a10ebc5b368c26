"""The families of the scenario hoiku-minato: what they type is accepted, and the lot gives the same ones again."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from madoguchi.common.ages import nursery_class
from madoguchi.ledgers.procedures.answers import Context, read_all
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.registry.town_generator import generate_families
from madoguchi.services.allocation.market.checking import check
from madoguchi.services.allocation.market.interchange import instance_of
from scenarios.allocation_markets import nurseries as market
from scenarios.hoiku_minato.children import ENTRY, Infant, Nurseries, Standing, infants
from scenarios.hoiku_minato.forms import typed
from scenarios.hoiku_minato.others import first_come

FOLDER = Path(__file__).parents[2] / "packages/hoiku/2026-04"
CHILDREN = 150
LOADED: Any = None
"""The forms of the nurseries ask nothing of the loaded package."""


@cache
def package() -> Package:
    return read_package(FOLDER)


def drawn(seed: int) -> list[Infant]:
    nurseries = Nurseries.of(package().facilities[:10], 0.3)
    households = list(generate_families(CHILDREN * 2, seed, on=ENTRY, year_of=nursery_class))
    return infants(households, nurseries, CHILDREN, Random(seed))


def test_what_every_family_types_is_accepted() -> None:
    """Whatever the lot: the form reads each paper without a word against it."""
    facts = {fact.key: None for fact in package().facts}
    context = Context(date(2026, 11, 16), package().periods[0], facts, package().facilities, channel="online")
    lot = Random(2)
    for infant in drawn(1):
        reading = read_all(package().form, typed(infant, lot, LOADED, True), context)
        assert not reading.errors, (infant, reading.errors)
        assert reading.values["nurseries"] == list(infant.wishes)
        transfer = infant.standing == Standing.TRANSFER
        assert bool(reading.values.get("transfer")) == transfer


def test_the_lot_gives_the_same_families_again_and_every_kind_of_them() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    people = drawn(1) + drawn(2)
    assert {infant.age_class for infant in people} == set("012345")
    assert {infant.standing for infant in people} == set(Standing) - {Standing.STAYS}
    wishes = {infant.sibling_wish for infant in people}
    assert wishes == {"", "same_only", "prefer_same", "either", "all_or_none", "follow_enrolled"}


def test_no_more_children_ask_to_move_than_stay_in_a_class() -> None:
    nurseries = Nurseries.of(package().facilities[:10], 0.3)
    moving = Counter(
        (infant.present, infant.age_class) for infant in drawn(1) if infant.standing == Standing.TRANSFER
    )
    assert moving
    assert all(count <= nurseries.staying[key] for key, count in moving.items())


def test_the_other_way_to_allocate_keeps_the_rules_of_seats() -> None:
    told = market(120, 8, 3)
    finding = check(instance_of(told), first_come(told))
    assert finding.violations == []
    assert finding.blocking
