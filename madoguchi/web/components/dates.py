"""Dates as residents and staff read them: a weekday with every date, a 24-hour clock, era and western year."""

from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = "月火水木金土日"
WEEKDAY_READINGS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON_DAYS = 5


def _local(value: datetime) -> datetime:
    # The town's own zone: nothing of the product ever activates another.
    return value.astimezone(timezone.get_default_timezone()) if value.tzinfo else value


def day(value: date, language: str = "ja") -> str:
    if language == "en":
        return f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}"
    return f"{value.month}月{value.day}日（{WEEKDAYS[value.weekday()]}）"


def day_time(value: datetime, language: str = "ja") -> str:
    local = _local(value)
    return f"{day(local, language)} {local.hour}:{local:%M}"


def short_time(value: datetime) -> str:
    local = _local(value)
    return f"{local.month}/{local.day} {local.hour}:{local.minute:02}"


def due(until: date, on: date, days_left: int | None = None) -> tuple[str, str]:
    """The kind and words of a due badge. `days_left` counts office days when the 標準処理期間 clock is meant."""
    left = (until - on).days if days_left is None else days_left
    if left < 0:
        return "over", f"{-left}日超過"
    if left == 0:
        return "alarm", "今日まで"
    if left <= SOON_DAYS:
        return "soon", f"あと{left}日"
    return "", f"{until.month}/{until.day}"


def short_day(value: datetime) -> str:
    local = _local(value)
    return f"{local.month}/{local.day}"


def local_day(value: datetime) -> date:
    return _local(value).date()
