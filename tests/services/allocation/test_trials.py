"""試算 on real rounds: what is changed, what stays, what is kept, and what is refused."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.states import JobState
from madoguchi.services.allocation import trial_ordering, trying
from madoguchi.services.allocation.actions import (
    compute_round,
    open_round,
    order_computation,
    start_trial,
    start_weighing,
)
from madoguchi.services.allocation.errors import NotComputed, TrialFaulty, WrongState
from madoguchi.services.allocation.market.checking import Finding
from madoguchi.services.allocation.models import Placement, Round, RowWeight, Trial, TrialPlacement
from madoguchi.services.allocation.queries import comparison, price_of_fairness, row_weights, runs_of
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.trial_rules import Changes
from madoguchi.services.applications.states import Outcome
from tests.factories_allocation import PERIOD, accepted, few_seats

SLUG = "gakudo-club"


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """What was handed to the worker, to be worked off by the test itself."""
    handed: list[tuple[Any, dict[str, Any]]] = []
    for task in (
        trial_ordering.tasks.run_trial,
        trial_ordering.tasks.weigh_rows,
        trial_ordering.tasks.compute,
    ):
        monkeypatch.setattr(task, "defer", lambda task=task, **told: handed.append((task, told)))
    return handed


def work_off(queued: list[tuple[Any, dict[str, Any]]]) -> None:
    while queued:
        task, told = queued.pop(0)
        task(**told)


@pytest.fixture
def scene(section: Any, reviewer: Any, now: datetime) -> tuple[Any, dict[str, Any]]:
    """Three children who wish club01 first, which has one seat, and club04 second, which has one too."""
    loaded = few_seats(now, club01=1, club04=1)
    people = {
        given: accepted(loaded, reviewer, now, given, ["club01", "club04"])
        for given in ("はな", "たろう", "じろう")
    }
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    compute_round(round_id=opened.id, by=reviewer, at=now)
    return opened, people


def placed_in(trial: Trial) -> list[str]:
    rows = TrialPlacement.objects.filter(trial=trial).exclude(facility_code="")
    return sorted(rows.values_list("facility_code", flat=True))


def tried(scene: Any, reviewer: Any, now: datetime, queued: Any, changes: Changes) -> Trial:
    start_trial(round_id=scene[0].id, name="試し", changes=changes, by=reviewer, at=now)
    work_off(queued)
    return Trial.objects.latest("pk")


def test_one_seat_more_places_one_child_more_and_touches_nothing_else(
    scene: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    before = list(Placement.objects.order_by("pk").values_list("pk", "facility_code", "outcome"))
    trial = tried(scene, reviewer, now, queued, Changes(seats={"club01": 2}))
    assert placed_in(trial) == ["club01", "club01", "club04"]
    assert list(Placement.objects.order_by("pk").values_list("pk", "facility_code", "outcome")) == before
    told = comparison(scene[0].id, "0", str(trial.pk))
    assert told.one.outcomes[Outcome.GRANTED] == 2
    assert told.other.outcomes[Outcome.GRANTED] == 3
    assert told.other.told == ("さくら台第一学童クラブの定員 1 → 2",)
    differing = [club for club in told.clubs if club.differs]
    assert {club.code for club in differing} >= {"club01"}
    assert all(row.before != row.after for row in told.moved)
    assert 1 <= len(told.moved) <= 2


def test_another_wish_is_scored_as_a_wish_really_sent_in(
    scene: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    child = scene[1]["はな"]
    trial = tried(scene, reviewer, now, queued, Changes(wishes={child.number: ("club02",)}))
    row = TrialPlacement.objects.get(trial=trial, application=child)
    assert (row.facility_code, row.wish_rank) == ("club02", 1)
    child.refresh_from_db()
    assert child.answers["clubs"] == ["club01", "club04"]


def test_other_points_of_a_row_change_the_totals_of_those_it_fired_for(
    scene: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    sheet = scene[1]["はな"].score_sheet
    row = next(each for each in sheet["rows"] if each["subject"] == "c" and each["counted"])
    changed = Decimal(row["points"]) + 3
    trial = tried(scene, reviewer, now, queued, Changes(points={row["row_id"]: changed}))
    was = {p.application_id: p.total for p in Placement.objects.all()}
    now_total = {p.application_id: p.total for p in TrialPlacement.objects.filter(trial=trial)}
    key = scene[1]["はな"].pk
    assert now_total[key] - was[key] == 3


def test_a_trial_run_twice_is_kept_once(scene: Any, reviewer: Any, now: datetime, queued: Any) -> None:
    trial = tried(scene, reviewer, now, queued, Changes(seats={"club01": 2}))
    Trial.objects.filter(pk=trial.pk).update(finished_at=None)
    trying.run_trial(trial_id=trial.pk, at=now)
    assert TrialPlacement.objects.filter(trial=trial).count() == 3


def test_a_second_press_begins_nothing_new(scene: Any, reviewer: Any, now: datetime, queued: Any) -> None:
    told = {"round_id": scene[0].id, "name": "試し", "by": reviewer, "at": now, "job_id": uuid.uuid4()}
    first = start_trial(changes=Changes(seats={"club01": 2}), **told)
    assert start_trial(changes=Changes(seats={"club01": 3}), **told) == first
    assert Trial.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        (Changes(), "変えるものが一つもありません"),
        (Changes(seats={"club99": 1}), "club99"),
        (Changes(seats={"club01": -1}), "定員"),
        (Changes(points={"G-X99": Decimal(1)}), "G-X99"),
        (Changes(points={"G-A32": Decimal(1)}), "人が点を決める"),
        (Changes(wishes={"GK9999999": ("club01",)}), "GK9999999"),
    ],
    ids=["nothing", "no such facility", "below nothing", "no such row", "decided by hand", "no such child"],
)
def test_what_does_not_exist_is_refused_with_its_name(
    scene: Any, reviewer: Any, now: datetime, queued: Any, changes: Changes, names: str
) -> None:
    with pytest.raises(TrialFaulty, match=names):
        start_trial(round_id=scene[0].id, name="試し", changes=changes, by=reviewer, at=now)
    assert not Trial.objects.exists()
    assert queued == []


def test_a_wish_twice_in_one_list_is_refused(scene: Any, reviewer: Any, now: datetime, queued: Any) -> None:
    number = scene[1]["はな"].number
    with pytest.raises(TrialFaulty, match="重なり"):
        start_trial(
            round_id=scene[0].id,
            name="試し",
            changes=Changes(wishes={number: ("club01", "club01")}),
            by=reviewer,
            at=now,
        )


def test_there_is_nothing_to_try_before_the_round_is_computed(
    section: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    few_seats(now, club01=1)
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    with pytest.raises(NotComputed):
        start_trial(round_id=opened.id, name="", changes=Changes(seats={"club01": 2}), by=reviewer, at=now)
    with pytest.raises(NotFound):
        start_weighing(round_id=opened.id + 999, by=reviewer, at=now)


def test_only_who_may_allocate_tries(scene: Any, staff_with: Any, now: datetime, queued: Any) -> None:
    auditor = staff_with(Role.AUDITOR, login="kansa9")
    with pytest.raises(NotAllowed):
        start_trial(round_id=scene[0].id, name="", changes=Changes(seats={"club01": 2}), by=auditor, at=now)


def test_what_the_check_refuses_ends_the_job_with_its_sentence(
    scene: Any, reviewer: Any, now: datetime, queued: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Finding(violations=["club01 の定員を超えています。"])
    monkeypatch.setattr(trying, "check", lambda *_: wrong)
    trial = tried(scene, reviewer, now, queued, Changes(seats={"club01": 2}))
    job = jobs.job_progress(trial.job_id)
    assert job is not None
    assert job.state == JobState.FAILED
    assert "club01 の定員" in job.failures[0]
    assert runs_of(scene[0].id)[1].outcomes is None
    with pytest.raises(NotFound):
        comparison(scene[0].id, "0", str(trial.pk))


def test_the_weight_of_a_row_is_who_ends_otherwise_without_it(
    scene: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    job = start_weighing(round_id=scene[0].id, by=reviewer, at=now)
    work_off(queued)
    weights = {row.row_id: row for row in row_weights(scene[0].id)}
    progress = jobs.job_progress(job)
    assert progress is not None
    assert (progress.state, progress.done) == (JobState.FINISHED, len(weights))
    fired = {row["row_id"] for row in scene[1]["はな"].score_sheet["rows"]}
    assert all(weights[row_id].fired == 3 for row_id in fired)
    assert all(row.changed == 0 for row in weights.values() if not row.fired)
    base = next(row["row_id"] for row in scene[1]["はな"].score_sheet["rows"] if row["subject"] == "g1.1")
    assert weights[base].placed_change == -2, "without the row nobody meets the condition"


def test_the_price_of_keeping_ranks_is_told_in_differences(
    section: Any, reviewer: Any, now: datetime, queued: Any
) -> None:
    """One child wishes club01 alone, a better ranked one club01 before club04: by rank only one of them is seated."""
    loaded = few_seats(now, club01=1, club04=1)
    for given, clubs in (("はな", ["club01", "club04"]), ("たろう", ["club01"])):
        accepted(loaded, reviewer, now, given, clubs)
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    view = compute_round(round_id=opened.id, by=reviewer, at=now)
    assert price_of_fairness(opened.id) is None
    start_weighing(round_id=opened.id, by=reviewer, at=now)
    work_off(queued)
    price = price_of_fairness(opened.id)
    assert price is not None
    assert (price["more"], price["proof"]) == (2 - view.figures["placed"], "optimal")
    assert price["claims"] == price["more"]


def test_weighing_goes_on_where_it_was_killed(
    scene: Any, reviewer: Any, now: datetime, queued: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_weighing(round_id=scene[0].id, by=reviewer, at=now)
    weigh, weighed = trying._weigh, []

    def killed(*told: Any) -> None:
        if len(weighed) == 5:
            raise SystemExit(9)
        weighed.append(told[2].id)
        weigh(*told)

    monkeypatch.setattr(trying, "_weigh", killed)
    with pytest.raises(SystemExit):
        trying.weigh_rows(round_id=scene[0].id, job_id=job, at=now)
    assert RowWeight.objects.count() == 5
    monkeypatch.setattr(trying, "_weigh", weigh)
    trying.weigh_rows(round_id=scene[0].id, job_id=job, at=now)
    progress = jobs.job_progress(job)
    assert progress is not None
    assert progress.done == progress.total == RowWeight.objects.count()


def test_a_round_is_computed_by_the_worker(section: Any, reviewer: Any, now: datetime, queued: Any) -> None:
    loaded = few_seats(now, club01=1)
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    job = order_computation(round_id=opened.id, by=reviewer, at=now)
    work_off(queued)
    progress = jobs.job_progress(job)
    assert progress is not None
    assert "受理された申請が1件もありません" in progress.failures[0]
    accepted(loaded, reviewer, now, "はな", ["club01"])
    order_computation(round_id=opened.id, by=reviewer, at=now)
    work_off(queued)
    assert Placement.objects.count() == 1


def test_a_settled_round_is_not_computed_again(scene: Any, reviewer: Any, now: datetime, queued: Any) -> None:
    Round.objects.filter(pk=scene[0].id).update(state=RoundState.SETTLED)
    with pytest.raises(WrongState):
        order_computation(round_id=scene[0].id, by=reviewer, at=now)
    assert queued == []
