"""成績: every figure is counted from the cases and the trace, and stands beside the printed table."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.improvement.insight.actions import answer_survey
from madoguchi.improvement.insight.errors import NoSuchAnswer
from madoguchi.improvement.insight.models import SurveyAnswer
from madoguchi.improvement.insight.queries import measures
from madoguchi.improvement.insight.states import Satisfaction, Verdict
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.states import Channel, Outcome
from tests.factories_applications import received, small_package

RESIDENT = Actor("resident", "x", "見本　花子")


@pytest.fixture
def receipts(section: Any, now: datetime) -> list[Any]:
    """Ten applications: three online, five on paper at 300 seconds each, two at the counter."""
    loaded = small_package(now)
    online = [received(loaded, now, n) for n in range(3)]
    paper = [
        received(loaded, now, n, channel=Channel.PAPER, by=CLERK, staff_seconds=300) for n in range(3, 8)
    ]
    counter = [received(loaded, now, n, channel=Channel.COUNTER) for n in (8, 9)]
    return [*online, *paper, *counter]


CLERK = Actor("staff", "1", "佐藤　例")


def of_period(now: datetime) -> Any:
    return measures("mihon-club", "r9", on=now.date())


def subject(receipt: Any) -> Subject:
    return Subject("applications.application", str(receipt.application_id))


def survey(receipt: Any, score: int, now: datetime) -> None:
    answer_survey(
        slug="mihon-club",
        period_code="r9",
        subject=subject(receipt),
        score=score,
        comment="",
        by=RESIDENT,
        at=now,
    )


def test_nothing_is_measured_before_there_is_anything(town: Any, now: datetime) -> None:
    found = of_period(now)
    assert [each.value for each in found.measures] == [None] * 5
    assert {each.verdict for each in found.measures} == {Verdict.NOT_YET}


def test_online_share_is_judged_against_both_targets(receipts: list[Any], now: datetime) -> None:
    share = of_period(now).measure("online_share")
    assert (share.value, share.numerator, share.denominator) == (Decimal("30.0"), 3, 10)
    assert [each.verdict for each in share.judged] == [Verdict.MET, Verdict.MET]
    assert share.link_filter == {"channel": "online"}
    assert queries.ledger(queries.Filters(**share.link_filter)).total == 3
    assert of_period(now).online_by_day == ((now.date(), 3, 10),)


def test_days_are_the_median_of_the_decided(receipts: list[Any], staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    for receipt, days in zip(receipts[:3], (10, 20, 60), strict=True):
        actions.accept(number=receipt.number, by=reviewer, at=now, edition=1)
        actions.put_under_decision(application_ids=[receipt.application_id], by=actor_of(reviewer), at=now)
        decided = [actions.Decided(receipt.application_id, Outcome.GRANTED, {})]
        actions.decide_many(decided=decided, by=SYSTEM, at=now + timedelta(days=days, hours=13))
    found = of_period(now).measure("days")
    assert (found.value, found.denominator) == (Decimal("20.0"), 3)
    judged = measures("mihon-club", "r9", on=now.date(), standard_days=19).measure("days")
    assert judged.verdict == Verdict.MISSED


def test_staff_time_is_told_by_step_and_the_machine_apart(
    receipts: list[Any], staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    actions.accept(number=receipts[0].number, by=reviewer, at=now, edition=1, staff_seconds=120)
    leave_trace(
        SYSTEM,
        "applications.keyed",
        subject(receipts[1]),
        at=now,
        note={"step": "receipt", "staff_seconds": 600},
    )
    leave_trace(
        RESIDENT,
        "applications.typed",
        subject(receipts[1]),
        at=now,
        note={"step": "receipt", "staff_seconds": 900},
    )
    found = of_period(now)
    minutes = found.measure("staff_minutes")
    assert (minutes.value, minutes.numerator, minutes.denominator) == (Decimal("2.7"), Decimal("27.0"), 10)
    assert [(part.key, part.value) for part in minutes.parts] == [
        ("receipt", Decimal("2.5")),
        ("accept", Decimal("0.2")),
    ]
    assert [(part.key, part.value) for part in found.machine_minutes] == [("receipt", Decimal("1.0"))]


def test_corrections_are_told_by_channel(receipts: list[Any], staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    actions.ask_correction(
        number=receipts[4].number,
        by=reviewer,
        at=now,
        edition=1,
        fields=["work_days"],
        message="直してください。",
        due_on=now.date(),
    )
    found = of_period(now).measure("corrections")
    assert (found.value, found.numerator) == (Decimal("10.0"), 1)
    assert {part.key: part.value for part in found.parts} == {
        "online": Decimal("0.0"),
        "counter": Decimal("0.0"),
        "paper": Decimal("20.0"),
    }
    assert queries.ledger(queries.Filters(corrected=True)).total == 1


def test_satisfaction_counts_the_two_upper_answers(receipts: list[Any], now: datetime) -> None:
    for receipt, score in zip(receipts, (4, 3, 3, 2, 1), strict=False):
        survey(receipt, score, now)
    found = of_period(now)
    value = found.measure("satisfaction")
    assert (value.value, value.numerator, value.denominator) == (Decimal("60.0"), 3, 5)
    assert value.verdict == Verdict.MISSED
    assert found.survey.counts[Satisfaction.RATHER_SATISFIED] == 2
    survey(receipts[4], 4, now)
    assert of_period(now).measure("satisfaction").value == Decimal("80.0")
    assert SurveyAnswer.objects.count() == 5


def test_the_trace_never_says_what_was_answered(receipts: list[Any], now: datetime) -> None:
    survey(receipts[0], 1, now)
    last = trace_of(subject(receipts[0])).last()
    assert last is not None
    assert (last.verb, last.note) == ("insight.survey_answered", {})


@pytest.mark.parametrize("score", [0, 5, -1])
def test_other_answers_are_refused(receipts: list[Any], now: datetime, score: int) -> None:
    with pytest.raises(NoSuchAnswer):
        survey(receipts[0], score, now)


def test_another_town_can_neither_answer_nor_see(receipts: list[Any], other_town: Any, now: datetime) -> None:
    survey(receipts[0], 4, now)
    with municipality_session(other_town.pk):
        assert of_period(now).applications == 0
        assert of_period(now).survey.answers == 0
        with pytest.raises(NotFound):
            survey(receipts[0], 1, now)


def test_every_figure_has_its_definition_and_few_questions(receipts: list[Any], now: datetime) -> None:
    with CaptureQueriesContext(connection) as caught:
        found = of_period(now)
    assert len(caught) <= 8
    assert all(each.definition.endswith("。") for each in found.measures)
    assert len({each.key for each in found.measures}) == 5
