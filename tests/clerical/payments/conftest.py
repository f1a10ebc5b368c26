from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role
from madoguchi.ledgers.office.roles import Role


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.BUDGET_CLERK)


@pytest.fixture
def drafter(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD)


@pytest.fixture
def payer(staff_with: Any) -> Any:
    return staff_with(Role.ACCOUNTANT)


@pytest.fixture
def running_role_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Take the running role again when a test that commits has emptied the tables."""
    yield
    with django_db_blocker.unblock():
        take_the_running_role(connection)


@pytest.fixture
def committed_town(running_role_again: None, transactional_db: None, town: Any) -> Iterator[Any]:
    """サンプル市 for tests whose writes other connections must see; emptying the tables needs the owner's rights."""
    take_the_running_role(connection)
    yield town
    lay_down_the_running_role(connection)
