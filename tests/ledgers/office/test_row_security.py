from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from madoguchi.ledgers.office import actions, queries
from madoguchi.ledgers.office.models import Section, Trace
from madoguchi.ledgers.office.row_security import municipal_tables
from madoguchi.ledgers.office.session import enter_municipality, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Subject


def test_tests_run_under_a_role_that_row_security_binds(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_every_municipal_table_forces_row_security(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relkind = 'r' AND attname = 'municipality_id'"
            " AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> 'office_tracehead'"
        )
        assert cursor.fetchall() == []
    assert "office_trace" in municipal_tables()


def test_another_town_sees_nothing(section: Section, other_town: Any) -> None:
    with municipality_session(other_town.pk):
        assert not Section.objects.exists()
    assert Section.objects.count() == 1


def test_without_a_town_nothing_is_seen_and_nothing_written(section: Section) -> None:
    enter_municipality(None)
    assert not Section.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Section.objects.create(code="x")


def test_writing_into_another_town_is_refused(town: Any, other_town: Any) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Section.objects.create(code="x", municipality_id=other_town.pk)


def leave(count: int, now: datetime) -> None:
    for number in range(count):
        actions.leave_trace(
            SYSTEM, "test.done", Subject("test.thing", str(number)), at=now, note={"n": number}
        )


def test_trace_is_chained_and_verifies(town: Any, now: datetime) -> None:
    leave(3, now)
    report = queries.verify_chain(town)
    assert (report.rows, report.broken) == (3, None)
    assert [row.seq for row in queries.recent_trace()] == [3, 2, 1]


@pytest.mark.parametrize("sql", ["UPDATE office_trace SET note = '{}'", "DELETE FROM office_trace"])
def test_trace_cannot_be_changed_by_the_running_role(town: Any, now: datetime, sql: str) -> None:
    leave(1, now)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE office_trace SET purpose = 'x' WHERE seq = 2", "2番の記録が書き換えられています。"),
        ("DELETE FROM office_trace WHERE seq = 2", "2番の記録がありません。"),
        ("DELETE FROM office_trace WHERE seq = 3", "3番から後の記録が消されています。"),
    ],
)
def test_a_change_by_the_owner_of_the_database_is_named(
    town: Any, now: datetime, sql: str, said: str
) -> None:
    leave(3, now)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE office_trace DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE office_trace ENABLE TRIGGER USER")
        cursor.execute("SET ROLE madoguchi_app")
    broken = queries.verify_chain(town).broken
    assert broken is not None
    assert broken.sentence == said
    assert Trace.objects.exists()
