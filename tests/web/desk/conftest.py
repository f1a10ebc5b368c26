from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from tests.desk_browser import DeskBrowser
from tests.factories_applications import small_package


@pytest.fixture
def loaded(section: Any, now: datetime, settings: Any) -> Any:
    """The small package, live in サンプル市, on the day of the other fixtures."""
    settings.MADOGUCHI_CLOCK = now.date().isoformat()
    clock._shift.cache_clear()
    return small_package(now)


@pytest.fixture
def desk_of(staff_with: Any, loaded: Any) -> Any:
    """A signed-in browser for these roles: `desk_of(Role.REVIEWER)`; `.staff` is who sits there."""

    def make(*roles: Role, login: str = "") -> Any:
        return DeskBrowser(staff_with(*roles, login=login))

    return make
