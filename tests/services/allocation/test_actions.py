"""A round from accepted applications to decided ones."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import take_back
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.allocation import computing
from madoguchi.services.allocation.actions import compute_round, open_round, submit_round
from madoguchi.services.allocation.errors import (
    NobodyAccepted,
    NoProcedure,
    Outdated,
    Unsound,
    WrongState,
)
from madoguchi.services.allocation.market.checking import Finding
from madoguchi.services.allocation.models import Placement, Round
from madoguchi.services.allocation.queries import placement_of, placements, round_of
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.applications.actions import withdraw
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Outcome, Stage
from tests.factories_allocation import PERIOD, accepted, few_seats, with_sibling

SLUG = "gakudo-club"


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD)


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return few_seats(now, club01=1, club04=1)


def computed(reviewer: Any, now: datetime) -> Any:
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    return compute_round(round_id=opened.id, by=reviewer, at=now)


def approved(draft_id: int, head: Any, now: datetime) -> None:
    draft = draft_for(head, draft_id, now)
    decisions.approve(
        draft_id=draft_id, by=head, at=now, seen_sha256=draft.content_sha256, edition=draft.edition
    )


def test_a_round_is_opened_once_for_a_live_procedure(loaded: Any, reviewer: Any, now: datetime) -> None:
    first = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    assert open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now).id == first.id
    with pytest.raises(NoProcedure):
        open_round(slug=SLUG, period_code="1999-04", by=reviewer, at=now)


def test_without_the_power_nobody_computes(loaded: Any, head: Any, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        open_round(slug=SLUG, period_code=PERIOD, by=head, at=now)


def test_nobody_accepted_is_said(loaded: Any, reviewer: Any, now: datetime) -> None:
    with pytest.raises(NobodyAccepted):
        computed(reviewer, now)


def test_the_longer_working_family_has_the_seat_and_both_read_why(
    loaded: Any, reviewer: Any, now: datetime
) -> None:
    longer = {"guardians-1-days_month": "20", "guardians-1-start": "9:00", "guardians-1-end": "18:00"}
    first = accepted(loaded, reviewer, now, "さくら", ["club01"], **longer)
    second = accepted(loaded, reviewer, now, "もも", ["club01", "club04"])
    third = accepted(loaded, reviewer, now, "うめ", ["club01"])
    view = computed(reviewer, now)
    assert view.state == RoundState.COMPUTED
    assert (view.figures["placed"], view.figures["waitlisted"]) == (2, 1)
    assert next(club for club in view.clubs if club.code == "club01").placed == 1
    told = {each.application_id: each for each in placements(view.id)}
    assert told[first.pk].facility_code == "club01"
    assert told[second.pk].wish_rank == 2
    assert told[third.pk].outcome == Outcome.WAITLISTED
    assert "最も低い合計" in told[third.pk].sentences[0]
    assert told[third.pk].score[-1].startswith("合計は")


def test_siblings_for_the_same_club_stay_together_and_score_by_real_wishes(
    loaded: Any, reviewer: Any, now: datetime
) -> None:
    wishes = ["club01", "club02"]
    for given, other in (("さくら", "もも"), ("もも", "さくら")):
        accepted(loaded, reviewer, now, given, wishes, **with_sibling(other, wishes, "same_only"))
    computed(reviewer, now)
    assert set(Placement.objects.values_list("facility_code", flat=True)) == {"club02"}
    told = " ".join(placement_of(Application.objects.first().pk).score)
    assert "きょうだいも同時に申し込み" in told


def test_computing_again_replaces_the_placements(loaded: Any, reviewer: Any, now: datetime) -> None:
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    before = computed(reviewer, now)
    after = compute_round(round_id=before.id, by=reviewer, at=now)
    assert Placement.objects.count() == 1
    assert Round.objects.get().input_sha256
    assert after.figures["applications"] == 1


def test_a_result_the_checker_does_not_believe_is_not_stored(
    loaded: Any, reviewer: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    monkeypatch.setattr(computing, "check", lambda *_: Finding(violations=["定員を超えています。"]))
    with pytest.raises(Unsound, match="定員を超えています"):
        computed(reviewer, now)
    assert not Placement.objects.exists()


def test_one_draft_settles_every_application(loaded: Any, reviewer: Any, head: Any, now: datetime) -> None:
    for given in ("さくら", "もも"):
        accepted(loaded, reviewer, now, given, ["club01"])
    view = computed(reviewer, now)
    draft_id = submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
    draft = draft_for(head, draft_id, now)
    assert draft.item_count == 2
    assert set(Application.objects.values_list("stage", flat=True)) == {Stage.DECIDING}
    with pytest.raises(WrongState):
        compute_round(round_id=view.id, by=reviewer, at=now)
    approved(draft_id, head, now)
    assert round_of(SLUG, PERIOD).state == RoundState.SETTLED
    outcomes = set(Application.objects.values_list("stage", "outcome"))
    assert outcomes == {(Stage.DECIDED, Outcome.GRANTED), (Stage.DECIDED, Outcome.WAITLISTED)}
    granted = Application.objects.get(outcome=Outcome.GRANTED)
    assert granted.outcome_facts["facility_code"] == "club01"
    verbs = [row.verb for row in trace_of(Subject("allocation.round", str(view.id)))]
    assert verbs == ["allocation.opened", "allocation.computed", "allocation.submitted", "allocation.settled"]


def test_a_returned_draft_gives_the_applications_back_and_can_be_submitted_again(
    loaded: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    view = computed(reviewer, now)
    draft_id = submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
    draft = draft_for(head, draft_id, now)
    decisions.return_draft(
        draft_id=draft_id,
        by=head,
        at=now,
        seen_sha256=draft.content_sha256,
        edition=draft.edition,
        comment="定員を確かめてください。",
    )
    assert round_of(SLUG, PERIOD).state == RoundState.COMPUTED
    assert Application.objects.get().stage == Stage.ACCEPTED
    compute_round(round_id=view.id, by=reviewer, at=now)
    approved(submit_round(round_id=view.id, approver=head, by=reviewer, at=now), head, now)
    assert Application.objects.get().stage == Stage.DECIDED


def test_who_withdraws_after_the_computation_makes_the_list_outdated(
    loaded: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    accepted(loaded, reviewer, now, "さくら", ["club01"])
    gone = accepted(loaded, reviewer, now, "もも", ["club01"])
    view = computed(reviewer, now)
    withdraw(number=gone.number, by=SYSTEM, at=now)
    with pytest.raises(Outdated):
        submit_round(round_id=view.id, approver=head, by=reviewer, at=now)


def test_a_case_under_decision_stays_until_its_draft_comes_back(
    loaded: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    case = accepted(loaded, reviewer, now, "さくら", ["club01"])
    view = computed(reviewer, now)
    draft_id = submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
    with pytest.raises(Refusal, match="決裁中"):
        withdraw(number=case.number, by=SYSTEM, at=now)
    take_back(draft_id=draft_id, by=reviewer, at=now, reason="取下げの申し出があった")
    withdraw(number=case.number, by=SYSTEM, at=now)
    assert Application.objects.get().stage == Stage.WITHDRAWN
    with pytest.raises(Refusal):
        submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
