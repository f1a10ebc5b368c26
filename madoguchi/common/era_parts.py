"""The eras, and the parts of a date as people and core systems write them. Other rooms use `era.py`.

Era boundaries are those of the decrees of accession. Japan used a lunisolar calendar before 1873-01-01
(太政官布告第337号), so 明治 years 1 to 5 cannot be converted by counting and are refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.common.errors import DateUnreadable, EraUnavailable
from madoguchi.common.kana import fold_hyphens
from madoguchi.common.numerals import fold_kanji_numerals
from madoguchi.common.text import in_quotes

SOLAR_CALENDAR_BEGINS = date(1873, 1, 1)
_HOW_TO_WRITE = "「令和8年4月1日」「R8.4.1」「2026/4/1」のように入れてください。"

_ERA = "(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHR])"
_YMD = r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_ERA}?\.?(?P<year>\d{{1,4}})(?:年|[./-])(?P<month>\d{{1,2}})(?:月|[./-])(?P<day>\d{{1,2}})日?",
        rf"{_ERA}{_YMD}",
        rf"0?(?P<era>[1-5]){_YMD}",
        r"(?P<year>[1-9]\d{3})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_TIME_OF_DAY = re.compile(r"[T\s]\s*0?0:00(:00(\.0+)?)?$")
_FIRST_YEAR = re.compile("(?<=[治正和成明大昭平令MTSHR.])元(?=年|[./-])")


@dataclass(frozen=True)
class Era:
    """One era. `code` is the digit core systems use (1 明治 … 5 令和; 01 … 05 in two-digit layouts)."""

    code: int
    name: str
    letter: str
    first: date

    @property
    def last(self) -> date:
        """Last day of the era; for the era we live in, the last day a date can hold."""
        if self.code == len(ERAS):
            return date.max
        return ERAS[self.code].first - timedelta(days=1)

    def year_of(self, year: int) -> int:
        """西暦 year counted in this era."""
        return year - self.first.year + 1


ERAS: tuple[Era, ...] = (
    Era(1, "明治", "M", date(1868, 1, 25)),
    Era(2, "大正", "T", date(1912, 7, 30)),
    Era(3, "昭和", "S", date(1926, 12, 25)),
    Era(4, "平成", "H", date(1989, 1, 8)),
    Era(5, "令和", "R", date(2019, 5, 1)),
)


@dataclass(frozen=True)
class DateParts:
    """The parts of a written date, read but not yet judged; year as written, in `era` if there is one."""

    era: Era | None
    year: int
    month: int
    day: int


def era_of_code(text: str) -> Era:
    """Era of a code or name as core systems write it: 4, 04, H, 平 or 平成."""
    written = unicodedata.normalize("NFKC", text).strip().upper()
    for era in ERAS:
        if written in {str(era.code), f"0{era.code}", era.letter, era.name[0], era.name}:
            return era
    raise DateUnreadable(
        f"元号{in_quotes(text)}を読み取れません。",
        next_step="明治・大正・昭和・平成・令和、または1〜5の番号で入れてください。",
    )


def era_on(day: date) -> Era:
    """The era of a day; refuses days of the lunisolar calendar."""
    if day < SOLAR_CALENDAR_BEGINS:
        raise _lunisolar()
    return next(era for era in reversed(ERAS) if era.first <= day)


def _lunisolar() -> EraUnavailable:
    return EraUnavailable(
        "明治5年12月2日までは旧暦のため、和暦と西暦を計算で換えられません。",
        next_step="原本の日付を確かめ、換算した西暦の日付で入れてください。",
    )


def fold_date_text(text: str) -> str:
    """One spelling of a date: half width, no spaces, figures for 漢数字 and 元, no 0:00 of a spreadsheet."""
    folded = _TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", text).strip().upper())
    figures = fold_kanji_numerals(fold_hyphens("".join(folded.split())))
    return _FIRST_YEAR.sub("1", figures.replace("・", "."))


def read_parts(folded: str, as_typed: str) -> DateParts:
    """Era, year, month and day of a folded text; `as_typed` is said back when it cannot be read."""
    for shape in _SHAPES:
        if found := shape.fullmatch(folded):
            written = found.groupdict()
            era = era_of_code(written["era"]) if written.get("era") else None
            return DateParts(era, int(written["year"]), int(written["month"]), int(written["day"]))
    raise DateUnreadable(f"日付{in_quotes(as_typed)}を読み取れません。", next_step=_HOW_TO_WRITE)


def to_date(parts: DateParts) -> date:
    """Judge the parts: does this day exist, and does it lie in the era written?"""
    try:
        day = date(western_year(parts.era, parts.year), parts.month, parts.day)
    except ValueError:
        era_name = parts.era.name if parts.era else ""
        raise DateUnreadable(
            f"{era_name}{parts.year}年{parts.month}月{parts.day}日という日はありません。",
            next_step="年・月・日を確かめてください。",
        ) from None
    if parts.era is not None:
        _insist_on_era(parts.era, day)
    return day


def western_year(era: Era | None, year: int) -> int:
    """西暦 year of a written year."""
    if era is None and year < 1000:
        raise DateUnreadable("年が4けたではなく、元号もありません。", next_step=_HOW_TO_WRITE)
    if era is None:
        return year
    if year == 0:
        raise DateUnreadable(f"{era.name}0年という年はありません。", next_step="元号の年を確かめてください。")
    return era.first.year + year - 1


def _insist_on_era(era: Era, day: date) -> None:
    right = era_on(day)
    if right != era:
        raise DateUnreadable(
            f"{era.name}{era.year_of(day.year)}年{day.month}月{day.day}日は、{era.name}の期間にありません。",
            next_step=f"この日は「{format_era(day)}」です。元号と年を確かめてください。",
        )


def format_era_year(era: Era, year: int) -> str:
    """令和元年, 令和8年."""
    count = era.year_of(year)
    return f"{era.name}{'元' if count == 1 else count}年"


def format_era(day: date) -> str:
    """令和8年4月1日."""
    return f"{format_era_year(era_on(day), day.year)}{day.month}月{day.day}日"
