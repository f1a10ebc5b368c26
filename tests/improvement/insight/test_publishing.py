"""Small groups are left out of the measures, with every figure that would give them back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.improvement.insight import queries
from madoguchi.improvement.insight.actions import answer_survey
from madoguchi.improvement.insight.publishing import published, thinned
from madoguchi.improvement.insight.queries import Measures, Survey
from madoguchi.improvement.insight.states import Satisfaction, Verdict
from madoguchi.ledgers.office.queries import trace_matching
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.applications.facts import ChannelCount
from madoguchi.services.applications.states import Channel
from tests.factories_applications import received, small_package

DAY = date(2026, 11, 2)


def found(
    online: int, paper: int, *, corrected: int = 0, answers: tuple[int, ...] = (0, 0, 0, 0)
) -> Measures:
    """Measures of made-up counts; answers from 満足 down."""
    channels = [
        ChannelCount(channel=Channel.ONLINE, applications=online, corrections=corrected),
        ChannelCount(channel=Channel.PAPER, applications=paper, corrections=0),
    ]
    total = online + paper
    survey = Survey(dict(zip(reversed(Satisfaction), answers, strict=True)))
    days = replace(queries.measured_share("days", "", 0, 0, ""), denominator=total, numerator=None)
    figures = (
        queries.online_share(channels, total),
        days,
        queries.staff_minutes([], total),
        queries.corrections(channels, total),
        queries.satisfaction(survey),
    )
    return Measures("x", "r", DAY, total, figures, (), survey, ((DAY, online, total),), ())


def test_a_survey_of_three_is_x() -> None:
    shown = published(found(60, 40, answers=(2, 1, 0, 0)), 5)
    measure = shown.measure("satisfaction")
    assert (measure.hidden, measure.value, measure.numerator, measure.denominator) == (True, None, None, None)
    assert measure.verdict == Verdict.NOT_YET
    assert set(shown.survey.values()) == {None}
    assert shown.hides


def test_a_share_goes_with_the_few_who_are_not_in_it() -> None:
    """99 % of 223 and the base tell that two were not content; that the target was met does not."""
    shown = published(found(60, 40, answers=(200, 21, 1, 1)), 5)
    assert shown.measure("satisfaction").hidden
    assert shown.measure("satisfaction").verdict == Verdict.MET
    whole = published(found(60, 40, answers=(180, 20, 12, 11)), 5)
    assert whole.measure("satisfaction").value == Decimal("89.7")
    assert list(whole.survey.values()) == [180, 20, 12, 11]


def test_the_online_share_and_its_channel_hide_one_another() -> None:
    shown = published(found(97, 3), 5)
    assert shown.measure("online_share").hidden
    assert all(part.hidden for part in shown.measure("corrections").parts)
    assert shown.online_by_day == ()
    assert shown.applications == 100
    open_one = published(found(60, 40), 5)
    assert open_one.measure("online_share").value == Decimal("60.0")
    assert not open_one.hides


def test_few_applications_show_nothing_at_all() -> None:
    shown = published(found(2, 1), 5)
    assert shown.applications is None
    assert all(measure.hidden for measure in shown.measures if measure.key != "satisfaction")
    assert shown.measure("satisfaction").denominator == 0, "nobody was asked yet"


def test_the_threshold_is_the_towns() -> None:
    assert published(found(12, 8), 5).measure("online_share").value is not None
    assert published(found(12, 8), 10).measure("online_share").hidden


steps = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20)


@given(steps)
def test_between_two_days_shown_nobody_or_enough_people_came(came: list[tuple[int, int]]) -> None:
    days, online, total = [], 0, 0
    for at, (by_net, otherwise) in enumerate(came):
        online, total = online + by_net, total + by_net + otherwise
        days.append((DAY + timedelta(days=at), online, total))
    kept = [(DAY, 0, 0), *thinned(days, 5)]
    if len(kept) > 1 and days:
        kept.append(days[-1])
    for (_, first, whole), (_, later, later_whole) in pairwise(kept):
        for count in (later - first, (later_whole - later) - (whole - first)):
            assert count == 0 or count >= 5


def test_the_page_and_its_csv_print_x_and_leave_a_purpose(
    section: Any, now: Any, staff_with: Any, town: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(settings, "MADOGUCHI_CLOCK", now.date().isoformat())
    loaded = small_package(now)
    receipts = [received(loaded, now, n) for n in range(3)]
    for receipt in receipts:
        answer_survey(
            slug="mihon-club", period_code="r9",
            subject=Subject("applications.application", str(receipt.application_id)),
            score=Satisfaction.SATISFIED, comment="", by=Actor("resident", "x", "見本　花子"), at=now,
        )  # fmt: skip
    desk = Client()
    desk.force_login(staff_with(Role.SECTION_HEAD, login="head"))
    text = desk.get("/desk/measures/mihon-club/").content.decode()
    enter_municipality(town.pk)
    assert "「x」は非公表です" in text
    assert "現在・x件" in text
    assert "100.0" not in text
    assert desk.post("/desk/measures/mihon-club/", {"purpose": ""}).status_code == 302
    answer = desk.post("/desk/measures/mihon-club/", {"purpose": "議会の資料"})
    enter_municipality(town.pk)
    told = answer.content.decode()
    assert "満足度,x,%,x,x" in told
    assert trace_matching(verb="insight.exported").get().purpose == "議会の資料"


def test_an_auditor_gets_no_link_to_the_cases(section: Any, now: Any, staff_with: Any, town: Any) -> None:
    small_package(now)
    desk = Client()
    desk.force_login(staff_with(Role.AUDITOR, login="auditor"))
    text = desk.get("/desk/measures/mihon-club/").content.decode()
    enter_municipality(town.pk)
    assert "/desk/mihon-club/?" not in text
    assert desk.post("/desk/measures/mihon-club/", {"purpose": "x"}).status_code == 403
    assert desk.get("/desk/mihon-club/").status_code == 403
    enter_municipality(town.pk)
