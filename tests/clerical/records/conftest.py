from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office.roles import Role
from tests.factories_records import in_office


@pytest.fixture
def later(now: datetime) -> datetime:
    """The first day after the 5年 of what was completed in November 2026."""
    return datetime(2032, 4, 1, 9, 0, tzinfo=now.tzinfo)


@pytest.fixture
def clerk(staff_with: Any, now: datetime, later: datetime) -> Any:
    staff = staff_with(Role.REVIEWER, login="clerk")
    in_office(staff, Role.REVIEWER, *springs(now), later)
    return staff


@pytest.fixture
def head(staff_with: Any, now: datetime, later: datetime) -> Any:
    staff = staff_with(Role.SECTION_HEAD, login="head")
    in_office(staff, Role.SECTION_HEAD, *springs(now), later)
    return staff


def springs(now: datetime) -> list[datetime]:
    """1 April of the years the stories play in: grants end with every fiscal year."""
    return [now.replace(year=year, month=4, day=1) for year in (2027, 2031)]
