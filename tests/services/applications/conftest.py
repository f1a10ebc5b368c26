from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role
from tests.factories_applications import small_package


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    """The small package, live in サンプル市."""
    return small_package(now)


@pytest.fixture
def running_role_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Take the running role again when a test that commits has emptied the tables."""
    yield
    with django_db_blocker.unblock():
        take_the_running_role(connection)


@pytest.fixture
def committed(running_role_again: None, transactional_db: None) -> Iterator[None]:
    """For tests whose writes other connections must see; emptying the tables needs the owner's rights."""
    take_the_running_role(connection)
    yield
    lay_down_the_running_role(connection)
