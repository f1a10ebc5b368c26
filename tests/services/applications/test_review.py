"""審査, 補正, 取下げ, 決裁: every act moves the state, its consequence and its trace together."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.services.applications import actions
from madoguchi.services.applications.errors import (
    AnswersIncomplete,
    CorrectionUnanswered,
    FieldsMissing,
    NothingToCorrect,
    ReasonMissing,
    StaleEdition,
    WrongStage,
)
from madoguchi.services.applications.models import Application, Check, Correction
from madoguchi.services.applications.states import Channel, Outcome, Stage
from madoguchi.services.applications.tasks import work_bulk
from tests.factories_applications import received, typed
from tests.factories_visitors import visitor_of

HOUR = timedelta(hours=1)


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


def case(number: str) -> Application:
    return Application.objects.get(number=number)


def ask(number: str, reviewer: Any, at: datetime, fields: list[str]) -> None:
    actions.ask_correction(
        number=number,
        by=reviewer,
        at=at,
        edition=case(number).edition,
        fields=fields,
        message="就労証明書のとおりに直してください。",
        due_on=date(2026, 12, 7),
        staff_seconds=60,
    )


def test_review_and_accept(loaded: Any, reviewer: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    actions.start_review(number=receipt.number, by=reviewer, at=now, edition=1)
    assert (case(receipt.number).stage, case(receipt.number).assigned_to_id) == (Stage.REVIEWING, reviewer.pk)
    actions.accept(number=receipt.number, by=reviewer, at=now, edition=2, staff_seconds=85)
    row = trace_of(Subject("applications.application", str(receipt.application_id))).last()
    assert row is not None
    assert (row.verb, row.note) == ("applications.accepted", {"step": "accept", "staff_seconds": 85})


def test_an_old_page_is_told_who_changed_it_and_when(
    loaded: Any, reviewer: Any, staff_with: Any, now: datetime
) -> None:
    receipt = received(loaded, now)
    actions.start_review(number=receipt.number, by=reviewer, at=now + HOUR, edition=1)
    other = staff_with(Role.REVIEWER, login="other")
    with pytest.raises(StaleEdition) as refused:
        actions.accept(number=receipt.number, by=other, at=now + 2 * HOUR, edition=1)
    assert "11月21日11時00分に佐藤　例が変えました" in refused.value.sentence
    assert case(receipt.number).stage == Stage.REVIEWING


def test_without_the_power_nothing_happens(loaded: Any, staff_with: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    clerk = staff_with(Role.COUNTER_CLERK)
    with pytest.raises(NotAllowed):
        actions.accept(number=receipt.number, by=clerk, at=now, edition=1)
    assert case(receipt.number).stage == Stage.RECEIVED


def test_another_town_cannot_touch_it(loaded: Any, reviewer: Any, other_town: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    with municipality_session(other_town.pk), pytest.raises(NotFound):
        actions.withdraw(number=receipt.number, by=SYSTEM, at=now)


def test_a_mark_is_settled_with_a_reason(loaded: Any, reviewer: Any, now: datetime) -> None:
    receipt = received(loaded, now, facts={"out_of_city": True})
    assert case(receipt.number).checks_to_look_at == 1
    with pytest.raises(ReasonMissing):
        actions.settle_check(number=receipt.number, code="in_city", by=reviewer, at=now, reason=" ")
    actions.settle_check(
        number=receipt.number, code="in_city", by=reviewer, at=now, reason="協定市の方。", staff_seconds=30
    )
    assert case(receipt.number).checks_to_look_at == 0
    assert Check.objects.get(code="in_city").settled_by == "佐藤　例"
    with pytest.raises(NotFound):
        actions.settle_check(number=receipt.number, code="complete", by=reviewer, at=now, reason="もう一度")


def test_only_the_asked_fields_can_be_changed_and_the_clock_stands_still(
    loaded: Any, reviewer: Any, now: datetime
) -> None:
    receipt = received(loaded, now, raw=typed(1, work_days="0"))
    due = case(receipt.number).due_on
    ask(receipt.number, reviewer, now, ["work_days"])
    asked = case(receipt.number)
    assert (asked.stage, asked.clock_stopped_on) == (Stage.CORRECTING, now.date())
    actions.answer_correction(
        number=receipt.number,
        by=SYSTEM,
        at=now + timedelta(days=6),
        raw={"work_days": ["18"], "child_name-given": ["べつのこ"]},
    )
    corrected = case(receipt.number)
    assert corrected.answers["work_days"] == 18
    assert corrected.person_name == "見本　そら1"
    assert (corrected.stage, corrected.clock_stopped_on) == (Stage.REVIEWING, None)
    assert corrected.due_on > due
    assert corrected.checks_to_look_at == 0
    correction = Correction.objects.get()
    assert (correction.before, correction.after) == ({"work_days": 0}, {"work_days": 18})
    assert correction.answered_at == now + timedelta(days=6)


def test_a_settled_check_stays_settled_when_nothing_new_is_said(
    loaded: Any, reviewer: Any, now: datetime
) -> None:
    receipt = received(loaded, now, facts={"out_of_city": True})
    actions.settle_check(number=receipt.number, code="in_city", by=reviewer, at=now, reason="協定市の方。")
    ask(receipt.number, reviewer, now, ["work_days"])
    actions.answer_correction(number=receipt.number, by=SYSTEM, at=now, raw={"work_days": ["3"]})
    assert Check.objects.get(code="in_city").settled_reason == "協定市の方。"
    assert case(receipt.number).checks_to_look_at == 0


def test_a_correction_must_ask_and_answer_something(loaded: Any, reviewer: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    for fields in ([], ["no_such_field"]):
        with pytest.raises(FieldsMissing):
            ask(receipt.number, reviewer, now, fields)
    with pytest.raises(NothingToCorrect):
        actions.answer_correction(number=receipt.number, by=SYSTEM, at=now, raw={"work_days": ["1"]})
    ask(receipt.number, reviewer, now, ["work_days"])
    with pytest.raises(CorrectionUnanswered):
        actions.answer_correction(number=receipt.number, by=SYSTEM, at=now, raw={"child_name-given": ["x"]})


def test_a_resident_answers_only_the_own_case_and_readably(loaded: Any, reviewer: Any, now: datetime) -> None:
    visitor, stranger = visitor_of("a@example.jp", now), visitor_of("b@example.jp", now)
    receipt = received(loaded, now, visitor_id=visitor.id)
    ask(receipt.number, reviewer, now, ["child_birth"])
    mine, theirs = (Actor("resident", str(each.id), "見本　花子") for each in (visitor, stranger))
    with pytest.raises(NotFound):
        actions.answer_correction(number=receipt.number, by=theirs, at=now, raw={"child_birth": ["R2.6.15"]})
    with pytest.raises(AnswersIncomplete):
        actions.answer_correction(number=receipt.number, by=mine, at=now, raw={"child_birth": ["いつか"]})
    actions.answer_correction(number=receipt.number, by=mine, at=now, raw={"child_birth": ["R2.6.15"]})
    assert case(receipt.number).answers["child_birth"] == "2020-06-15"


def test_a_resident_withdraws_before_the_decision_only(loaded: Any, reviewer: Any, now: datetime) -> None:
    visitor, stranger = visitor_of("a@example.jp", now), visitor_of("b@example.jp", now)
    mine = Actor("resident", str(visitor.id), "見本　花子")
    receipt = received(loaded, now, visitor_id=visitor.id)
    other = received(loaded, now, 2, visitor_id=visitor.id)
    with pytest.raises(NotFound):
        actions.withdraw(number=receipt.number, by=Actor("resident", str(stranger.id), ""), at=now)
    actions.withdraw(number=receipt.number, by=mine, at=now, reason="転居のため")
    assert case(receipt.number).stage == Stage.WITHDRAWN
    actions.accept(number=other.number, by=reviewer, at=now, edition=1)
    actions.put_under_decision(application_ids=[other.application_id], by=actor_of(reviewer), at=now)
    with pytest.raises(WrongStage, match="決裁中"):
        actions.withdraw(number=other.number, by=mine, at=now)


def test_many_are_accepted_as_a_job_and_marked_ones_stay(loaded: Any, reviewer: Any, now: datetime) -> None:
    numbers = [received(loaded, now, n, channel=Channel.PAPER).number for n in range(1, 5)]
    marked = received(loaded, now, 9, facts={"out_of_city": True}).number
    job_id = actions.accept_many(numbers=[*numbers, marked], by=reviewer, at=now)
    assert actions.accept_many(numbers=[*numbers, marked], by=reviewer, at=now, job_id=job_id) == job_id
    town_id = case(marked).municipality_id
    for _ in range(2):
        work_bulk(town_id, str(job_id))
    progress = job_progress(job_id)
    assert progress is not None
    assert (progress.done, progress.total, progress.percent) == (5, 5, 100)
    assert progress.failures[0].startswith(f"{marked}: 自動チェックの印が1件あります。")
    assert Application.objects.filter(stage=Stage.ACCEPTED).count() == 4
    assert case(numbers[0]).edition == 2


def test_a_chunk_closes_open_corrections_and_names_what_is_missing(
    loaded: Any, reviewer: Any, now: datetime
) -> None:
    asked, twin = received(loaded, now), received(loaded, now, 7)
    ask(asked.number, reviewer, now, ["work_days"])
    received(loaded, now, 7, channel=Channel.PAPER)
    later = now + timedelta(days=6)
    numbers = [asked.number, twin.number, "MC9999999"]
    with CaptureQueriesContext(connection) as caught:
        assert len(actions.accept_chunk(numbers=numbers, by=reviewer, at=later).ready) == 1
    assert len(caught) < 20
    assert (case(asked.number).stage, case(asked.number).clock_stopped_on) == (Stage.ACCEPTED, None)
    assert Correction.objects.get().answered_at == later
    assert case(twin.number).stage == Stage.RECEIVED


def test_cases_change_hands(loaded: Any, reviewer: Any, staff_with: Any, now: datetime) -> None:
    colleague = staff_with(Role.REVIEWER, login="colleague")
    numbers = [received(loaded, now, n).number for n in (1, 2)]
    assert actions.assign(numbers=numbers, to=colleague, by=reviewer, at=now) == 2
    assert actions.assign(numbers=numbers, to=colleague, by=reviewer, at=now) == 0
    assert case(numbers[0]).assigned_to == colleague
    assert case(numbers[0]).edition == 1


def test_all_are_decided_at_once_or_none(loaded: Any, reviewer: Any, now: datetime) -> None:
    receipts = [received(loaded, now, n) for n in (1, 2, 3)]
    ids = [receipt.application_id for receipt in receipts]
    for receipt in receipts:
        actions.accept(number=receipt.number, by=reviewer, at=now, edition=1)
    actions.put_under_decision(application_ids=ids, by=actor_of(reviewer), at=now)
    actions.back_to_accepted(application_ids=ids[:1], by=SYSTEM, at=now)
    decided = [actions.Decided(pk, Outcome.GRANTED, {"club": "中央"}) for pk in ids]
    with pytest.raises(WrongStage):
        actions.decide_many(decided=decided, by=SYSTEM, at=now + HOUR)
    assert not Application.objects.filter(stage=Stage.DECIDED).exists()
    assert actions.decide_many(decided=decided[1:], by=SYSTEM, at=now + HOUR) == 2
    one = case(receipts[1].number)
    assert (one.stage, one.outcome, one.outcome_facts) == (Stage.DECIDED, Outcome.GRANTED, {"club": "中央"})
    assert one.decided_at == now + HOUR
    last = trace_of(Subject("applications.application", str(one.pk))).last()
    assert last is not None
    assert last.note["outcome"] == "granted"


def test_score_before_and_after_are_kept(loaded: Any, reviewer: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    Application.objects.filter(number=receipt.number).update(score=Decimal("31"))
    ask(receipt.number, reviewer, now, ["work_days"])
    actions.answer_correction(number=receipt.number, by=SYSTEM, at=now, raw={"work_days": ["3"]})
    assert Correction.objects.get().score_before == Decimal("31.0")
