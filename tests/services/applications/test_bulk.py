"""一括処理: a set fixed once, worked off in chunks, each case exactly once, and taken back where nothing happened since."""

import os
import signal
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_matching
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications import actions, bulk, queries
from madoguchi.services.applications.access import status_for
from madoguchi.services.applications.errors import BulkEmpty, BulkTooLarge, NotUndone
from madoguchi.services.applications.models import Application, BulkItem, Correction, MadeFile
from madoguchi.services.applications.queries import Filters
from madoguchi.services.applications.states import BulkVerb, Channel, ItemState, Stage
from madoguchi.services.applications.tasks import work_bulk
from tests.factories_applications import received
from tests.factories_visitors import visitor_of

ASKED = {"fields": ["work_days"], "message": "日数を直してください。", "due_on": "2026-12-05"}


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def five(loaded: Any, now: datetime) -> list[str]:
    return [received(loaded, now, number, channel=Channel.PAPER).number for number in range(1, 6)]


def worked(key: uuid.UUID, by: Any) -> Any:
    work_bulk(by.municipality_id, str(key))
    return jobs.job_progress(key)


def stages() -> list[str]:
    return list(Application.objects.order_by("pk").values_list("stage", flat=True))


def test_the_set_is_fixed_when_it_is_ordered(
    five: list[str], loaded: Any, reviewer: Any, now: datetime
) -> None:
    key = actions.begin_bulk(
        verb=BulkVerb.ACCEPT,
        told={},
        chosen=Filters(procedure="mihon-club", channel="paper"),
        by=reviewer,
        at=now,
    )
    later = received(loaded, now, 9, channel=Channel.PAPER).number
    progress = worked(key, reviewer)
    assert (progress.done, progress.total, progress.failures) == (5, 5, ())
    assert Application.objects.get(number=later).stage == Stage.RECEIVED
    assert Application.objects.filter(stage=Stage.ACCEPTED).count() == 5


def test_nothing_and_too_much_are_refused(
    five: list[str], reviewer: Any, staff_with: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = {"verb": BulkVerb.ACCEPT, "told": {}, "at": now}
    with pytest.raises(BulkEmpty):
        actions.begin_bulk(chosen=Filters(channel="online"), by=reviewer, **order)
    with pytest.raises(NotAllowed):
        actions.begin_bulk(chosen=five, by=staff_with(Role.COUNTER_CLERK), **order)
    monkeypatch.setattr(bulk, "MOST", 3)
    with pytest.raises(BulkTooLarge):
        actions.begin_bulk(chosen=five, by=reviewer, **order)


def test_what_another_bulk_waits_for_is_left_to_it(
    five: list[str], reviewer: Any, staff_with: Any, now: datetime
) -> None:
    colleague = staff_with(Role.REVIEWER, login="colleague")
    first = actions.begin_bulk(verb=BulkVerb.ACCEPT, told={}, chosen=five[:3], by=reviewer, at=now)
    second = actions.begin_bulk(
        verb=BulkVerb.ASSIGN, told={"to": "colleague"}, chosen=five, by=colleague, at=now
    )
    progress = worked(second, colleague)
    assert (progress.done, progress.total, len(progress.failures)) == (5, 5, 3)
    assert dict(queries.failures_of(second)) == dict.fromkeys(five[:3], "ほかの一括処理が先に扱っています。")
    assert worked(first, reviewer).failures == ()
    assert Application.objects.filter(assigned_to=colleague).count() == 2


def test_a_stopped_bulk_leaves_the_rest_free(five: list[str], reviewer: Any, now: datetime) -> None:
    key = actions.begin_bulk(verb=BulkVerb.ACCEPT, told={}, chosen=five, by=reviewer, at=now)
    jobs.stop(key, at=now)
    work_bulk(reviewer.municipality_id, str(key))
    assert set(stages()) == {Stage.RECEIVED}
    assert {reason for _, reason in queries.failures_of(key)} == {"止めたので、手を付けていません。"}
    assert worked(actions.accept_many(numbers=five, by=reviewer, at=now), reviewer).failures == ()


def test_the_preview_says_what_cannot_be_done_and_changes_nothing(
    five: list[str], loaded: Any, reviewer: Any, now: datetime
) -> None:
    marked = received(loaded, now, 8, facts={"out_of_city": True}).number
    actions.accept(number=five[0], by=reviewer, at=now, edition=1)
    actions.ask_correction(
        number=five[1], by=reviewer, at=now, edition=1, fields=["work_days"], message="x", due_on=now.date()
    )
    before = list(Application.objects.order_by("pk").values())
    told = queries.preview(verb=BulkVerb.ACCEPT, chosen=[*five, marked], by=reviewer, at=now)
    assert (told.total, told.ready) == (6, 4)
    assert dict(told.refused)["もう受理しています。"] == 1
    assert any("印" in reason for reason, _ in told.refused)
    assert list(Application.objects.order_by("pk").values()) == before
    assert queries.preview(verb=BulkVerb.CORRECT, chosen=five, by=reviewer, at=now).ready == 4
    assert queries.preview(verb=BulkVerb.ASSIGN, chosen=five, by=reviewer, at=now).ready == 5


def test_accepting_is_taken_back_where_nothing_happened_since(
    five: list[str], reviewer: Any, now: datetime
) -> None:
    key = actions.begin_bulk(verb=BulkVerb.ACCEPT, told={}, chosen=five, by=reviewer, at=now)
    worked(key, reviewer)
    touched = Application.objects.get(number=five[0])
    actions.put_under_decision(application_ids=[touched.pk], by=actor_of(reviewer), at=now)
    undo = actions.undo_bulk(bulk_id=key, by=reviewer, at=now + timedelta(minutes=5))
    progress = worked(undo, reviewer)
    assert stages() == [Stage.DECIDING, *[Stage.RECEIVED] * 4]
    assert progress.failures == (f"{five[0]}: 受理のあとで変わっています（いま決裁中）。",)
    assert trace_matching(verb="applications.undone").count() == 4
    with pytest.raises(NotUndone, match="もう元に戻しています"):
        actions.undo_bulk(bulk_id=key, by=reviewer, at=now)
    with pytest.raises(NotUndone, match="元に戻した処理"):
        actions.undo_bulk(bulk_id=undo, by=reviewer, at=now)


def test_hands_are_given_back(five: list[str], reviewer: Any, staff_with: Any, now: datetime) -> None:
    colleague = staff_with(Role.REVIEWER, login="colleague")
    key = actions.begin_bulk(verb=BulkVerb.ASSIGN, told={"to": "colleague"}, chosen=five, by=reviewer, at=now)
    worked(key, reviewer)
    actions.assign(numbers=five[:1], to=reviewer, by=colleague, at=now)
    with pytest.raises(NotUndone, match="本人だけ"):
        actions.undo_bulk(bulk_id=key, by=colleague, at=now)
    with pytest.raises(NotUndone, match="30分以内"):
        actions.undo_bulk(bulk_id=key, by=reviewer, at=now + timedelta(minutes=31))
    worked(actions.undo_bulk(bulk_id=key, by=reviewer, at=now), reviewer)
    assert list(Application.objects.order_by("pk").values_list("assigned_to", flat=True)) == [
        reviewer.pk,
        *[None] * 4,
    ]


def test_a_correction_is_taken_back_until_it_is_read(loaded: Any, reviewer: Any, now: datetime) -> None:
    visitor = visitor_of("a@example.jp", now)
    numbers = [received(loaded, now, number, visitor_id=visitor.id).number for number in (1, 2)]
    key = actions.begin_bulk(verb=BulkVerb.CORRECT, told=ASKED, chosen=numbers, by=reviewer, at=now)
    assert worked(key, reviewer).failures == ()
    assert stages() == [Stage.CORRECTING] * 2
    status_for(visitor.id, numbers[0])
    progress = worked(actions.undo_bulk(bulk_id=key, by=reviewer, at=now), reviewer)
    assert progress.failures == (f"{numbers[0]}: 申請した人がもう補正のお願いを読んでいます。",)
    assert stages() == [Stage.CORRECTING, Stage.RECEIVED]
    assert Correction.objects.count() == 1
    assert Application.objects.get(number=numbers[1]).clock_stopped_on is None


def test_sheets_are_printed_in_order_and_kept_for_their_maker(
    five: list[str], reviewer: Any, staff_with: Any, now: datetime
) -> None:
    import io

    from pypdf import PdfReader

    told = {"purpose": "選考会議の資料", "what": "sheets"}
    key = actions.begin_bulk(
        verb=BulkVerb.PRINT, told=told, chosen=Filters(sort="-number"), by=reviewer, at=now
    )
    worked(key, reviewer)
    made = MadeFile.objects.get(pk=key)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(bytes(made.body))).pages]
    shown = [number for page in pages for number in five if number in page]
    assert shown == sorted(five, reverse=True)
    assert trace_matching(verb="applications.printed").count() == 5
    assert queries.preview(verb=BulkVerb.PRINT, chosen=five, by=reviewer, at=now).ready == 5


KILLED = """
import os, signal, sys, uuid, django
django.setup()
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.services.applications import bulk
bulk.CHUNK = 3
enter_municipality(int(sys.argv[1]))
staff = staff_by_login("reviewer")
done = bulk.work_chunk(bulk_id=uuid.UUID(sys.argv[2]), by=staff)
from django.db import transaction
with transaction.atomic():
    bulk.work_chunk(bulk_id=uuid.UUID(sys.argv[2]), by=staff)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("committed")
def test_a_killed_worker_leaves_each_case_done_once(
    now: datetime, town: Any, staff_with: Any, loaded: Any
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    numbers = [received(loaded, now, number, channel=Channel.PAPER).number for number in range(1, 11)]
    key = actions.begin_bulk(verb=BulkVerb.ACCEPT, told={}, chosen=numbers, by=reviewer, at=now)
    reached = connection.get_connection_params()
    who = ":".join(quote(reached[part]) for part in ("user", "password") if reached.get(part))
    where = urlencode({part: reached[part] for part in ("host", "port") if reached.get(part)})
    url = f"postgresql://{who}@/{reached['dbname']}?{where}"
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "MADOGUCHI_SECRET_KEY": "tests-only",
    }
    env |= {"PYTHONPATH": str(settings.BASE_DIR), "MADOGUCHI_RUN_AS_OWNER": "0"}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(town.pk), str(key)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    until = time.monotonic() + 10
    while BulkItem.objects.filter(bulk=key, state=ItemState.DONE).count() != 3 and time.monotonic() < until:
        pass
    assert BulkItem.objects.filter(bulk=key, state=ItemState.DONE).count() == 3
    work_bulk(town.pk, str(key))
    progress = jobs.job_progress(key)
    assert progress is not None
    assert (progress.done, progress.total, progress.failures) == (10, 10, ())
    assert trace_matching(verb="applications.accepted").count() == 10
    assert set(Application.objects.values_list("stage", "edition")) == {(Stage.ACCEPTED, 2)}
