"""学童クラブ入所申請, one whole period: from the first family at the portal to the measured effect."""

from random import Random

from demo.town import found_the_town
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.rows import HouseholdRow
from madoguchi.ledgers.registry.town_generator import generate_families
from scenarios.gakudo_club import verdicts
from scenarios.gakudo_club.families import pupils
from scenarios.gakudo_club.season import FULL, PLAN, SMALL, Season, arrivals
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period import decision, desk, intake
from scenarios.whole_period.clock import Clock
from scenarios.whole_period.plan import at

OFFSET = 500_000


def play(stage: Stage) -> Report:
    """Play the period and look at everything it left behind."""
    season = FULL if stage.size == "full" else SMALL
    report, clock = Report("gakudo-club"), Clock()
    loaded, households = clock.time("found", lambda: _found(season))
    lot = Random(PLAN.seed)
    clubs = loaded.package.facilities[: season.clubs]
    by_http, drawn = arrivals(pupils(households, clubs, lot), season, lot)
    visited = clock.time("portal", lambda: intake.through_the_portal(stage, PLAN, loaded, by_http, lot))
    second = clock.time("intake", lambda: intake.through_the_intake(PLAN, loaded, drawn))
    clock.time("review", lambda: desk.review(stage, PLAN, set(second), lot))
    round_id, draft_id = clock.time("allocate", _allocate)
    clock.time("decide", lambda: decision.decide(stage, PLAN, draft_id, PLAN.decision_day))
    letters = clock.time("letters", lambda: decision.prepare_letters(PLAN, round_id, PLAN.decision_day))
    clock.time("release", lambda: decision.release(stage, PLAN, letters, PLAN.release_day))
    clock.time("survey", lambda: decision.read_and_answer(PLAN, lot))
    clock.time("look", lambda: verdicts.look(report, season, visited, second))
    report.figures |= clock.figures
    if stage.size == "full":
        report.check("under 5 minutes", report.figures["seconds"] < 300, f"{report.figures['seconds']} s")
    return report


def _allocate() -> tuple[int, int]:
    """Score, place, check; one draft for the whole list. The keys of the round and of the draft."""
    round_id = decision.begin(PLAN)
    decision.compute(PLAN, round_id)
    return round_id, decision.submit(PLAN, round_id, PLAN.allocation_day)


def _found(season: Season) -> tuple[LoadedPackage, list[HouseholdRow]]:
    found_the_town(residents=0, at=at(PLAN.first_day, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    households = list(generate_families(season.children, PLAN.seed, offset=OFFSET))
    enter_households(households, by=SYSTEM, at=at(PLAN.first_day, 8, 30))
    loaded = live_package(PLAN.slug)
    assert loaded is not None
    return loaded, households
