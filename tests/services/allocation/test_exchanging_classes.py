"""A round of nurseries as a file and back: seats that children hold, further rounds, and quotas."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.allocation.actions import (
    compute_round,
    decline_seat,
    export_round,
    open_again,
    open_round,
    submit_round,
    take_in_result,
)
from madoguchi.services.allocation.errors import QuotasNotTold
from madoguchi.services.allocation.market.interchange import instance_of
from madoguchi.services.allocation.models import Trial, TrialPlacement
from madoguchi.services.allocation.outside import OutsideResult, Seat
from tests.factories_nursery import PERIOD, SLUG, applied, nursery, transferring
from tests.services.allocation.test_quotas import QUOTA, with_quota

NAME = f"{SLUG}/{PERIOD}"
LONGER = {"guardians-1-start": "9:00", "guardians-1-end": "18:00"}


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


def computed(reviewer: Any, now: datetime) -> Any:
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    return compute_round(round_id=opened.id, by=reviewer, at=now)


def taken(placed: dict[str, str], reviewer: Any, now: datetime, name: str = NAME) -> Any:
    seats = tuple(Seat(f"placed.{number}", number, place) for number, place in placed.items())
    result = OutsideResult("RESULT.json", seats)
    return take_in_result(name=name, result=result, title="", by=reviewer, at=now)


def test_a_child_that_wants_to_move_keeps_its_seat_in_the_file(
    section: Any, reviewer: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1}, n02={"2": 1})
    stays = applied(loaded, reviewer, now, "はな", ["n01"], **transferring("n02")).number
    enters = applied(loaded, reviewer, now, "たろう", ["n01"], **LONGER).number
    computed(reviewer, now)
    told = export_round(name=NAME, by=reviewer, at=now, purpose="検算").told
    held = {child["id"]: (child["class"], child["initial"]) for child in told["children"]}
    assert held == {stays: ("2", "n02"), enters: ("2", None)}
    kept = taken({stays: "n02", enters: "n01"}, reviewer, now)
    assert (kept.violations, kept.blocking) == (0, 0)
    rows = TrialPlacement.objects.filter(trial_id=int(kept.key)).select_related("application")
    found = {row.application.number: (row.outcome, row.facility_code, row.wish_rank) for row in rows}
    assert found == {stays: ("waitlisted", "", None), enters: ("granted", "n01", 1)}
    lost = taken({enters: "n01"}, reviewer, now)
    finding = Trial.objects.get(pk=int(lost.key)).finding
    assert any("席を失っています" in sentence for sentence in finding["violations"])


def test_a_further_round_leaves_with_everybody_who_has_a_seat(
    section: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1}, n02={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER).number
    second = applied(loaded, reviewer, now, "たろう", ["n02"], **LONGER).number
    waits = applied(loaded, reviewer, now, "じろう", ["n01", "n02"]).number
    view, head = computed(reviewer, now), staff_with(Role.SECTION_HEAD)
    draft = draft_for(head, submit_round(round_id=view.id, approver=head, by=reviewer, at=now), now)
    decisions.approve(
        draft_id=draft.id, by=head, at=now, seen_sha256=draft.content_sha256, edition=draft.edition
    )
    decline_seat(round_id=view.id, number=first, reason="転出", by=reviewer, at=now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    compute_round(round_id=again.id, by=reviewer, at=now)
    told = export_round(name=f"{NAME}/2", by=reviewer, at=now, purpose="検算").told
    held = {child.id: child.initial for child in instance_of(told).children}
    assert held[second] == "n02"
    assert held[waits] is None
    kept = taken({second: "n02", waits: "n01"}, reviewer, now, f"{NAME}/2")
    assert (kept.round, kept.violations, kept.blocking) == (f"{NAME}/2", 0, 0)
    rows = TrialPlacement.objects.filter(trial_id=int(kept.key)).select_related("application")
    assert [(row.application.number, row.facility_code) for row in rows] == [(waits, "n01")]


def test_a_round_with_quotas_is_not_told_as_one_market(section: Any, reviewer: Any, now: datetime) -> None:
    loaded = nursery(now, files=with_quota(QUOTA, {"n01": {"2": 1}}))
    applied(loaded, reviewer, now, "はな", ["n01"])
    computed(reviewer, now)
    with pytest.raises(QuotasNotTold):
        export_round(name=NAME, by=reviewer, at=now, purpose="検算")
