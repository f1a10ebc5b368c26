"""標準処理期間の時計 (行政手続法6条, 7条): pure sums over days.

The day of arrival is not counted; the period runs from the day after it (民法140). Days are office days or
calendar days, as the package says. While the applicant or another authority has the matter, days do not count:
the day on which the office stopped the clock is still the office's own, the day on which the answer came is the
applicant's. A period in calendar days that would end on a closed day ends on the next open one (民法142).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.services.applications.states import PauseReason

Unit = Literal["open", "calendar"]
ONE_DAY = timedelta(days=1)
SOON_DAYS = 3


@dataclass(frozen=True)
class ClockRule:
    """標準処理期間 of a package: how many days, and which days count."""

    days: int
    unit: Unit = "open"


@dataclass(frozen=True)
class Pause:
    """A stretch without counting: after `stopped_on`, up to and with `resumed_on`; None while it lasts."""

    stopped_on: date
    resumed_on: date | None = None
    reason: PauseReason = PauseReason.CORRECTION
    note: str = ""

    def holds(self, day: date) -> bool:
        return self.stopped_on < day and (self.resumed_on is None or day <= self.resumed_on)


@dataclass(frozen=True)
class ClockReading:
    """The clock on one day: days used and left of the period, days paused, and by when it must be done.

    `due_on` of a standing clock is when it would end if it went on tomorrow.
    """

    rule: ClockRule
    used: int
    paused: int
    due_on: date
    standing: tuple[Pause, ...]

    @property
    def left(self) -> int:
        return self.rule.days - self.used

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def is_soon(self) -> bool:
        return not self.standing and 0 <= self.left <= SOON_DAYS


def counts(day: date, rule: ClockRule, calendar: OfficeCalendar) -> bool:
    return rule.unit == "calendar" or calendar.is_open(day)


def read_clock(
    received_on: date, rule: ClockRule, pauses: Sequence[Pause], on: date, calendar: OfficeCalendar
) -> ClockReading:
    """The clock of a case on a day. Overlapping pauses count once."""
    used = paused = 0
    for day in days_after(received_on, on):
        if counts(day, rule, calendar):
            held = bool(pauses) and any(pause.holds(day) for pause in pauses)
            used, paused = used + (not held), paused + held
    return ClockReading(
        rule,
        used,
        paused,
        due_on(received_on, rule, pauses, calendar, as_of=on),
        tuple(pause for pause in pauses if pause.resumed_on is None),
    )


def due_on(
    received_on: date,
    rule: ClockRule,
    pauses: Iterable[Pause],
    calendar: OfficeCalendar,
    *,
    as_of: date | None = None,
) -> date:
    """The last day of the period. Open pauses are taken as ended on `as_of` (by default on the day they began)."""
    ended = [_ended(pause, as_of) for pause in pauses]
    day, used = received_on, 0
    while used < rule.days:
        day += ONE_DAY
        used += counts(day, rule, calendar) and not (ended and any(pause.holds(day) for pause in ended))
    return calendar.next_open(day) if rule.unit == "calendar" else day


def _ended(pause: Pause, as_of: date | None) -> Pause:
    if pause.resumed_on is not None:
        return pause
    return Pause(pause.stopped_on, max(pause.stopped_on, as_of or pause.stopped_on), pause.reason, pause.note)


def days_after(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range(1, (last - first).days + 1))


def why_late(*, stage: str, assigned: bool, marks: int, note: str = "") -> str:
    """The reason for a delay: what staff wrote, otherwise what the case itself shows."""
    if note:
        return note
    if stage == "received":
        return "まだ確認を始めていません" if assigned else "担当がいません"
    if stage == "reviewing":
        return f"自動チェックの印が{marks}件残っています" if marks else "確認の途中です"
    return {"accepted": "受理して、選考・決裁を待っています", "deciding": "決裁を待っています"}.get(stage, "")
