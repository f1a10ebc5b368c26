"""How the applications of the story come in."""

import multiprocessing
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

from django.db import connections

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.session import current_municipality_id, enter_municipality
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import LoadedPackage, live_package
from madoguchi.ledgers.registry.queries import facts_of_households, residents_by_number
from madoguchi.services.applications.actions import Order, receive_many
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.views import Receipt
from scenarios.stage import Stage
from scenarios.whole_period.people import applicant_number
from scenarios.whole_period.plan import Applicant, Arrival, Plan
from scenarios.whole_period.portal import Visit, Visited, visit_all

DESKS = 2
CHUNK = 100
CERTIFICATES_AT_ONCE = 0.9


def through_the_portal(
    stage: Stage, plan: Plan, loaded: LoadedPackage, chosen: Sequence[Applicant], lot: Random
) -> list[Visited]:
    """Real HTTP; every fifth family presses the last button twice."""
    address = stage.turn_to(plan.portal_day)
    keys = residents_by_number(applicant_number(pupil) for pupil in chosen)
    visits = [
        Visit(
            keys[applicant_number(pupil)],
            plan.typed(pupil, lot, loaded, True),
            twice=index % 5 == 0,
        )
        for index, pupil in enumerate(chosen)
    ]
    return visit_all(address, plan, loaded.package, visits)


def through_the_intake(plan: Plan, loaded: LoadedPackage, drawn: list[Arrival]) -> dict[str, bool]:
    """The same intake action, for the other online families and for what clerks key at two desks at once.

    Second applications for a child come last. Returns their numbers, and whether the intake marked them.
    """
    first = [arrival for arrival in drawn if not arrival.duplicate]
    town = current_municipality_id() or 0
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(DESKS) as desks:
        parts = [(plan, town, first[desk::DESKS], plan.seed + desk) for desk in range(DESKS)]
        received = sum(desks.starmap(_one_desk, parts))
    enter_municipality(town)
    assert received == len(first)
    second = receive_all(plan, loaded, [arrival for arrival in drawn if arrival.duplicate], plan.seed)
    return {receipt.number: bool(receipt.checks_to_look_at) for receipt in second}


def _one_desk(plan: Plan, town: int, arrivals: list[Arrival], seed: int) -> int:
    enter_municipality(town)
    return len(receive_all(plan, live_package(plan.slug), arrivals, seed))


def receive_all(plan: Plan, loaded: LoadedPackage, arrivals: list[Arrival], seed: int) -> list[Receipt]:
    """Receive them at one desk, in chunks."""
    clerk = office.staff_by_login("madoguchi")
    assert clerk is not None
    lot = Random(seed)
    waiting, receipts = iter(arrivals), list[Receipt]()
    while chunk := list(islice(waiting, CHUNK)):
        receipts += receive_many(_orders(plan, loaded, chunk, lot, actor_of(clerk)), chunk=CHUNK)
    return receipts


def _orders(
    plan: Plan, loaded: LoadedPackage, chunk: list[Arrival], lot: Random, clerk: Actor
) -> Iterator[Order]:
    keys = residents_by_number(applicant_number(arrival.pupil) for arrival in chunk)
    asked = [(keys[applicant_number(each.pupil)], each.at.date()) for each in chunk]
    known = facts_of_households(asked)
    for arrival, who in zip(chunk, asked, strict=True):
        online = arrival.channel == Channel.ONLINE
        parent = arrival.pupil.parents[0]
        handed_in = {"cert_missing": 0} if online and lot.random() < CERTIFICATES_AT_ONCE else {}
        yield Order(
            version_id=loaded.version_id,
            period_code=plan.period,
            raw=plan.typed(arrival.pupil, lot, loaded, online),
            channel=arrival.channel,
            by=Actor("resident", "", f"{parent.family}　{parent.given}") if online else clerk,
            at=arrival.at,
            submission_key=arrival.key,
            resident_id=who[0],
            facts=known[who] | plan.known(arrival.pupil) | handed_in,
            staff_seconds=arrival.keyed_seconds,
        )
