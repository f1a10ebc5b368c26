"""Seats given by hand: they stay, they are told, and what cannot be held is refused by name."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.allocation.actions import (
    compute_round,
    hold_seat,
    open_round,
    release_seat,
    submit_round,
)
from madoguchi.services.allocation.errors import Outdated, SeatFaulty, WrongState
from madoguchi.services.allocation.models import HeldSeat, Placement
from madoguchi.services.allocation.queries import held_seats
from madoguchi.services.applications.models import Application
from tests.factories_allocation import PERIOD, accepted, few_seats, with_sibling

SLUG = "gakudo-club"


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def scene(section: Any, reviewer: Any, now: datetime) -> tuple[Any, dict[str, Application]]:
    """Two children for the one seat of club01; by rank one of them gets it."""
    loaded = few_seats(now, club01=1, club04=0)
    people = {given: accepted(loaded, reviewer, now, given, ["club01"]) for given in ("はな", "たろう")}
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    return opened, people


def where(people: dict[str, Application]) -> dict[str, str]:
    placed = dict(Placement.objects.values_list("application_id", "facility_code"))
    return {given: placed[person.pk] for given, person in people.items()}


def second_in_rank(scene: Any, reviewer: Any, now: datetime) -> str:
    compute_round(round_id=scene[0].id, by=reviewer, at=now)
    return next(given for given, code in where(scene[1]).items() if not code)


def held(scene: Any, given: str, reviewer: Any, now: datetime, **changed: str) -> None:
    told = {"number": scene[1][given].number, "facility_code": "club01", "reason": "児童相談所と協議した"}
    hold_seat(round_id=scene[0].id, by=reviewer, at=now, **(told | changed))


def test_a_seat_given_by_hand_stays_whatever_the_rank(scene: Any, reviewer: Any, now: datetime) -> None:
    second = second_in_rank(scene, reviewer, now)
    held(scene, second, reviewer, now)
    view = compute_round(round_id=scene[0].id, by=reviewer, at=now)
    assert where(scene[1])[second] == "club01"
    assert view.figures["held"] == 1
    assert view.figures["blocking"] == 0, "nobody can claim a seat that was given by hand"
    row = Placement.objects.get(application=scene[1][second])
    assert "市が個別に決めた席" in " ".join(row.explanation["sentences"])
    (seat,) = held_seats(scene[0].id)
    assert (seat.number, seat.reason) == (scene[1][second].number, "児童相談所と協議した")
    traced = trace_of(Subject("applications.application", str(row.application_id)))
    assert "allocation.seat_held" in [line.verb for line in traced]


def test_taken_back_the_rank_decides_again(scene: Any, reviewer: Any, now: datetime) -> None:
    second = second_in_rank(scene, reviewer, now)
    held(scene, second, reviewer, now)
    release_seat(round_id=scene[0].id, number=scene[1][second].number, by=reviewer, at=now)
    compute_round(round_id=scene[0].id, by=reviewer, at=now)
    assert where(scene[1])[second] == ""
    assert not HeldSeat.objects.exists()


def test_a_list_computed_before_is_not_submitted(
    scene: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    second = second_in_rank(scene, reviewer, now)
    held(scene, second, reviewer, now)
    head = staff_with(Role.SECTION_HEAD)
    with pytest.raises(Outdated):
        submit_round(round_id=scene[0].id, approver=head, by=reviewer, at=now)
    compute_round(round_id=scene[0].id, by=reviewer, at=now)
    submit_round(round_id=scene[0].id, approver=head, by=reviewer, at=now)
    with pytest.raises(WrongState):
        release_seat(round_id=scene[0].id, number=scene[1][second].number, by=reviewer, at=now)


def test_a_sibling_of_a_child_with_such_a_seat_competes_on(
    section: Any, reviewer: Any, now: datetime
) -> None:
    loaded = few_seats(now, club01=1, club04=1)
    one = accepted(
        loaded,
        reviewer,
        now,
        "はな",
        ["club01", "club04"],
        **with_sibling("じろう", ["club01", "club04"], "either"),
    )
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    told = {"number": one.number, "facility_code": "club04", "reason": "送迎の都合を確かめた"}
    hold_seat(round_id=opened.id, by=reviewer, at=now, **told)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    assert where({"はな": one}) == {"はな": "club04"}


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"number": "GK9999999"}, "GK9999999"),
        ({"facility_code": "club99"}, "club99"),
        ({"facility_code": "club04"}, "希望にない"),
        ({"reason": "  "}, "理由"),
    ],
    ids=["no such case", "no such facility", "not wished", "no reason"],
)
def test_what_cannot_be_held_is_refused_by_name(
    scene: Any, reviewer: Any, now: datetime, changed: dict[str, str], names: str
) -> None:
    with pytest.raises(SeatFaulty, match=names):
        held(scene, "はな", reviewer, now, **changed)
    assert not HeldSeat.objects.exists()


def test_no_more_seats_by_hand_than_there_are(scene: Any, reviewer: Any, now: datetime) -> None:
    held(scene, "はな", reviewer, now)
    with pytest.raises(SeatFaulty, match="定員"):
        held(scene, "たろう", reviewer, now)
    held(scene, "はな", reviewer, now, reason="理由を書き直した")
    assert HeldSeat.objects.get().reason == "理由を書き直した"


def test_only_who_may_allocate_gives_a_seat(scene: Any, staff_with: Any, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        held(scene, "はな", staff_with(Role.AUDITOR, login="kansa9"), now)
