from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories_applications import small_package
from tests.factories_visitors import visitor_of


@pytest.fixture(autouse=True)
def the_day(settings: Any, tmp_path: Any) -> None:
    """A day within the round of the small package; mails go into a folder of the test."""
    settings.MADOGUCHI_CLOCK = "2026-11-22"
    settings.MADOGUCHI_MAIL_DIR = tmp_path


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return small_package(now)


def signed_in(email: str, now: datetime) -> Client:
    client = Client()
    visitor = visitor_of(email, now)
    session = client.session
    session["visitor_id"] = str(visitor.id)
    session.save()
    client.visitor = visitor  # type: ignore[attr-defined]
    return client


@pytest.fixture
def hikari(loaded: Any, now: datetime) -> Client:
    """A visitor who has proved an e-mail address."""
    return signed_in("hikari@example.jp", now)


@pytest.fixture
def stranger(loaded: Any, now: datetime) -> Client:
    return signed_in("stranger@example.jp", now)
