"""学童クラブ入所申請, one whole period: from the first family at the portal to the measured effect."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from demo.town import found_the_town
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.rows import HouseholdRow
from madoguchi.ledgers.registry.town_generator import generate_families
from scenarios.gakudo_club import decision, desk, intake, verdicts
from scenarios.gakudo_club.families import pupils
from scenarios.gakudo_club.season import FIRST_DAY, FULL, SEED, SMALL, Season, arrivals, at
from scenarios.report import Report
from scenarios.stage import Stage

SLUG = "gakudo-club"
OFFSET = 500_000
Answer = TypeVar("Answer")


@dataclass
class Clock:
    """How long each part of the story took, in seconds of this machine."""

    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, part: str, work: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        try:
            return work()
        finally:
            self.seconds[part] = round(time.monotonic() - began, 1)
            print(f"{part}: {self.seconds[part]} s", file=sys.stderr, flush=True)


def play(stage: Stage) -> Report:
    """Play the period and look at everything it left behind."""
    season = FULL if stage.size == "full" else SMALL
    report, clock, began = Report("gakudo-club"), Clock(), time.monotonic()
    loaded, households = clock.time("found", lambda: _found(season))
    lot = Random(SEED)
    clubs = loaded.package.facilities[: season.clubs]
    by_http, drawn = arrivals(pupils(households, clubs, lot), season, lot)
    visited = clock.time("portal", lambda: intake.through_the_portal(stage, loaded, by_http, lot))
    second = clock.time("intake", lambda: intake.through_the_intake(loaded, drawn))
    clock.time("review", lambda: desk.review(stage, season, set(second), lot))
    clock.time("allocate", decision.allocate)
    clock.time("decide", lambda: decision.decide(stage))
    clock.time("letters", decision.prepare_letters)
    clock.time("release", lambda: decision.release(stage))
    clock.time("survey", lambda: decision.read_and_answer(lot))
    clock.time("look", lambda: verdicts.look(report, season, visited, second))
    report.figures |= {"seconds": round(time.monotonic() - began, 1), "seconds_by_part": clock.seconds}
    if stage.size == "full":
        report.check("under 5 minutes", report.figures["seconds"] < 300, f"{report.figures['seconds']} s")
    return report


def _found(season: Season) -> tuple[LoadedPackage, list[HouseholdRow]]:
    found_the_town(residents=0, at=at(FIRST_DAY, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    households = list(generate_families(season.children, SEED, offset=OFFSET))
    enter_households(households, by=SYSTEM, at=at(FIRST_DAY, 8, 30))
    loaded = live_package(SLUG)
    assert loaded is not None
    return loaded, households
