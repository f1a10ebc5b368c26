from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from tests.factories_applications import small_package
from tests.factories_keys import Caller, key_for


@pytest.fixture(autouse=True)
def on_the_day(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The period of the small package is open."""
    monkeypatch.setattr(settings, "MADOGUCHI_CLOCK", now.date().isoformat())
    clock._shift.cache_clear()
    yield
    clock._shift.cache_clear()


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return small_package(now)


@pytest.fixture
def admin(staff_with: Any) -> Any:
    return staff_with(Role.IT_ADMIN)


@pytest.fixture
def key(section: Any, admin: Any, now: datetime) -> Any:
    return key_for(section, admin, now)


@pytest.fixture
def caller(town: Any, key: Any, loaded: Any) -> Caller:
    return Caller(town, key.secret)
