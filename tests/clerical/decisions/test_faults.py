"""What happens when two press at once, a right ends, history is altered, a process is killed."""

import json
import signal
import subprocess
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.bulk_deciding import Seen, sample_of, work_off
from madoguchi.clerical.decisions.errors import EditionOutdated, NotTheApprover
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.verifying import altered_history
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.models import Grant
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from tests.at_once import at_once
from tests.factories_decisions import submit
from tests.other_process import in_another_process


@pytest.fixture
def hall(committed: None, now: datetime) -> Any:
    """サンプル市 in tables that other connections see, with a clerk and two heads."""
    town = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    enter_municipality(town.pk)
    section = office.set_up_section(
        code="kodomo", fiscal_year=2026, name="子ども若者課", symbol="サ子", phone="000-0000-0123"
    )
    for login, role in (
        ("clerk", Role.REVIEWER),
        ("head", Role.SECTION_HEAD),
        ("other", Role.SECTION_HEAD),
    ):
        staff = office.employ(login=login, name=login, name_kana="", section=section, password="demo-demo")
        office.grant_role(staff=staff, role=role, on=now.date(), by=SYSTEM, at=now)
    return town


def seen(draft_id: int, who: Any, now: datetime) -> dict[str, Any]:
    shown = access.draft_for(who, draft_id, now)
    told = {"seen_sha256": shown.content_sha256, "edition": shown.edition}
    return {"draft_id": draft_id, "by": who, "at": now} | told


def laid(now: datetime, number: int = 1) -> tuple[int, Any]:
    clerk, head = staff_by_login("clerk"), staff_by_login("head")
    return submit(by=clerk, approver=head, at=now, subject=Subject("test.matter", str(number))), head


def test_two_presses_at_once_decide_once(hall: Any, now: datetime) -> None:
    draft_id, head = laid(now)
    told = seen(draft_id, head, now)

    def press(act: Any, **more: Any) -> Any:
        try:
            return act(**told, **more)
        except Refusal as refusal:
            return type(refusal).__name__

    results = at_once(
        hall,
        [
            lambda: press(actions.approve),
            lambda: press(actions.approve),
            lambda: press(actions.reject, comment="だめ"),
        ],
    )
    state = Draft.objects.get(pk=draft_id).state
    assert Step.objects.filter(draft_id=draft_id).exclude(outcome="").count() == 1
    assert results.count(state) == (2 if state == DraftState.APPROVED else 1)
    assert len(results) == 3


def test_a_right_lost_between_opening_and_pressing_decides_nothing(hall: Any, now: datetime) -> None:
    draft_id, head = laid(now)
    told = seen(draft_id, head, now)
    Grant.objects.filter(staff=head).update(
        granted_on=now.date() - timedelta(9), expires_on=now.date() - timedelta(1)
    )
    with pytest.raises(NotAllowed):
        actions.approve(**told | {"by": staff_by_login("head")})
    assert Draft.objects.get(pk=draft_id).state == DraftState.SUBMITTED


def test_a_route_changed_meanwhile_lets_neither_press_through(hall: Any, now: datetime) -> None:
    draft_id, head = laid(now)
    told = seen(draft_id, head, now)
    other = staff_by_login("other")
    assert other is not None
    clerk = staff_by_login("clerk")
    assert clerk is not None
    actions.change_approver(draft_id=draft_id, approver=other, by=clerk, at=now)
    with pytest.raises(NotTheApprover):
        actions.approve(**told)
    with pytest.raises(EditionOutdated):
        actions.approve(**told | {"by": other})
    assert actions.approve(**seen(draft_id, other, now)) == DraftState.APPROVED


def test_a_step_altered_in_the_database_is_named(hall: Any, now: datetime) -> None:
    draft_id, head = laid(now)
    actions.approve(**seen(draft_id, head, now))
    assert altered_history() == []
    changes = (
        "UPDATE decisions_step SET approver_id = (SELECT id FROM office_staff WHERE login = 'other')",
        "UPDATE decisions_step SET seen_sha256 = repeat('0', 64)",
        "DELETE FROM decisions_step",
        "UPDATE decisions_edition SET content = jsonb_set(content, '{title}', '\"別の件\"')",
    )
    for change in changes:
        with transaction.atomic():
            owner_does(change)
            assert any("サ子第1号" in said for said in altered_history()), change
            transaction.set_rollback(True)
    assert altered_history() == []


def owner_does(statement: str) -> None:
    """What somebody with the owner's rights may do to the tables, past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for table in ("decisions_step", "decisions_edition"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)


KILLED = """
import os, signal, sys, uuid, json, django
django.setup()
from django.db import transaction
from madoguchi.clerical.decisions import bulk_deciding
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.session import enter_municipality
from datetime import datetime
enter_municipality(int(sys.argv[1]))
items, at = json.loads(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
head, done = staff_by_login("head"), []
def killed_after_three(*arguments, **told):
    result = approve(*arguments, **told)
    done.append(result)
    if len(done) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
approve, bulk_deciding.approve = bulk_deciding.approve, killed_after_three
bulk_deciding.work_off(uuid.UUID(sys.argv[2]), str(head.pk), items, at=at)
"""


def test_a_bulk_killed_in_the_middle_is_finished_and_nothing_is_decided_twice(
    hall: Any, now: datetime
) -> None:
    ids = [laid(now, number)[0] for number in range(1, 9)]
    head = staff_by_login("head")
    assert head is not None
    for draft_id in sample_of(ids, "seed"):
        access.draft_for(head, draft_id, now)
    rows = [Seen(row.id, row.content_sha256, row.edition) for row in queries.seen_of(head, ids)]
    job = actions.approve_many(seen=rows, seed="seed", by=head, at=now, job_id=uuid.uuid4())
    items = [[each.draft_id, each.sha256, each.edition] for each in rows]
    ended = killed(hall, job, items, now)
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    assert Draft.objects.filter(state=DraftState.APPROVED).count() == 3
    progress = job_progress(job)
    assert progress is not None
    assert progress.done == 3
    work_off(job, str(head.pk), items, at=now)
    assert Draft.objects.filter(state=DraftState.APPROVED).count() == 8
    assert altered_history() == []


def killed(town: Any, job: uuid.UUID, items: list[Any], now: datetime) -> subprocess.CompletedProcess[str]:
    return in_another_process(KILLED, str(town.pk), str(job), json.dumps(items), now.isoformat())
