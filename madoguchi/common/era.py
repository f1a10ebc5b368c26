"""和暦 and 西暦: reading what people and core systems write, and writing it back."""

import re
from datetime import date

from madoguchi.common.era_parts import ERAS as ERAS
from madoguchi.common.era_parts import Era as Era
from madoguchi.common.era_parts import era_of_code as era_of_code
from madoguchi.common.era_parts import era_on as era_on
from madoguchi.common.era_parts import fold_date_text, format_era_year, read_parts, to_date
from madoguchi.common.era_parts import format_era as format_era
from madoguchi.common.errors import DateUnreadable as DateUnreadable
from madoguchi.common.errors import EraUnavailable as EraUnavailable
from madoguchi.common.partial import PartialDate as PartialDate

WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(rf"\((?P<inside>[{WEEKDAYS}])(?:曜日?)?\)$|(?P<bare>[{WEEKDAYS}])曜日?$")


def parse_japanese_date(text: str) -> date:
    """The day somebody wrote, in 和暦 or 西暦.

    令和2年6月14日, R2.6.14, 2020/6/14, 20200614, 2020年6月14日（日）, 4050101 and 04050101 (平成5-01-01).
    Width, spaces and 漢数字 do not matter. Refused, never guessed: a day that does not exist or lies outside
    the written era, a two-digit year without era, a weekday that does not fit.
    """
    body, weekday = _split_weekday(fold_date_text(text))
    day = to_date(read_parts(body, text))
    if weekday and weekday != weekday_of(day):
        raise DateUnreadable(
            f"{day.year}年{day.month}月{day.day}日は{weekday_of(day)}曜日です。",
            next_step="日付か曜日のどちらが正しいかを確かめてください。",
        )
    return day


def date_from_columns(era: str, day: str) -> date:
    """A day kept in two columns, as core systems do: era code (empty for 西暦) and year-month-day."""
    if not era.strip():
        return parse_japanese_date(day)
    return parse_japanese_date(f"{era_of_code(era).letter}{day.strip()}")


def _split_weekday(folded: str) -> tuple[str, str]:
    found = _WEEKDAY.search(folded)
    if found is None:
        return folded, ""
    return folded[: found.start()], found["inside"] or found["bare"]


def format_era_short(day: date) -> str:
    """R8.4.1, for narrow columns."""
    era = era_on(day)
    return f"{era.letter}{era.year_of(day.year)}.{day.month}.{day.day}"


def format_both(day: date) -> str:
    """令和8年（2026年）4月1日."""
    return f"{format_era_year(era_on(day), day.year)}（{day.year}年）{day.month}月{day.day}日"


def format_fiscal_year(year: int) -> str:
    """令和8年度. The era is that of the last day, so 2019 is 令和元年度."""
    return f"{format_era_year(era_on(date(year + 1, 3, 31)), year)}度"


def weekday_of(day: date) -> str:
    """月, 火 … 日."""
    return WEEKDAYS[day.weekday()]


def format_day(day: date, *, with_year: bool = False) -> str:
    """11月30日（月）, or 令和8年11月30日（月）."""
    shown = format_era(day) if with_year else f"{day.month}月{day.day}日"
    return f"{shown}（{weekday_of(day)}）"
