"""A large list: the press decides the draft, the worker moves its cases, all of them once or none."""

import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions import carrying_out, queries, work
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.errors import NoWorkLeft
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.settled import settled_drafts, unsettled_among
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.troubles import work_again, work_of_decisions
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.roles import Power, Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.states import JobState
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.allocation import settling
from madoguchi.services.allocation.actions import compute_round, open_round, submit_round
from madoguchi.services.allocation.errors import Outdated
from madoguchi.services.allocation.models import Round
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Stage
from tests.at_once import at_once
from tests.factories_allocation import PERIOD, accepted, few_seats
from tests.other_process import in_another_process

CHILDREN = ("さくら", "もも", "うめ", "きく")


@pytest.fixture
def drafted(committed: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Four children under one draft, in tables that other connections see; four are many here."""
    monkeypatch.setattr(carrying_out, "AT_ONCE", len(CHILDREN) - 1)
    monkeypatch.setattr(settling, "PIECE", 1)
    town = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    enter_municipality(town.pk)
    section = office.set_up_section(
        code="kodomo", fiscal_year=2026, name="子ども若者課", symbol="サ子", phone="000-0000-0123"
    )
    people = {}
    for login, role in (
        ("clerk", Role.REVIEWER),
        ("head", Role.SECTION_HEAD),
        ("joho", Role.IT_ADMIN),
    ):
        people[login] = office.employ(
            login=login, name=login, name_kana="", section=section, password="demo-demo"
        )
        office.grant_role(staff=people[login], role=role, on=now.date(), by=SYSTEM, at=now)
    loaded = few_seats(now, club01=2)
    for child in CHILDREN:
        accepted(loaded, people["clerk"], now, child, ["club01"])
    opened = open_round(slug="gakudo-club", period_code=PERIOD, by=people["clerk"], at=now)
    compute_round(round_id=opened.id, by=people["clerk"], at=now)
    draft_id = submit_round(round_id=opened.id, approver=people["head"], by=people["clerk"], at=now)
    return town, draft_id, people["head"]


def press(drafted: Any, at: datetime) -> int:
    _, draft_id, head = drafted
    seen = draft_for(head, draft_id, at)
    told = {"seen_sha256": seen.content_sha256, "edition": seen.edition}
    assert decisions.approve(draft_id=draft_id, by=head, at=at, **told) == DraftState.APPROVED
    # A second press answers the same and orders nothing again.
    assert decisions.approve(draft_id=draft_id, by=head, at=at, **told) == DraftState.APPROVED
    return int(draft_id)


def stages() -> list[str]:
    return sorted(Application.objects.values_list("stage", flat=True))


def moved(verb: str = "applications.decided") -> int:
    return Trace.objects.filter(verb=verb).count()


def queued(draft_id: int) -> Any:
    # The queue is not emptied between tests; the keys of drafts are not used twice.
    return ProcrastinateJob.objects.filter(task_name="decisions.carry_out", args__draft_id=draft_id)


def job_of(draft_id: int) -> jobs.JobProgress:
    key = Draft.objects.get(pk=draft_id).work
    found = jobs.job_progress(key) if key else None
    assert found is not None
    return found


def test_the_press_decides_and_the_worker_moves_all_once(drafted: Any, now: datetime) -> None:
    draft_id = press(drafted, now)
    draft = Draft.objects.get(pk=draft_id)
    assert (draft.state, draft.settled_at, draft.worked_off_at) == (DraftState.APPROVED, now, None)
    assert stages() == [Stage.DECIDING] * 4
    assert Round.objects.get().state == RoundState.SUBMITTED
    assert queued(draft_id).count() == 1
    # Nobody files or disposes of what has not been carried out.
    assert not settled_drafts().filter(pk=draft_id).exists()
    assert unsettled_among([draft_id]) == {draft_id}
    later = now + timedelta(minutes=1)
    assert decisions.carry_out(draft_id=draft_id, at=later)
    assert stages() == [Stage.DECIDED] * 4
    assert set(Application.objects.values_list("decided_at", flat=True)) == {now}
    assert (moved(), moved("decisions.carried_out")) == (4, 1)
    assert Round.objects.get().state == RoundState.SETTLED
    assert (job_of(draft_id).state, job_of(draft_id).done) == (JobState.FINISHED, 4)
    assert not decisions.carry_out(draft_id=draft_id, at=later)
    assert moved() == 4
    assert settled_drafts().filter(pk=draft_id).exists()


def test_a_small_list_moves_with_the_press(
    drafted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "AT_ONCE", len(CHILDREN))
    draft_id = press(drafted, now)
    assert stages() == [Stage.DECIDED] * 4
    assert Draft.objects.get(pk=draft_id).work is None
    assert not queued(draft_id).exists()


KILLED = """
import os, signal, sys, django
django.setup()
from datetime import datetime
from madoguchi.clerical.decisions.actions import carry_out
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.services.allocation import settling
enter_municipality(int(sys.argv[1]))
settling.PIECE, done, decide_many = 1, [], settling.decide_many
def killed_in_the_middle(**told):
    done.append(decide_many(**told))
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return done[-1]
settling.decide_many = killed_in_the_middle
carry_out(draft_id=int(sys.argv[2]), at=datetime.fromisoformat(sys.argv[3]))
"""


def test_a_worker_killed_in_the_middle_has_moved_nothing_and_the_next_one_moves_all(
    drafted: Any, now: datetime
) -> None:
    draft_id = press(drafted, now)
    ended = in_another_process(KILLED, str(drafted[0].pk), str(draft_id), now.isoformat())
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    assert (stages(), moved()) == ([Stage.DECIDING] * 4, 0)
    told = queries.work_of(drafted[2], draft_id, now)
    assert told is not None
    # The page saw how far it was while nothing of it could be seen, and does not call it done.
    assert (told.done, told.total, told.is_over) == (2, 4, False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")
    assert carrying_out.queue_what_is_lost(before=now) == 0
    assert carrying_out.queue_what_is_lost(before=now + timedelta(minutes=6)) == 1
    assert carrying_out.queue_what_is_lost(before=now + timedelta(minutes=6)) == 1
    assert queued(draft_id).filter(status="todo").count() == 1, (
        "what waits already is not queued beside itself"
    )
    assert decisions.carry_out(draft_id=draft_id, at=now)
    assert (stages(), moved()) == ([Stage.DECIDED] * 4, 4)
    assert carrying_out.queue_what_is_lost(before=now + timedelta(minutes=6)) == 0


def test_two_workers_move_all_once(drafted: Any, now: datetime) -> None:
    draft_id = press(drafted, now)
    move: Callable[[], bool] = lambda: decisions.carry_out(draft_id=draft_id, at=now)  # noqa: E731
    assert sorted(at_once(drafted[0], [move, move])) == [False, True]
    assert (stages(), moved()) == ([Stage.DECIDED] * 4, 4)


def test_a_refusal_is_told_and_can_be_tried_again(
    drafted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id, head = press(drafted, now), drafted[2]
    joho = staff_by_login("joho")
    assert joho is not None
    refusing(monkeypatch)
    assert not decisions.carry_out(draft_id=draft_id, at=now)
    assert (stages(), moved()) == ([Stage.DECIDING] * 4, 0)
    told = queries.work_of(head, draft_id, now)
    assert told is not None
    assert told.may_put_right
    assert told.failure.startswith(Outdated().sentence)
    (trouble,) = work_of_decisions(now)
    assert "4件" in trouble.what
    assert Outdated().sentence not in trouble.what, "a refusal may name a resident, a trouble may not"
    assert told.failure != work.UNSEEN
    Draft.objects.filter(pk=draft_id).update(also_needs=Power.SEE_PROTECTED)
    hidden = queries.work_of(head, draft_id, now)
    assert hidden is not None
    assert hidden.failure == work.UNSEEN
    Draft.objects.filter(pk=draft_id).update(also_needs="")
    assert [repair.label for repair in trouble.repairs] == ["もう一度処理する", "起案を見る"]
    # Not by itself: what was refused would be refused again.
    assert carrying_out.queue_what_is_lost(before=now + timedelta(minutes=6)) == 0
    clerk = staff_by_login("clerk")
    assert clerk is not None
    with pytest.raises(NotAllowed):
        decisions.carry_out_again(draft_id=draft_id, by=clerk, at=now)
    work_again(str(draft_id), "", joho, now)
    assert list(work_of_decisions(now)) == []
    monkeypatch.undo()
    assert decisions.carry_out(draft_id=draft_id, at=now)
    assert (stages(), job_of(draft_id).failures) == ([Stage.DECIDED] * 4, ())
    with pytest.raises(NoWorkLeft):
        decisions.carry_out_again(draft_id=draft_id, by=head, at=now)


def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> int:
        raise Outdated

    monkeypatch.setattr(settling, "decide_many", refuse)


def test_what_cannot_be_carried_out_goes_back_under_its_number(
    drafted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id, head = press(drafted, now), drafted[2]
    number = Draft.objects.get(pk=draft_id).number
    with pytest.raises(NoWorkLeft):
        decisions.give_back(draft_id=draft_id, by=head, at=now, reason="まだ")
    refusing(monkeypatch)
    decisions.carry_out(draft_id=draft_id, at=now)
    clerk = staff_by_login("clerk")
    assert clerk is not None
    with pytest.raises(NotFound):
        decisions.give_back(draft_id=draft_id, by=clerk, at=now, reason="私が")
    decisions.give_back(draft_id=draft_id, by=head, at=now, reason="予算が足りない")
    draft = Draft.objects.get(pk=draft_id)
    assert (draft.state, draft.number, draft.decided_on) == (DraftState.RETURNED, number, None)
    assert stages() == [Stage.ACCEPTED] * 4
    assert list(work_of_decisions(now + timedelta(days=1))) == []
    assert not decisions.carry_out(draft_id=draft_id, at=now)


def test_an_unforeseen_failure_is_told_and_raised_for_the_queue(
    drafted: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = press(drafted, now)
    assert list(work_of_decisions(now + timedelta(minutes=14))) == []
    (late,) = work_of_decisions(now + timedelta(minutes=16))
    assert "15分以上" in late.what

    def broken(**_: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(settling, "decide_many", broken)
    with pytest.raises(ZeroDivisionError):
        decisions.carry_out(draft_id=draft_id, at=now)
    assert job_of(draft_id).failures == (carrying_out.UNFORESEEN,)
    jobs.stop(job_of(draft_id).id, at=now)
    assert job_of(draft_id).state == JobState.FAILED
