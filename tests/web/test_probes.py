"""/live/ and /ready/: one word, quickly, whoever asks and by whatever host name."""

from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from madoguchi.ledgers.office import readiness

pytestmark = pytest.mark.django_db


def test_live_and_ready_answer_one_word(db: None) -> None:
    for path in ("/live/", "/ready/"):
        answer = Client(headers={"host": "10.0.0.7:8000"}).get(path)
        assert (answer.status_code, answer.content) == (200, b"ok")
        assert not answer.cookies
        assert "Set-Cookie" not in answer.headers


def test_live_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/live/").status_code == 200


def test_ready_is_one_question_and_fast(django_assert_num_queries: Any) -> None:
    browser = Client()
    browser.get("/ready/")
    with django_assert_num_queries(1):
        browser.get("/ready/")
    times = []
    for _ in range(20):
        began = perf_counter()
        browser.get("/ready/")
        times.append(perf_counter() - began)
    assert sorted(times)[10] < 0.05


@pytest.mark.parametrize("missing", ["office.0099_not_yet"])
def test_tables_of_another_version_are_not_ready(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = readiness.migrations_of_the_code() | {missing}
    monkeypatch.setattr(readiness, "migrations_of_the_code", lambda: needed)
    answer = Client().get("/ready/")
    assert (answer.status_code, answer.content) == (503, b"migrations")


def test_a_role_that_security_does_not_bind_is_not_ready() -> None:
    """Where the suite itself signs in as a bound login, that one is as good as the running role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        (unbound,) = cursor.fetchone()
        cursor.execute("SELECT current_user")
        (running,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
        try:
            answer = Client().get("/ready/")
        finally:
            cursor.execute(f"SET ROLE {running}")
    assert (answer.status_code, answer.content) == ((503, b"role") if unbound else (200, b"ok"))


def test_without_a_database_it_is_live_and_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "READY_SQL", "SELECT * FROM no_such_table")
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    from django.db import transaction

    with transaction.atomic():
        answer = Client().get("/ready/")
        transaction.set_rollback(True)
    assert (answer.status_code, answer.content) == (503, b"database")
    assert Client().get("/live/").status_code == 200
