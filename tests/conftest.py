import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from tests.identity_provider import Provider, running_provider
from tests.site import Site, running_site

# How fast examples come is the machine's affair: a test that asks for it fails wherever something else runs beside.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tests run under the same role as the product, so that row-level security binds them too."""
    with django_db_blocker.unblock():
        take_the_running_role(connection)
    yield
    with django_db_blocker.unblock():
        lay_down_the_running_role(connection)


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


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 21, 10, 0, tzinfo=TOKYO)


@pytest.fixture
def town(db: None) -> Iterator[Any]:
    """サンプル市, with the database session bound to it."""
    municipality = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    enter_municipality(municipality.pk)
    yield municipality
    enter_municipality(None)


@pytest.fixture
def other_town(db: None) -> Any:
    """見本町, another municipality of the same installation."""
    return office.found_municipality(
        code="999998",
        name="見本町",
        name_kana="ミホンチョウ",
        prefecture="サンプル県",
        mayor="見本　花子",
        host="mihon.example",
    )


@pytest.fixture
def section(town: Any) -> Any:
    """子ども若者課 of サンプル市."""
    return office.set_up_section(
        code="kodomo",
        fiscal_year=2026,
        name="子ども若者課",
        unit="学童クラブ係",
        symbol="サ子青",
        phone="000-0000-0123",
    )


@pytest.fixture
def staff_with(section: Any, now: datetime) -> Any:
    """Makes a member of staff with the given roles: `staff_with(Role.REVIEWER)`."""

    def make(*roles: Role, login: str = "") -> Any:
        login = login or "-".join(roles) or "nobody"
        staff = office.employ(
            login=login, name="佐藤　例", name_kana="サトウ　レイ", section=section, password="demo"
        )
        for role in roles:
            office.grant_role(staff=staff, role=role, on=now.date(), by=SYSTEM, at=now)
        return staff

    return make


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """A real OpenID provider in a process of its own."""
    with running_provider() as running:
        yield running


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """サンプル市 with real pages and a real worker, for tests of the xdist group "site" only: it starts once."""
    given = os.environ.get("DATABASE_URL")
    with running_site() as started:
        if given is None:
            os.environ.pop("DATABASE_URL", None)
        yield started
