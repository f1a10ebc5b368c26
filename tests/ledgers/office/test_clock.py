from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from madoguchi.ledgers.office import clock


def test_without_a_setting_it_is_the_real_day(settings: Any) -> None:
    settings.MADOGUCHI_CLOCK = ""
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_a_story_plays_on_its_day_at_the_real_time_of_day(settings: Any) -> None:
    settings.MADOGUCHI_CLOCK = "2026-11-18"
    clock._shift.cache_clear()
    assert clock.today() == date(2026, 11, 18)
    assert clock.now().minute == timezone.localtime().minute
    assert clock.now().tzinfo is not None
