"""Organisation by fiscal year, roles that end, and work with a progress."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.ages import fiscal_year_end
from madoguchi.ledgers.office import actions, jobs, queries
from madoguchi.ledgers.office.models import Grant
from madoguchi.ledgers.office.roles import POWERS, Power, Role
from madoguchi.ledgers.office.states import JobState
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject, TraceRow, chain_hash, first_broken_link


def test_a_section_keeps_the_name_of_each_year(section: Any) -> None:
    actions.set_up_section(
        code="kodomo", fiscal_year=2027, name="こども未来課", symbol="サこ未", phone="000-0000-0124"
    )
    names = {
        day: queries.section_in_year(section.pk, day).name
        for day in (date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1), date(2030, 1, 1))
    }
    assert list(names.values()) == ["子ども若者課", "子ども若者課", "こども未来課", "こども未来課"]


def test_before_its_first_year_a_section_has_no_name(section: Any) -> None:
    assert queries.section_in_year(section.pk, date(2026, 3, 31)) is None


def test_the_tree_is_that_of_the_year(section: Any) -> None:
    actions.set_up_section(
        code="gakudo", fiscal_year=2026, name="学童クラブ係", symbol="サ学", phone="", parent="kodomo"
    )
    tree = {
        row.section.code: row.parent.code if row.parent else ""
        for row in queries.organisation(date(2026, 7, 1))
    }
    assert tree == {"kodomo": "", "gakudo": "kodomo"}


def test_a_role_ends_with_the_fiscal_year(staff_with: Any) -> None:
    staff = staff_with(Role.REVIEWER)
    assert queries.roles_of(staff, date(2027, 3, 31)) == {Role.REVIEWER}
    assert queries.roles_of(staff, date(2027, 4, 1)) == frozenset()
    assert queries.powers_of(staff, date(2027, 4, 1)) == frozenset()


def test_a_later_end_than_the_fiscal_year_is_not_given(staff_with: Any, now: datetime) -> None:
    grant = actions.grant_role(
        staff=staff_with(), role=Role.AUDITOR, on=now.date(), by=SYSTEM, at=now, expires_on=date(2030, 1, 1)
    )
    assert grant.expires_on == fiscal_year_end(now.date())


def test_the_database_refuses_a_grant_that_ends_before_it_begins(staff_with: Any) -> None:
    staff = staff_with()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(
            staff=staff, role=Role.AUDITOR, granted_on=date(2026, 5, 2), expires_on=date(2026, 5, 1)
        )


def test_granting_leaves_a_trace(staff_with: Any) -> None:
    staff = staff_with(Role.AUDITOR)
    (row,) = queries.trace_of(Subject("office.staff", str(staff.pk)))
    assert (row.verb, row.note["role"], row.note["until"]) == ("office.role_granted", "auditor", "2027-03-31")


def test_every_role_opens_something_and_nobody_has_every_power() -> None:
    assert all(POWERS[role] for role in Role)
    assert all(POWERS[role] < frozenset(Power) for role in Role)


def test_a_job_counts_to_its_end_and_keeps_what_failed(town: Any, now: datetime) -> None:
    job = jobs.start(kind="test", title="試験", total=5, by=None, at=now)
    jobs.advance(job, done=3, failures=["GK1: だめでした。"])
    progress = jobs.job_progress(job)
    assert progress is not None
    assert (progress.percent, progress.failures, progress.state) == (
        60,
        ("GK1: だめでした。",),
        JobState.RUNNING,
    )
    jobs.advance(job, done=99)
    jobs.finish(job, at=now, result={"ok": 4})
    progress = jobs.job_progress(job)
    assert progress is not None
    assert (progress.percent, progress.is_over, progress.result) == (100, True, {"ok": 4})


def test_a_second_press_is_the_same_job(town: Any, now: datetime) -> None:
    job = jobs.start(kind="test", title="試験", total=5, by=None, at=now)
    assert jobs.start(kind="test", title="試験", total=9, by=None, at=now, job_id=job) == job
    progress = jobs.job_progress(job)
    assert progress is not None
    assert progress.total == 5


def test_a_stopped_job_stays_stopped(town: Any, now: datetime) -> None:
    job = jobs.start(kind="test", title="試験", total=5, by=None, at=now)
    jobs.stop(job, at=now)
    jobs.finish(job, at=now)
    assert jobs.is_stopped(job)


def chain(notes: list[str]) -> list[TraceRow]:
    """A sound chain of rows with these notes."""
    moment, rows, former = datetime.fromisoformat("2026-11-21T10:00:00+09:00"), [], ""
    for seq, note in enumerate(notes, 1):
        row = TraceRow(
            seq,
            moment,
            moment,
            Actor("staff", "1", "佐藤"),
            "test.done",
            Subject("x", "1"),
            "",
            note,
            former,
            "",
        )
        former = chain_hash(row)
        rows.append(TraceRow(**{**row.__dict__, "hash": former}))
    return rows


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.data())
def test_any_change_of_any_row_is_noticed_at_that_row(notes: list[str], data: st.DataObject) -> None:
    rows = chain(notes)
    assert first_broken_link(rows, len(rows), rows[-1].hash) is None
    place = data.draw(st.integers(0, len(rows) - 1))
    changed = TraceRow(**{**rows[place].__dict__, "note": rows[place].note + "x"})
    broken = first_broken_link([*rows[:place], changed, *rows[place + 1 :]], len(rows), rows[-1].hash)
    assert broken is not None
    assert broken.seq == place + 1
