"""A new version and the cases that were running: nothing is lost, and what changes is decided by a person."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM as SYSTEM_ACTOR
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.services.applications import actions
from madoguchi.services.applications.access import application_for
from madoguchi.services.applications.errors import CannotTakeOver, NothingWaits
from madoguchi.services.applications.models import Application, VersionMove
from madoguchi.services.applications.rebasing import waiting_ids
from madoguchi.services.applications.states import Channel, MoveState, Stage
from madoguchi.services.applications.unsent import unsent_of
from tests.factories_applications import received, typed
from tests.factories_versions import MUST, next_package, published, renamed_package


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


def rebase_all(version_id: int, at: datetime) -> int:
    return actions.rebase_chunk(ids=waiting_ids("mihon-club", version_id), version_id=version_id, at=at)


def moves(number: str) -> list[tuple[str, list[str], list[str]]]:
    rows = VersionMove.objects.filter(application__number=number).order_by("pk")
    return [(row.state, row.marks, row.why_not) for row in rows]


def test_safe_case__goes_over_with_what_was_typed_under_its_new_name(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    version_id = published(renamed_package(), clerk, head, now)
    assert rebase_all(version_id, now) == 1
    case = application_for(clerk, number, at=now, purpose="確認")
    assert case.version_id == version_id
    assert case.raw["days_of_work"] == ["20"]
    assert case.answers["days_of_work"] == 20
    assert "work_days" not in case.raw
    assert moves(number) == [(MoveState.AUTOMATIC, ["days_of_work"], [])]
    (line,) = [row for row in case.timeline if row.verb == "applications.rebased"]
    assert (line.actor_kind, line.sentence) == ("system", "新しい版に引き継いだ（2026-04 → 2026-10）")


def test_run_again__does_nothing_twice(loaded: Any, clerk: Any, head: Any, now: datetime) -> None:
    number = received(loaded, now).number
    version_id = published(renamed_package(), clerk, head, now)
    ids = waiting_ids("mihon-club", version_id)
    assert [actions.rebase_chunk(ids=ids, version_id=version_id, at=now) for _ in range(3)] == [1, 0, 0]
    assert len(moves(number)) == 1
    assert Application.objects.get(number=number).edition == 2


def test_unsafe_case__waits_and_stays_as_it_is(loaded: Any, clerk: Any, head: Any, now: datetime) -> None:
    number = received(loaded, now).number
    version_id = published(next_package(form=MUST), clerk, head, now)
    rebase_all(version_id, now)
    state, marks, why = moves(number)[0]
    assert (state, marks) == (MoveState.WAITING, ["phone"])
    assert "足りない" in why[0]
    assert Application.objects.get(number=number).version_id == loaded.version_id


def waiting_case(loaded: Any, clerk: Any, head: Any, now: datetime) -> tuple[str, int]:
    number = received(loaded, now).number
    version_id = published(next_package(form=MUST), clerk, head, now)
    rebase_all(version_id, now)
    return number, version_id


def test_keep__leaves_the_case_on_its_version(loaded: Any, clerk: Any, head: Any, now: datetime) -> None:
    number, _ = waiting_case(loaded, clerk, head, now)
    actions.keep_version(number=number, by=clerk, at=now, edition=1)
    assert moves(number)[0][0] == MoveState.KEPT
    assert Application.objects.get(number=number).version_id == loaded.version_id
    with pytest.raises(NothingWaits):
        actions.keep_version(number=number, by=clerk, at=now, edition=1)


def test_take_over__marks_the_changed_questions(loaded: Any, clerk: Any, head: Any, now: datetime) -> None:
    number, version_id = waiting_case(loaded, clerk, head, now)
    actions.take_over_case(number=number, by=clerk, at=now, edition=1)
    case = Application.objects.get(number=number)
    assert (case.version_id, case.edition) == (version_id, 2)
    assert moves(number)[0][:2] == (MoveState.TAKEN, ["phone"])
    assert case.checks.get(code="complete").result == "look"


def test_ask__takes_over_and_asks_for_the_changed_questions(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    number, version_id = waiting_case(loaded, clerk, head, now)
    actions.ask_about_changes(number=number, by=clerk, at=now, edition=1, fields=["phone", "child_name"])
    case = Application.objects.get(number=number)
    assert (case.version_id, case.stage) == (version_id, Stage.CORRECTING)
    assert case.corrections.get().fields == ["phone"]
    assert moves(number)[0][0] == MoveState.ASKED


def test_correcting_case__is_not_moved_under_the_resident(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    actions.ask_correction(
        number=number, by=clerk, at=now, edition=1, fields=["work_days"], message="日数", due_on=now.date()
    )
    version_id = published(renamed_package(), clerk, head, now)
    rebase_all(version_id, now)
    assert "補正の途中" in moves(number)[0][2][-1]
    edition = Application.objects.get(number=number).edition
    with pytest.raises(CannotTakeOver):
        actions.take_over_case(number=number, by=clerk, at=now, edition=edition)
    actions.answer_correction(number=number, by=SYSTEM_ACTOR, at=now, raw={"work_days": ["12"]})
    edition = Application.objects.get(number=number).edition
    actions.take_over_case(number=number, by=clerk, at=now, edition=edition)
    assert Application.objects.get(number=number).answers["days_of_work"] == 12


def test_decided_and_withdrawn_cases_keep_their_version(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    actions.withdraw(number=number, by=SYSTEM_ACTOR, at=now, reason="転居")
    version_id = published(renamed_package(), clerk, head, now)
    assert waiting_ids("mihon-club", version_id) == []


def test_applicant_in_the_middle__goes_on_with_the_version_that_was_begun(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    begun = actions.begin(slug="mihon-club", period_code="r9", visitor=None, staff=clerk, at=now)
    raw = typed(7)
    actions.save_page(unsent_id=begun.id, owner=clerk, page_key="child", raw=raw, at=now)
    version_id = published(renamed_package(), clerk, head, now)
    assert live_package("mihon-club").version_id == version_id
    assert unsent_of(begun.id, clerk, on=now.date()).version_id == loaded.version_id
    for page in ("applicant", "wishes"):
        assert actions.save_page(unsent_id=begun.id, owner=clerk, page_key=page, raw=raw, at=now).is_good
    sent = actions.submit(
        unsent_id=begun.id, owner=clerk, submission_key=uuid.uuid4(), channel=Channel.COUNTER, at=now
    )
    case = Application.objects.get(number=sent.number)
    assert (case.version_id, case.answers["work_days"]) == (loaded.version_id, 20)


def test_went_live__queues_the_work_in_the_same_transaction(
    loaded: Any, clerk: Any, head: Any, now: datetime
) -> None:
    received(loaded, now)
    version_id = published(renamed_package(), clerk, head, now)
    pieces: list[list[int]] = []
    known = {"version_id": version_id, "at": now, "queue": lambda _, ids: pieces.append(ids)}
    assert actions.begin_rebasing(**known) == actions.begin_rebasing(**known)
    assert [len(piece) for piece in pieces] == [1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'applications.rebase_open'")
        assert cursor.fetchone()[0] == 1
    assert rebase_all(version_id, now) == 1
