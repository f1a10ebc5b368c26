"""Periods of days, weeks, months and years after 民法 138 to 143."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.common.calendar import OfficeCalendar


@dataclass(frozen=True)
class Length:
    """How long a period is. Years and months are counted first, then weeks and days."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.years, self.months, self.weeks, self.days) < 0:
            raise ValueError("a period does not run backwards")

    @property
    def all_months(self) -> int:
        return 12 * self.years + self.months

    @property
    def all_days(self) -> int:
        return 7 * self.weeks + self.days


def period_end(
    start: date, length: Length, *, count_start: bool = False, calendar: OfficeCalendar | None = None
) -> date:
    """Last day of a period that begins with an event on `start`.

    The first day is not counted (民法140) unless the period begins at midnight, as one that begins with the
    day of enforcement does: then `count_start`. Months and years end on the day before the corresponding
    day, or with the month if it has none (民法143). With a `calendar`, an end on a closed day moves to the
    next open day (民法142); many deadlines run on their face date, so this is never done unasked.
    """
    first = start if count_start else start + timedelta(days=1)
    last = _months_end(first, length.all_months) + timedelta(days=length.all_days)
    return calendar.next_open(last) if calendar else last


def _months_end(first: date, months: int) -> date:
    """Last day of `months` months of which `first` is the first day; the day before `first` for no months."""
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    days_in_month = monthrange(year, month)[1]
    if first.day > days_in_month:
        return date(year, month, days_in_month)
    return date(year, month, first.day) - timedelta(days=1)


def add_months(first: date, months: int) -> date:
    """The corresponding day so many months later (or earlier); the last day of the month if it has none."""
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def whole_months(start: date, end: date, *, count_start: bool = False) -> int:
    """Months fully run from `start` to the end of `end`: the largest n whose period ends by `end`."""
    if end < start:
        raise ValueError("the end lies before the start")
    most = 12 * (end.year - start.year) + end.month - start.month + 1
    ends = (n for n in range(most, 0, -1) if _has_run(start, n, end, count_start=count_start))
    return next(ends, 0)


def _has_run(start: date, months: int, end: date, *, count_start: bool) -> bool:
    return period_end(start, Length(months=months), count_start=count_start) <= end


def month_end(day: date) -> date:
    """Last day of the month of this day."""
    return day.replace(day=monthrange(day.year, day.month)[1])
