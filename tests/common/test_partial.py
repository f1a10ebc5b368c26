from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.era import DateUnreadable, EraUnavailable, PartialDate


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("昭和20年5月3日", PartialDate(1945, 5, 3)),
        ("昭和20年5月", PartialDate(1945, 5)),
        ("昭和20年5月日不詳", PartialDate(1945, 5)),
        ("昭和20年5月（日不詳）", PartialDate(1945, 5)),
        ("昭和20年月日不詳", PartialDate(1945)),
        ("昭和20年（月日不詳）", PartialDate(1945)),
        ("昭和20年不詳月不詳日", PartialDate(1945)),
        ("S20.5", PartialDate(1945, 5)),
        ("昭和20年00月00日", PartialDate(1945)),
        ("1945", PartialDate(1945)),
        ("1945-05", PartialDate(1945, 5)),
        ("19450500", PartialDate(1945, 5)),
        ("19450000", PartialDate(1945)),
        ("19459999", PartialDate(1945)),
        ("3200500", PartialDate(1945, 5)),
        ("3200000", PartialDate(1945)),
        ("昭和（年月日不詳）", PartialDate(era_code=3)),
        ("昭和64年", PartialDate(1989, era_code=3)),
        ("平成元年", PartialDate(1989, era_code=4)),
        ("昭和20年", PartialDate(1945)),
        ("不詳", PartialDate()),
        ("年月日不詳", PartialDate()),
        ("", PartialDate()),
        ("00000000", PartialDate()),
        ("99999999", PartialDate()),
    ],
)
def test_parse(text, known):
    assert PartialDate.parse(text) == known


@pytest.mark.parametrize(
    "text", ["20", "昭和70年", "平成40年5月", "1945-13", "令和8年4月31日", "むかし", "19450005"]
)
def test_parse__what_cannot_be_is_refused(text):
    with pytest.raises(DateUnreadable):
        PartialDate.parse(text)


def test_parse__a_year_of_the_lunisolar_calendar_is_refused():
    with pytest.raises(EraUnavailable):
        PartialDate.parse("明治5年")
    assert PartialDate.parse("明治6年").earliest == date(1873, 1, 1)
    assert str(PartialDate(1850, 5, 3)) == "1850年5月3日"
    assert str(PartialDate.parse("1850年")) == "1850年（月日不詳）"


@pytest.mark.parametrize(
    ("known", "earliest", "latest", "words", "iso"),
    [
        (PartialDate(1945, 5, 3), date(1945, 5, 3), date(1945, 5, 3), "昭和20年5月3日", "1945-05-03"),
        (PartialDate(1944, 2), date(1944, 2, 1), date(1944, 2, 29), "昭和19年2月（日不詳）", "1944-02"),
        (PartialDate(1945), date(1945, 1, 1), date(1945, 12, 31), "昭和20年（月日不詳）", "1945"),
        (PartialDate(1989), date(1989, 1, 1), date(1989, 12, 31), "1989年（月日不詳）", "1989"),
        (PartialDate(1989, era_code=3), date(1989, 1, 1), date(1989, 1, 7), "昭和64年（月日不詳）", "1989"),
        (PartialDate(era_code=3), date(1926, 12, 25), date(1989, 1, 7), "昭和（年月日不詳）", ""),
        (PartialDate(), date.min, date.max, "不詳", ""),
    ],
)
def test_bounds_and_words(known, earliest, latest, words, iso):
    assert (known.earliest, known.latest, str(known), known.iso()) == (earliest, latest, words, iso)
    assert PartialDate.parse(words) == known


def test_comparisons_say_only_what_is_sure():
    may = PartialDate(1945, 5)
    assert may.surely_before(date(1945, 6, 1))
    assert not may.surely_before(date(1945, 5, 31))
    assert may.surely_after(date(1945, 4, 30))
    assert may.may_be(date(1945, 5, 31))
    assert not may.may_be(date(1945, 6, 1))
    assert may.exact is None
    assert PartialDate(1945, 5, 3).exact == date(1945, 5, 3)


@pytest.mark.parametrize("parts", [(None, 5, None), (1945, None, 3), (1945, 2, 30), (1945, 13, 1)])
def test_impossible_parts_are_a_mistake_of_the_caller(parts):
    with pytest.raises(ValueError):
        PartialDate(*parts)


@given(st.dates(date(1873, 1, 1), date(2100, 12, 31)))
def test_a_coarser_date_may_be_every_day_it_came_from(day):
    for known in (
        PartialDate.of(day),
        PartialDate(day.year, day.month),
        PartialDate(day.year),
        PartialDate(),
    ):
        assert known.may_be(day)
        assert known.earliest <= known.latest
        assert PartialDate.parse(str(known)) == known
        assert not known.iso() or PartialDate.parse(known.iso()) == known
