"""保育所の利用調整, one whole period as 港区 has it: from the first family at the portal to a seat that is passed on."""

from random import Random

from demo.town import found_the_town
from madoguchi.common.ages import nursery_class
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.actions import enter_households
from madoguchi.ledgers.registry.town_generator import generate_families
from madoguchi.services.allocation import actions as allocation
from madoguchi.services.allocation.seat_rules import SeatRow
from scenarios.hoiku_minato import again, others, steps, verdicts
from scenarios.hoiku_minato.children import ENTRY, Infant, Nurseries, infants
from scenarios.hoiku_minato.season import FULL, PLAN, SMALL, Season, arrivals
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period import decision, desk, intake
from scenarios.whole_period.clock import Clock
from scenarios.whole_period.desk import staff
from scenarios.whole_period.plan import at
from scenarios.whole_period.verdicts import the_trace_verifies

OFFSET = 600_000
FAMILIES_MORE = 2.2
"""Children drawn for one who applies: some go on where they are."""


def play(stage: Stage) -> Report:
    """Play the period and look at everything it left behind."""
    season = FULL if stage.size == "full" else SMALL
    report, clock, lot = Report("hoiku-minato"), Clock(), Random(PLAN.seed)
    loaded, nurseries, people = clock.time("found", lambda: _found(season, lot))
    by_http, drawn = arrivals(people, season, lot)
    visited = clock.time("portal", lambda: intake.through_the_portal(stage, PLAN, loaded, by_http, lot))
    second = clock.time("intake", lambda: intake.through_the_intake(PLAN, loaded, drawn))
    clock.time("review", lambda: desk.review(stage, PLAN, set(second), lot))
    round_id = clock.time("seats", lambda: _begin(nurseries))
    clock.time("allocate", lambda: decision.compute(PLAN, round_id))
    beside = clock.time("beside", lambda: _beside(round_id, nurseries))
    draft_id = clock.time("submit", lambda: decision.submit(PLAN, round_id, PLAN.allocation_day))
    clock.time("decide", lambda: decision.decide(stage, PLAN, draft_id, PLAN.decision_day))
    letters = clock.time("letters", lambda: decision.prepare_letters(PLAN, round_id, PLAN.decision_day))
    clock.time("release", lambda: decision.release(stage, PLAN, letters, PLAN.release_day))
    clock.time("look", lambda: verdicts.look(report, season, nurseries, visited, second, round_id, beside))
    steps.count(report, round_id, clock.seconds)
    before = verdicts.children_of(round_id)
    turn = clock.time("again", lambda: again.give_again(stage, PLAN, round_id, lot))
    again.look(report, PLAN, before, turn, nurseries)
    the_trace_verifies(report)
    report.figures |= clock.figures
    return report


def _found(season: Season, lot: Random) -> tuple[LoadedPackage, Nurseries, list[Infant]]:
    found_the_town(residents=0, at=at(PLAN.first_day, 8), applications=0)
    enter_municipality(office.municipality_by_code("999999").pk)
    loaded = live_package(PLAN.slug)
    assert loaded is not None
    nurseries = Nurseries.of(loaded.package.facilities[: season.places], season.staying_share)
    small = round(season.children * FAMILIES_MORE)
    households = list(generate_families(small, PLAN.seed, on=ENTRY, offset=OFFSET, year_of=nursery_class))
    people = infants(households, nurseries, season.children, lot)
    applying = {infant.household.number for infant in people}
    living = [household for household in households if household.number in applying]
    enter_households(living, by=SYSTEM, at=at(PLAN.first_day, 8, 30))
    return loaded, nurseries, people


def _begin(nurseries: Nurseries) -> int:
    """Open the round and say, for each class, how many children go on there."""
    round_id = decision.begin(PLAN)
    rows = [
        SeatRow(facility.code, label, count, nurseries.staying[facility.code, label])
        for facility in nurseries.facilities
        for label, count in facility.seats.items()
    ]
    reviewer = staff(PLAN, "shinsa")
    allocation.give_seats(round_id=round_id, rows=rows, by=reviewer, at=at(PLAN.allocation_day, 9, 10))
    return round_id


def _beside(round_id: int, nurseries: Nurseries) -> verdicts.Beside:
    """The same again, a what-if, and another way to allocate, all before anything is decided."""
    first = verdicts.list_of(round_id)
    decision.compute(PLAN, round_id, 45)
    same = first == verdicts.list_of(round_id)
    seated = verdicts.seats_now(round_id)
    key = verdicts.most_wanted(round_id, {facility.code for facility in nurseries.facilities})
    what_if = others.more_seats(PLAN, round_id, key)
    instance = others.exported(PLAN)
    mixed = others.in_another_order(instance, Random(PLAN.seed))
    ours = others.taken_in(PLAN, seated, "いまの計算をもう一度検算", 0)
    other = others.taken_in(PLAN, others.first_come(instance), others.FIRST_COME, 10)
    once_more = others.taken_in(PLAN, others.first_come(instance), others.FIRST_COME, 20)
    return verdicts.Beside(
        same=same,
        mixed=mixed.outcome.placed == seated,
        fewest=mixed.outcome.blocking_bound,
        claims=others.claims(round_id, ours.key),
        key=key,
        what_if=what_if,
        ours=ours,
        other=other,
        again=once_more,
    )
