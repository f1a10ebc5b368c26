"""標準処理期間: what the sums must keep whatever the days are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.services.applications.clock_rules import (
    ClockRule,
    Pause,
    counts,
    due_on,
    read_clock,
    why_late,
)

CALENDAR = OfficeCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))
RULES = st.builds(ClockRule, st.integers(1, 40), st.sampled_from(["open", "calendar"]))


@st.composite
def paused_case(draw: st.DrawFn) -> tuple[date, ClockRule, list[Pause]]:
    received = draw(DAYS)
    spans = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=4))
    pauses = [
        Pause(received + timedelta(days=start), received + timedelta(days=start + length))
        for start, length in spans
    ]
    return received, draw(RULES), pauses


def test_the_day_of_arrival_is_not_counted() -> None:
    assert due_on(date(2026, 11, 20), ClockRule(10), [], CALENDAR) == date(2026, 12, 7)
    assert due_on(date(2026, 11, 20), ClockRule(10, "calendar"), [], CALENDAR) == date(2026, 11, 30)


def test_a_calendar_period_never_ends_on_a_closed_day() -> None:
    assert due_on(date(2026, 12, 24), ClockRule(7, "calendar"), [], CALENDAR) == date(2027, 1, 4)


def test_the_day_of_asking_is_the_offices_and_the_day_of_the_answer_the_applicants() -> None:
    pause = Pause(date(2026, 11, 24), date(2026, 11, 27))
    assert due_on(date(2026, 11, 20), ClockRule(10), [pause], CALENDAR) == date(2026, 12, 10)
    reading = read_clock(date(2026, 11, 20), ClockRule(10), [pause], date(2026, 11, 27), CALENDAR)
    assert (reading.used, reading.paused, reading.left) == (1, 3, 9)


def test_an_answer_on_the_same_day_costs_nothing() -> None:
    pause = Pause(date(2026, 11, 24), date(2026, 11, 24))
    assert due_on(date(2026, 11, 20), ClockRule(10), [pause], CALENDAR) == date(2026, 12, 7)


@given(paused_case())
def test_on_the_due_day_the_whole_period_is_used(case: tuple[date, ClockRule, list[Pause]]) -> None:
    received, rule, pauses = case
    due = due_on(received, rule, pauses, CALENDAR)
    reading = read_clock(received, rule, pauses, due, CALENDAR)
    assert reading.due_on == due
    if rule.unit == "open":
        assert reading.left == 0
        before = read_clock(received, rule, pauses, due - timedelta(days=1), CALENDAR)
        assert before.left == 1
    else:
        assert reading.left <= 0
        assert CALENDAR.is_open(due)


@given(paused_case(), st.integers(0, 90))
def test_every_day_is_used_or_paused(case: tuple[date, ClockRule, list[Pause]], after: int) -> None:
    received, rule, pauses = case
    on = received + timedelta(days=after)
    reading = read_clock(received, rule, pauses, on, CALENDAR)
    days = (received + timedelta(days=n) for n in range(1, after + 1))
    assert reading.used + reading.paused == sum(counts(day, rule, CALENDAR) for day in days)


@given(paused_case())
def test_a_pause_never_shortens_and_the_order_is_nothing(case: tuple[date, ClockRule, list[Pause]]) -> None:
    received, rule, pauses = case
    due = due_on(received, rule, pauses, CALENDAR)
    assert due >= due_on(received, rule, pauses[1:], CALENDAR)
    assert due == due_on(received, rule, pauses[::-1], CALENDAR)
    assert due == due_on(received, rule, pauses + pauses[:1], CALENDAR)


@given(DAYS, st.integers(1, 30), st.integers(0, 30), st.integers(0, 15), st.integers(0, 15))
def test_a_pause_cut_in_two_is_the_same_pause(
    received: date, days: int, start: int, first: int, second: int
) -> None:
    one, middle = received + timedelta(days=start), received + timedelta(days=start + first)
    end = middle + timedelta(days=second)
    rule = ClockRule(days)
    whole = due_on(received, rule, [Pause(one, end)], CALENDAR)
    assert whole == due_on(received, rule, [Pause(one, middle), Pause(middle, end)], CALENDAR)


@given(DAYS, st.integers(1, 30), st.integers(0, 40))
def test_a_standing_clock_moves_the_due_day_with_every_day(received: date, days: int, waits: int) -> None:
    rule, pause = ClockRule(days), Pause(received)
    reading = read_clock(received, rule, [pause], received + timedelta(days=waits), CALENDAR)
    assert (reading.used, reading.left) == (0, days)
    ended = Pause(received, received + timedelta(days=waits))
    assert reading.due_on == due_on(received, rule, [ended], CALENDAR)
    assert reading.standing == (pause,)
    assert not reading.is_soon


@pytest.mark.parametrize(
    ("stage", "assigned", "marks", "note", "said"),
    [
        ("received", False, 0, "", "担当がいません"),
        ("received", True, 0, "", "まだ確認を始めていません"),
        ("reviewing", True, 2, "", "自動チェックの印が2件残っています"),
        ("deciding", True, 0, "", "決裁を待っています"),
        ("received", True, 0, "証明書の照会中", "証明書の照会中"),
    ],
)
def test_why_late(stage: str, assigned: bool, marks: int, note: str, said: str) -> None:
    assert why_late(stage=stage, assigned=assigned, marks=marks, note=note) == said
