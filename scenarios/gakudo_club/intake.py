"""How the applications of the story come in."""

from collections.abc import Iterator
from random import Random

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.ledgers.registry.queries import resident_by_number
from madoguchi.services.applications.actions import Order, receive_many
from madoguchi.services.applications.states import Channel
from scenarios.gakudo_club.families import Pupil, Raw, typed
from scenarios.gakudo_club.portal import Visit, Visited, visit_all
from scenarios.gakudo_club.season import PORTAL_DAY, Arrival
from scenarios.stage import Stage

PERIOD = "2027-04"


def through_the_portal(
    stage: Stage, loaded: LoadedPackage, chosen: list[Pupil], lot: Random
) -> list[Visited]:
    """Real HTTP; every fifth family presses the last button twice."""
    address = stage.turn_to(PORTAL_DAY)
    visits = [
        Visit(resident_key(pupil), _typed(loaded, pupil, lot), twice=index % 5 == 0)
        for index, pupil in enumerate(chosen)
    ]
    return visit_all(address, loaded.package, visits)


def through_the_intake(loaded: LoadedPackage, drawn: list[Arrival], lot: Random) -> int:
    """The same intake action, for the other online families and for what clerks key."""
    clerk = office.staff_by_login("madoguchi")
    assert clerk is not None
    orders = _orders(loaded, drawn, lot, actor_of(clerk))
    return sum(1 for _ in receive_many(orders))


def _orders(loaded: LoadedPackage, drawn: list[Arrival], lot: Random, clerk: Actor) -> Iterator[Order]:
    for arrival in drawn:
        online = arrival.channel == Channel.ONLINE
        parent = arrival.pupil.parents[0]
        yield Order(
            version_id=loaded.version_id,
            period_code=PERIOD,
            raw=_typed(loaded, arrival.pupil, lot),
            channel=arrival.channel,
            by=Actor("resident", "", f"{parent.family}　{parent.given}") if online else clerk,
            at=arrival.at,
            submission_key=arrival.key,
            resident_id=resident_key(arrival.pupil),
            staff_seconds=arrival.keyed_seconds,
        )


def resident_key(pupil: Pupil) -> int:
    """The applicant's key in the registry."""
    found = resident_by_number(pupil.parents[0].atena_number)
    assert found is not None
    return found.id


def _typed(loaded: LoadedPackage, pupil: Pupil, lot: Random) -> Raw:
    return typed(pupil, lot, {club.school_district for club in loaded.package.facilities})
