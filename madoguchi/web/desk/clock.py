"""The only place where the desk asks what time it is."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.localtime()


def today() -> date:
    return timezone.localdate()
