"""Dates of which a part is 不詳: birth dates of old registers, of foreign records, of people found."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from madoguchi.common.era_parts import (
    ERAS,
    SOLAR_CALENDAR_BEGINS,
    DateParts,
    Era,
    era_of_code,
    fold_date_text,
    format_era_year,
    read_parts,
    to_date,
    western_year,
)
from madoguchi.common.errors import DateUnreadable
from madoguchi.common.text import in_quotes

_UNKNOWN_WORDS = re.compile(r"[(]?[年月日]*(?:不詳|不明)[月日]?[)]?")
_BLANKS = {"", "00000000", "99999999", "0000000", "9999999", "0000-00-00", "9999-99-99"}
_ERA_ALONE = re.compile("明治|大正|昭和|平成|令和|[明大昭平令MTSHR]")
_YEAR_FIRST = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHR])?\.?(?P<year>\d{1,4})"
    r"(?:(?:年|[./-])(?:(?P<month>\d{1,2})月?)?)?"
)


@dataclass(frozen=True)
class PartialDate:
    """A day known as far as it is known. A finer part is never known without the coarser one.

    `era_code` is kept only where the era says more than the year: 昭和64年 is seven days of 1989.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    era_code: int | None = None

    def __post_init__(self) -> None:
        if (self.month and not self.year) or (self.day and not self.month):
            raise ValueError("a finer part of a date is known without the coarser one")
        if self.day:
            date(self.year or 0, self.month or 0, self.day)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """A day wholly known."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """昭和20年5月（日不詳）, 1945-05, 19450500, 3200000, 昭和 年月日不詳, 不詳; and every whole date."""
        return _read_partial(text)

    @property
    def exact(self) -> date | None:
        """The day, if wholly known."""
        return self.earliest if self.day else None

    @property
    def earliest(self) -> date:
        """First day it can be."""
        first = date(self.year, self.month or 1, self.day or 1) if self.year else date.min
        era = self._era()
        return max(first, era.first) if era else first

    @property
    def latest(self) -> date:
        """Last day it can be."""
        era = self._era()
        return min(self._calendar_end(), era.last) if era else self._calendar_end()

    def _calendar_end(self) -> date:
        if self.year is None:
            return date.max
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def _era(self) -> Era | None:
        return ERAS[self.era_code - 1] if self.era_code else None

    def may_be(self, day: date) -> bool:
        """Could it be this day?"""
        return self.earliest <= day <= self.latest

    def surely_before(self, day: date) -> bool:
        """Is it before this day, whatever the unknown parts are?"""
        return self.latest < day

    def surely_after(self, day: date) -> bool:
        """Is it after this day, whatever the unknown parts are?"""
        return self.earliest > day

    def iso(self) -> str:
        """2020-06-14, 2020-06, 2020 or nothing, as open data writes it."""
        if not self.year:
            return ""
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)])

    def __str__(self) -> str:
        """昭和20年5月（日不詳）. A year shared by two eras is written in 西暦 unless the era is known."""
        if not self.year:
            era = self._era()
            return f"{era.name}（年月日不詳）" if era else "不詳"
        return f"{self._year_words()}{self._rest_words()}"

    def _rest_words(self) -> str:
        if self.day:
            return f"{self.month}月{self.day}日"
        return f"{self.month}月（日不詳）" if self.month else "（月日不詳）"

    def _year_words(self) -> str:
        era = _era_throughout(self.earliest, self.latest)
        return format_era_year(era, self.earliest.year) if era else f"{self.year}年"


def _era_throughout(first: date, last: date) -> Era | None:
    # 和暦 cannot be counted before the solar calendar, so earlier parts are written in 西暦.
    return next(
        (era for era in ERAS if max(era.first, SOLAR_CALENDAR_BEGINS) <= first and last <= era.last), None
    )


def _read_partial(text: str) -> PartialDate:
    folded = fold_date_text(text)
    known = _UNKNOWN_WORDS.sub("", folded)
    if known in _BLANKS:
        return PartialDate()
    if _ERA_ALONE.fullmatch(known):
        return PartialDate(era_code=era_of_code(known).code)
    if found := _YEAR_FIRST.fullmatch(known):
        era = era_of_code(found["era"]) if found["era"] else None
        return _judged(DateParts(era, int(found["year"]), int(found["month"] or 0), 0), text)
    return _judged(read_parts(known, text), text)


def _judged(parts: DateParts, as_typed: str) -> PartialDate:
    month, day = (0 if part == 99 else part for part in (parts.month, parts.day))
    if day and month:
        return PartialDate.of(to_date(parts))
    year = western_year(parts.era, parts.year)
    if month > 12 or day:
        raise DateUnreadable(
            f"日付{in_quotes(as_typed)}を読み取れません。",
            next_step="わからない月・日は「不詳」としてください。",
        )
    return _within_era(parts.era, PartialDate(year, month or None))


def _within_era(era: Era | None, known: PartialDate) -> PartialDate:
    """Keep the era only if it narrows the days; refuse a year outside it (平成40年, 昭和70年)."""
    if era is None or (era.first <= known.earliest and known.latest <= era.last):
        return _solar(known, era)
    if known.latest < era.first or era.last < known.earliest:
        raise DateUnreadable(
            f"{era.name}{era.year_of(known.earliest.year)}年という年は、{era.name}の期間にありません。",
            next_step=f"{known.year}年のことかどうか、元号と年を確かめてください。",
        )
    return _solar(PartialDate(known.year, known.month, era_code=era.code), era)


def _solar(known: PartialDate, era: Era | None) -> PartialDate:
    if era is not None and known.earliest < SOLAR_CALENDAR_BEGINS:
        # to_date would refuse the same year with the sentence about 旧暦.
        to_date(DateParts(era, era.year_of(known.earliest.year), 12, 31))
    return known
