from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common import ages
from madoguchi.common.ages import NotYetBorn, age_on, day_age_reached, school_grade

BIRTHS = st.dates(date(1900, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("birth", "age", "day"),
    [
        (date(2020, 4, 1), 6, date(2026, 3, 31)),
        (date(2020, 4, 2), 6, date(2026, 4, 1)),
        (date(2008, 2, 29), 18, date(2026, 2, 28)),
        (date(2008, 2, 29), 20, date(2028, 2, 28)),
        (date(2008, 3, 1), 18, date(2026, 2, 28)),
        (date(2008, 1, 1), 18, date(2025, 12, 31)),
    ],
)
def test_an_age_is_reached_at_the_end_of_the_day_before_the_birthday(birth, age, day):
    assert day_age_reached(birth, age) == day


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(2020, 6, 14), date(2026, 6, 13), 5),
        (date(2020, 6, 14), date(2026, 6, 14), 6),
        (date(2020, 6, 14), date(2020, 6, 14), 0),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
    ],
)
def test_age_on(birth, on, age):
    assert age_on(birth, on) == age


def test_age_before_birth_is_refused():
    with pytest.raises(NotYetBorn, match="生年月日"):
        age_on(date(2026, 4, 2), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("birth", "on", "grade"),
    [
        (date(2020, 4, 1), date(2026, 4, 1), 1),
        (date(2020, 4, 2), date(2026, 4, 1), None),
        (date(2020, 4, 2), date(2027, 4, 1), 1),
        (date(2020, 6, 14), date(2027, 3, 31), None),
        (date(2020, 6, 14), date(2033, 3, 31), 6),
        (date(2020, 6, 14), date(2033, 4, 1), 7),
        (date(2020, 6, 14), date(2036, 3, 31), 9),
        (date(2020, 6, 14), date(2036, 4, 1), None),
        (date(2020, 2, 29), date(2026, 4, 1), 1),
    ],
)
def test_school_grade__born_on_1_april_belongs_to_the_earlier_year(birth, on, grade):
    assert school_grade(birth, on) == grade
    assert ages.primary_grade(birth, on) == (grade if grade and grade <= 6 else None)


def test_school_words():
    birth, april, november = date(2020, 6, 14), date(2027, 4, 1), date(2026, 11, 30)
    assert ages.school_words(birth, entry_on=april, seen_on=november) == "新1年生"
    assert ages.school_words(birth, entry_on=april, seen_on=april) == "小学1年生"
    assert ages.school_words(birth, entry_on=november, seen_on=november) == "就学前"
    assert ages.school_words(birth, entry_on=date(2033, 4, 1), seen_on=november) == "新中学1年生"
    assert ages.school_words(birth, entry_on=date(2036, 4, 1), seen_on=november) == "中学校卒業後"
    assert ages.grade_words(9) == "中学3年生"


@pytest.mark.parametrize(
    ("birth", "on", "number"),
    [
        (date(2023, 4, 2), date(2024, 4, 1), 0),
        (date(2023, 4, 1), date(2024, 4, 1), 1),
        (date(2024, 5, 1), date(2024, 10, 1), 0),
        (date(2020, 6, 14), date(2027, 3, 31), 5),
        (date(2020, 6, 14), date(2027, 4, 1), None),
        (date(2027, 4, 2), date(2027, 4, 1), None),
    ],
)
def test_nursery_class(birth, on, number):
    assert ages.nursery_class(birth, on) == number


def test_fiscal_year():
    assert ages.fiscal_year(date(2026, 3, 31)) == 2025
    assert ages.fiscal_year(date(2026, 4, 1)) == ages.school_year(date(2026, 4, 1)) == 2026
    assert ages.fiscal_year_start(date(2027, 3, 31)) == date(2026, 4, 1)
    assert ages.fiscal_year_end(date(2026, 4, 1)) == date(2027, 3, 31)


def test_first_march_31_after__on_1_april_it_is_the_day_before():
    assert ages.first_march_31_after(date(2008, 4, 1), 18) == date(2026, 3, 31)
    assert ages.first_march_31_after(date(2008, 4, 2), 18) == date(2027, 3, 31)


@given(BIRTHS, st.integers(0, 40_000), st.integers(0, 400))
def test_nobody_grows_younger(birth, days, more):
    sooner = birth + timedelta(days=days)
    later = sooner + timedelta(days=more)
    assert age_on(birth, sooner) <= age_on(birth, later)
    assert day_age_reached(birth, age_on(birth, sooner)) < sooner


@given(BIRTHS, st.integers(0, 110))
def test_the_day_after_an_age_is_reached_one_has_it(birth, age):
    reached = day_age_reached(birth, age)
    assert age_on(birth, reached + timedelta(days=1)) == age
    if age:
        assert age_on(birth, reached) == age - 1


@given(BIRTHS)
def test_a_grade_one_child_was_six_on_1_april_and_not_yet_seven(birth):
    april = date(ages.school_entry_year(birth), 4, 1)
    assert school_grade(birth, april) == 1
    assert age_on(birth, april) == 6
    assert school_grade(birth, april - timedelta(days=1)) is None
    assert ages.nursery_class(birth, april - timedelta(days=1)) == 5
