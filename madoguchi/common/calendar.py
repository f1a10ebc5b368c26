"""The days on which the office is open."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

_ONE_DAY = timedelta(days=1)
_YEAR_ENDS = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
_LONGEST_CLOSURE = 366


@lru_cache(maxsize=4096)
def _rest_day(day: date) -> str | None:
    if (day.month, day.day) in _YEAR_ENDS:
        return "年末年始"
    holiday: str | None = jpholiday.is_holiday_name(day)
    return holiday or {5: "土曜日", 6: "日曜日"}.get(day.weekday())


class OfficeCalendar:
    """Closed on weekends, 国民の祝日 (with 振替休日), 12/29 to 1/3 and the town's own closed days.

    `opened_days` are days on which the town opens all the same, such as the Sunday counter in March.
    """

    def __init__(self, closed_days: Iterable[date] = (), *, opened_days: Iterable[date] = ()) -> None:
        self.closed_days = frozenset(closed_days)
        self.opened_days = frozenset(opened_days)

    def is_open(self, day: date) -> bool:
        """Is the office open that day?"""
        return self.why_closed(day) is None

    def why_closed(self, day: date) -> str | None:
        """Why the office is closed, in the words of the notice on the door; None when it is open."""
        if day in self.opened_days:
            return None
        if day in self.closed_days:
            return "臨時休業日"
        return _rest_day(day)

    def next_open(self, day: date) -> date:
        """This day, or the first open day after it (民法142, 地方自治法4条の2)."""
        return self._first_open(day, _ONE_DAY)

    def previous_open(self, day: date) -> date:
        """This day, or the last open day before it."""
        return self._first_open(day, -_ONE_DAY)

    def _first_open(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += step
        raise ValueError("the calendar closes the office for a whole year")

    def add_open_days(self, day: date, count: int) -> date:
        """The `count`-th open day after this day, which is not counted (民法140); 0 gives the day itself."""
        for _ in range(count):
            day = self.next_open(day + _ONE_DAY)
        return day

    def open_days_between(self, first: date, last: date) -> int:
        """Open days after `first` up to and with `last`: how many working days the matter has lain."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.is_open(day) for day in days)
