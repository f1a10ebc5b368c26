from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.calendar import OfficeCalendar

CALENDAR = OfficeCalendar([date(2026, 11, 2)], opened_days=[date(2027, 3, 28)])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 11, 28), "土曜日"),
        (date(2026, 11, 29), "日曜日"),
        (date(2026, 11, 3), "文化の日"),
        (date(2026, 11, 2), "臨時休業日"),
        (date(2026, 12, 28), None),
        (date(2026, 12, 29), "年末年始"),
        (date(2027, 1, 1), "年末年始"),
        (date(2028, 1, 3), "年末年始"),
        (date(2028, 1, 4), None),
        (date(2027, 3, 28), None),
    ],
)
def test_why_closed(day, why):
    assert CALENDAR.why_closed(day) == why
    assert CALENDAR.is_open(day) == (why is None)


def test_substitute_and_sandwiched_holidays_are_closed():
    assert not CALENDAR.is_open(date(2027, 3, 22))
    assert not CALENDAR.is_open(date(2026, 9, 22))


def test_next_and_previous_open():
    assert CALENDAR.next_open(date(2026, 12, 28)) == date(2026, 12, 28)
    assert CALENDAR.next_open(date(2026, 12, 29)) == date(2027, 1, 4)
    assert CALENDAR.previous_open(date(2027, 1, 3)) == date(2026, 12, 28)


def test_a_calendar_without_an_open_day_is_a_mistake_of_the_caller():
    always = OfficeCalendar(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    with pytest.raises(ValueError):
        always.next_open(date(2026, 1, 1))


def test_open_days():
    assert CALENDAR.add_open_days(date(2026, 10, 30), 1) == date(2026, 11, 4)
    assert CALENDAR.add_open_days(date(2026, 10, 31), 0) == date(2026, 10, 31)
    assert CALENDAR.open_days_between(date(2026, 10, 30), date(2026, 11, 4)) == 1
    assert CALENDAR.open_days_between(date(2026, 11, 4), date(2026, 11, 4)) == 0


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_open_days_agree(day, count):
    end = CALENDAR.add_open_days(day, count)
    assert CALENDAR.is_open(end)
    assert CALENDAR.open_days_between(day, end) == count
