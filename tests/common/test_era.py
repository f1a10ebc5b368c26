import contextlib
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.era import (
    ERAS,
    DateUnreadable,
    EraUnavailable,
    date_from_columns,
    era_of_code,
    format_both,
    format_day,
    format_era,
    format_era_short,
    format_fiscal_year,
    parse_japanese_date,
)

COUNTED_DAYS = st.dates(date(1873, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "令和2年6月14日",
        "令和 2 年 6 月 14 日",
        "令和２年６月１４日",
        "令和二年六月十四日",
        "令2.6.14",
        "R2.6.14",
        "r02.06.14",
        "Ｒ２・６・１４",
        "R020614",
        "㋿2年6月14日",
        "2020/6/14",
        "2020-06-14",
        "2020.6.14",
        "2020年6月14日",
        "二〇二〇年六月十四日",
        "２０２０／０６／１４",
        "2020−6−14",
        "20200614",
        "5020614",
        "05020614",
        "2020-06-14 00:00:00",
        "2020-06-14T00:00:00",
        "令和2年6月14日（日）",
        "令和2年6月14日(日曜日)",
        "2020年6月14日日曜日",
    ],
)
def test_parse__every_way_of_writing_one_day(text):
    assert parse_japanese_date(text) == date(2020, 6, 14)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4050101", date(1993, 1, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("明治45年7月29日", date(1912, 7, 29)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("M6.1.1", date(1873, 1, 1)),
    ],
)
def test_parse__at_the_boundaries_of_the_eras(text, day):
    assert parse_japanese_date(text) == day


@pytest.mark.parametrize(
    ("text", "next_step"),
    [
        ("平成31年5月1日", "令和元年5月1日"),
        ("令和元年4月30日", "平成31年4月30日"),
        ("昭和64年1月8日", "平成元年1月8日"),
        ("平成元年1月7日", "昭和64年1月7日"),
        ("昭和元年12月24日", "大正15年12月24日"),
        ("大正元年7月29日", "明治45年7月29日"),
    ],
)
def test_parse__a_day_outside_its_era_is_refused_with_the_right_one(text, next_step):
    with pytest.raises(DateUnreadable) as refused:
        parse_japanese_date(text)
    assert next_step in refused.value.next_step


@pytest.mark.parametrize("text", ["明治5年12月2日", "明治元年1月25日", "M1.1.25", "1050101"])
def test_parse__the_lunisolar_calendar_is_refused(text):
    with pytest.raises(EraUnavailable, match="旧暦"):
        parse_japanese_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "あした",
        "2/6/14",
        "26.4.1",
        "令和2年2月30日",
        "令和0年1月1日",
        "20201301",
        "9020614",
        "2020-6",
        "0000-00-00",
    ],
)
def test_parse__what_is_no_day_is_refused_with_a_sentence(text):
    with pytest.raises(DateUnreadable) as refused:
        parse_japanese_date(text)
    assert refused.value.sentence.endswith("。")
    assert refused.value.next_step.endswith("。")


def test_parse__a_day_that_does_not_exist_is_said_back_as_written():
    with pytest.raises(DateUnreadable, match="令和2年2月30日という日はありません"):
        parse_japanese_date("R2.2.30")


def test_parse__a_weekday_that_does_not_fit_is_refused():
    with pytest.raises(DateUnreadable, match="月曜日"):
        parse_japanese_date("2026年11月30日（火）")


def test_format():
    day = date(2026, 4, 1)
    assert format_era(day) == "令和8年4月1日"
    assert format_both(day) == "令和8年（2026年）4月1日"
    assert format_era_short(day) == "R8.4.1"
    assert format_era(date(2019, 5, 1)) == "令和元年5月1日"
    assert format_day(date(2026, 11, 30)) == "11月30日（月）"
    assert format_day(date(2026, 11, 30), with_year=True) == "令和8年11月30日（月）"
    with pytest.raises(EraUnavailable):
        format_era(date(1872, 12, 31))


def test_fiscal_year_of_two_eras_takes_the_later():
    assert format_fiscal_year(2026) == "令和8年度"
    assert format_fiscal_year(2019) == "令和元年度"
    assert format_fiscal_year(2018) == "平成30年度"


@pytest.mark.parametrize("text", ["4", "04", "Ｈ", "平", "平成"])
def test_era_codes_of_one_and_two_digits(text):
    assert era_of_code(text) == ERAS[3]


def test_era_of_code__unknown_is_refused():
    with pytest.raises(DateUnreadable):
        era_of_code("6")


@pytest.mark.parametrize(
    ("era", "day"),
    [("4", "050101"), ("04", "05.1.1"), ("平成", "5年1月1日"), ("", "19930101"), (" ", "4050101")],
)
def test_date_from_columns(era, day):
    assert date_from_columns(era, day) == date(1993, 1, 1)


def test_eras_follow_each_other_without_a_gap():
    for era, following in itertools.pairwise(ERAS):
        assert era.last + timedelta(days=1) == following.first


@given(COUNTED_DAYS)
def test_every_day_survives_writing_and_reading(day):
    for write in (format_era, format_era_short, date.isoformat, lambda d: format_day(d, with_year=True)):
        assert parse_japanese_date(write(day)) == day
    assert parse_japanese_date(day.strftime("%Y%m%d")) == day


@given(st.text(max_size=20))
def test_parse__any_text_gives_a_day_or_a_refusal(text):
    with contextlib.suppress(DateUnreadable):
        assert isinstance(parse_japanese_date(text), date)
