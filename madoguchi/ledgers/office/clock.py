"""What day it is. Only the screens, the worker and the commands ask; rules are given their day.

A demo or a story may play on another day: MADOGUCHI_CLOCK=2026-11-18 makes the process believe that it was
started on that day, at the real time of day, and time runs on from there.
"""

from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils import timezone


@cache
def _shift(day: str) -> timedelta:
    return date.fromisoformat(day) - timezone.localdate() if day else timedelta()


def now() -> datetime:
    """This moment, in the time of the municipality."""
    return timezone.localtime() + _shift(settings.MADOGUCHI_CLOCK)


def today() -> date:
    """This day."""
    return now().date()
