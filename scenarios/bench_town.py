"""The town in which the benches measure, with families who are about to apply."""

import time
from collections.abc import Callable
from random import Random
from typing import TypeVar

from demo.town import found_the_town
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.town_generator import generate_families
from scenarios.gakudo_club.families import pupils
from scenarios.gakudo_club.season import FIRST_DAY, SEED, Season, arrivals
from scenarios.whole_period.plan import Arrival, at

SLUG = "gakudo-club"
OFFSET = 500_000
Answer = TypeVar("Answer")


def found(applications: int) -> tuple[LoadedPackage, list[Arrival], Random]:
    """サンプル市 with so many families, what they will send, and the lot they go on drawing from."""
    season = Season(applications=applications, through_the_portal=0, clubs=8)
    found_the_town(residents=0, at=at(FIRST_DAY, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    households = list(generate_families(season.children, SEED, offset=OFFSET))
    enter_households(households, by=SYSTEM, at=at(FIRST_DAY, 8, 30))
    loaded = live_package(SLUG)
    lot = Random(SEED)
    families = pupils(households, loaded.package.facilities[: season.clubs], lot)
    return loaded, arrivals(families, season, lot)[1], lot


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """What the work gave, and the seconds it took."""
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began
