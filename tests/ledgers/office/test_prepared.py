"""Questions that are compiled once: each asking with its own values, under its own municipality and day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.models import Section, Staff
from madoguchi.ledgers.office.prepared import (
    one_of,
    prepared,
    prepared_objects,
    run,
    run_first,
    slot,
    written,
)
from madoguchi.ledgers.office.queries import powers_of, remember_standing
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.signed_in import signed_in

by_code = prepared(lambda: Section.objects.filter(code=slot("code", "text")).values("id", "code"))
of_sections = prepared_objects(
    lambda: Staff.objects.filter(one_of("office_staff.section_id", "sections")).order_by("pk")
)


def test_each_asking_has_its_own_values(section: Section) -> None:
    assert by_code(code=section.code) == [{"id": section.pk, "code": section.code}]
    assert by_code(code="%s' OR true --") == []


def test_another_town_sees_nothing_of_a_prepared_question(section: Section, other_town: Any) -> None:
    for _ in range(7):
        assert len(by_code(code=section.code)) == 1
    with municipality_session(other_town.pk):
        assert by_code(code=section.code) == []
    assert len(by_code(code=section.code)) == 1


def test_none_lets_every_row_pass(staff_with: Any) -> None:
    reviewer = staff_with(Role.REVIEWER)
    assert [each.name for each in of_sections(sections=None)] == [reviewer.name]
    assert of_sections(sections=[reviewer.section_id]) == [reviewer]
    assert of_sections(sections=[]) == []


def test_who_signed_in_knows_the_standing_without_asking(staff_with: Any, now: Any) -> None:
    reviewer, today = staff_with(Role.REVIEWER), now.date()
    found = signed_in(reviewer.pk)
    assert found is not None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        standing = remember_standing(found, today)
    assert (len(asked), found, found.section) == (0, reviewer, reviewer.section)
    assert standing.powers == powers_of(reviewer, today)
    assert standing == remember_standing(reviewer, today)


def test_a_grant_ends_with_its_day(staff_with: Any, now: Any) -> None:
    reviewer = staff_with(Role.REVIEWER)
    last: date = reviewer.grants.get().expires_on
    for day in (now.date(), last, last + timedelta(days=1)):
        found = signed_in(reviewer.pk)
        assert found is not None
        assert remember_standing(found, day).powers == powers_of(reviewer, day)


def test_who_left_is_not_signed_in(staff_with: Any) -> None:
    reviewer = staff_with(Role.REVIEWER)
    Staff.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert signed_in(reviewer.pk) is None


def test_a_written_question_is_asked_anew_each_time_under_its_own_town(
    section: Section, other_town: Any
) -> None:
    of_code = written(Section.objects.filter(code=section.code).values_list("id", "code"))
    for _ in range(7):
        assert of_code.rows() == [[section.pk, section.code]]
        with municipality_session(other_town.pk):
            assert of_code.rows() == []
    Section.objects.filter(pk=section.pk).update(code="0999")
    assert of_code.rows() == []


def test_a_written_question_keeps_values_that_look_like_sql(section: Section) -> None:
    for nasty in ("$1 %s", "'; --", "50%", "\\"):
        Section.objects.filter(pk=section.pk).update(code=nasty)
        asked = written(Section.objects.filter(code=nasty).values_list("code"))
        assert [asked.rows() for _ in range(3)] == [[[nasty]]] * 3


def test_a_written_question_that_nothing_can_meet_is_not_asked(section: Section) -> None:
    nothing = written(Section.objects.none().values_list("id"))
    with CaptureQueriesContext(connection) as asked:
        assert nothing.rows() == []
    assert len(asked) == 0


def test_a_refusal_of_the_server_is_djangos_and_breaks_the_transaction(section: Section) -> None:
    with pytest.raises(DataError), transaction.atomic():
        run("SELECT 1 / $1::int", [0])
    assert by_code(code=section.code)
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            by_code(code=section.code)


@pytest.mark.django_db
def test_a_connection_that_died_between_two_requests_is_noticed_by_the_first_question() -> None:
    with ThreadPoolExecutor(1) as pool:
        before, after = pool.submit(two_requests).result()
    assert before != after


def two_requests() -> tuple[int, int]:
    """The server processes that answer the first question of two requests; the first connection dies in between."""
    try:
        before = run_first("SELECT pg_backend_pid()", [])[0][0]
        connection.connection.pgconn.finish()
        connection.close_if_unusable_or_obsolete()
        return before, run_first("SELECT pg_backend_pid()", [])[0][0]
    finally:
        connection.close()
