from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.common.periods import Length, add_months, month_end, period_end, whole_months

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
LENGTHS = st.builds(
    Length,
    years=st.integers(0, 5),
    months=st.integers(0, 30),
    weeks=st.integers(0, 9),
    days=st.integers(0, 99),
)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (date(2026, 9, 15), Length(days=15), date(2026, 9, 30)),
        (date(2026, 1, 31), Length(months=1), date(2026, 2, 28)),
        (date(2026, 1, 30), Length(months=1), date(2026, 2, 28)),
        (date(2026, 1, 15), Length(months=1), date(2026, 2, 15)),
        (date(2026, 2, 28), Length(months=1), date(2026, 3, 31)),
        (date(2024, 2, 28), Length(years=1), date(2025, 2, 28)),
        (date(2026, 4, 1), Length(weeks=2), date(2026, 4, 15)),
        (date(2026, 12, 10), Length(months=3), date(2027, 3, 10)),
    ],
)
def test_period_end__the_first_day_is_not_counted(start, length, end):
    assert period_end(start, length) == end


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (date(2024, 4, 1), Length(years=3), date(2027, 3, 31)),
        (date(2026, 4, 1), Length(days=1), date(2026, 4, 1)),
        (date(2026, 1, 31), Length(months=1), date(2026, 2, 28)),
        (date(2024, 2, 29), Length(years=1), date(2025, 2, 28)),
        (date(2026, 4, 1), Length(years=1, months=6), date(2027, 9, 30)),
    ],
)
def test_period_end__a_period_beginning_at_midnight_counts_it(start, length, end):
    assert period_end(start, length, count_start=True) == end


def test_period_end__moves_over_closed_days_only_when_asked():
    start, length = date(2026, 9, 5), Length(days=15)
    assert period_end(start, length) == date(2026, 9, 20)
    # 2026-09-21 to 23 are 敬老の日, 国民の休日 and 秋分の日.
    assert period_end(start, length, calendar=OfficeCalendar()) == date(2026, 9, 24)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 2, 28), date(2026, 3, 30), 0),
        (date(2026, 2, 28), date(2026, 3, 31), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 4, 1), date(2026, 4, 1), 0),
    ],
)
def test_whole_months(start, end, months):
    assert whole_months(start, end) == months


def test_whole_months__counting_the_first_day():
    assert whole_months(date(2026, 4, 1), date(2026, 4, 30), count_start=True) == 1
    assert whole_months(date(2026, 4, 1), date(2026, 4, 29), count_start=True) == 0
    assert whole_months(date(2026, 4, 1), date(2027, 3, 31), count_start=True) == 12


def test_backwards_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError):
        whole_months(date(2026, 4, 2), date(2026, 4, 1))
    with pytest.raises(ValueError):
        Length(days=-1)


def test_months_on_the_calendar():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)


@given(DAYS, LENGTHS)
def test_a_period_never_ends_before_it_begins(start, length):
    assert period_end(start, length) >= start
    assert period_end(start, length, calendar=OfficeCalendar()) >= period_end(start, length)


@given(DAYS, LENGTHS)
def test_counting_the_first_day_never_ends_later(start, length):
    assert period_end(start, length, count_start=True) <= period_end(start, length)


@given(DAYS, st.integers(1, 60))
def test_so_many_months_have_run_on_the_last_day_and_not_before(start, months):
    end = period_end(start, Length(months=months))
    assert whole_months(start, end) == months
    assert whole_months(start, end - timedelta(days=1)) == months - 1


@given(DAYS, st.integers(0, 400))
def test_a_longer_period_never_ends_earlier(start, days):
    assert period_end(start, Length(days=days)) < period_end(start, Length(days=days + 1))
