"""Long and nightly work on applications, in pieces that may be run again."""

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import clock, jobs
from madoguchi.ledgers.office.queries import municipalities, staff_by_login
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, full_sight, municipality_session
from madoguchi.services.applications.announcing import send_announcement
from madoguchi.services.applications.bulk import leave_the_rest, work_chunk
from madoguchi.services.applications.bundles import drop_old_bundles, keep_bundle
from madoguchi.services.applications.by_key import drop_unnamed_uploads
from madoguchi.services.applications.core_exporting import Made, export_due
from madoguchi.services.applications.disposing import dispose_chunk
from madoguchi.services.applications.dry_running import try_chunk
from madoguchi.services.applications.expiring import announce_expiring, drop_expired
from madoguchi.services.applications.exporting import drop_expired_files, make_export
from madoguchi.services.applications.printing import make_sheets
from madoguchi.services.applications.queries import bulk_of, failures_of
from madoguchi.services.applications.rebasing import begin_rebasing, rebase_chunk
from madoguchi.services.applications.reminding import remind_of_corrections
from madoguchi.services.applications.searching import index_missing
from madoguchi.services.applications.sights import sight_of
from madoguchi.services.applications.states import BulkVerb


@app.task(name="applications.work_bulk")
def work_bulk(municipality_id: int, bulk_id: str) -> None:
    """Work off a bulk for the person who ordered it, chunk by chunk, until it is through or stopped."""
    with municipality_session(municipality_id):
        key = uuid.UUID(bulk_id)
        bulk = bulk_of(key)
        staff = staff_by_login(bulk.login) if bulk else None
        if bulk is None or staff is None:
            return
        with sight_of(staff, clock.now()):
            _work_off(key, bulk.verb, staff)


def _work_off(key: uuid.UUID, verb: BulkVerb, staff: Any) -> None:
    while not jobs.is_stopped(key) and work_chunk(bulk_id=key, by=staff):
        pass
    if jobs.is_stopped(key):
        leave_the_rest(bulk_id=key)
        return
    if verb == BulkVerb.PRINT:
        make_sheets(bulk_id=key, by=staff, at=clock.now())
    jobs.finish(key, at=clock.now(), result={"failed": len(failures_of(key))})


@app.task(name="applications.export")
def export(municipality_id: int, job_id: str, told: dict[str, Any]) -> None:
    """Write a large export into a file that its maker fetches."""
    with municipality_session(municipality_id):
        key, staff = uuid.UUID(job_id), staff_by_login(told["login"])
        if staff is None or jobs.is_stopped(key):
            return
        with sight_of(staff, clock.now()):
            rows = make_export(job_id=key, told=told, by=staff, at=clock.now())
        jobs.finish(key, at=clock.now(), result={"rows": rows})


@app.periodic(cron="41 2 * * *")
@app.task(name="applications.tidy_ledger")
def tidy_ledger(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every night: forget files that have expired, and enter what cannot be found yet, in every municipality."""
    for town in municipalities():
        with municipality_session(town.pk), full_sight():
            drop_expired_files(at=clock.now())
            while index_missing():
                pass


@app.task(name="applications.rebase_open")
def rebase_open_task(municipality_id: int, version_id: int, at: str) -> None:
    """A version went live: enter the work on open cases."""
    with municipality_session(municipality_id):

        def queue(job_id: uuid.UUID, ids: list[int]) -> None:
            rebase_chunk_task.defer(
                municipality_id=municipality_id, job_id=str(job_id), version_id=version_id, ids=ids, at=at
            )

        begin_rebasing(version_id=version_id, at=datetime.fromisoformat(at), queue=queue)


@app.task(name="applications.rebase_chunk")
def rebase_chunk_task(municipality_id: int, job_id: str, version_id: int, ids: list[int], at: str) -> None:
    """Take one chunk of open cases over where that is safe; a stopped job rests."""
    with municipality_session(municipality_id):
        job = uuid.UUID(job_id)
        if not jobs.is_stopped(job):
            rebase_chunk(ids=ids, version_id=version_id, at=datetime.fromisoformat(at), job_id=job)


@app.task(name="applications.try_chunk")
def try_chunk_task(municipality_id: int, run_id: int, ids: list[int]) -> None:
    """Try a version on one chunk of cases."""
    with municipality_session(municipality_id):
        try_chunk(run_id=run_id, ids=ids, at=clock.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="applications.forget_unsent")
def forget_unsent(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every night: forget what was never sent and files that no application named, in every municipality."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            drop_expired(on=now.date(), at=now)
            drop_unnamed_uploads(before=now - timedelta(days=1))


@app.periodic(cron="23 0 * * *")
@app.task(name="applications.announce_expiring")
def announce_expiring_drafts(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every morning: tell people what will soon be forgotten or is soon due, in every municipality."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            announce_expiring(on=now.date(), at=now)
            remind_of_corrections(on=now.date(), at=now)
            drop_old_bundles(before=now - timedelta(days=1))


@app.task(name="applications.print_bundle")
def print_bundle_task(
    municipality_id: int, job_id: str, login: str, ordered: dict[str, Any], at: str
) -> None:
    """Make a large bundle for the member of staff who asked; a failed one says why in the job."""
    with municipality_session(municipality_id):
        staff, job = staff_by_login(login), uuid.UUID(job_id)
        if staff is None or jobs.is_stopped(job):
            return
        pressed = datetime.fromisoformat(at)
        try:
            with sight_of(staff, pressed):
                keep_bundle(**ordered, by=staff, at=pressed)
        except Refusal as refusal:
            jobs.advance(job, done=0, failures=[str(refusal)])
            jobs.finish(job, at=clock.now(), failed=True)
            return
        jobs.finish(job, at=clock.now(), result={"number": ordered["number"]})


@app.task(name="applications.dispose_chunk")
def dispose_chunk_task(municipality_id: int, run_id: str) -> None:
    """Dispose of the next cases of a decided list; the chunk queues its successor itself."""
    with municipality_session(municipality_id, Sight.ALL):
        dispose_chunk(run_id=uuid.UUID(run_id), at=clock.now())


@app.task(name="applications.announce_message", retry=5)
def announce_message(municipality_id: int, message_pk: int) -> None:
    """Tell the applicant by e-mail that the section wrote; protected people are told like everybody."""
    with municipality_session(municipality_id, Sight.ALL):
        send_announcement(message_pk)


@app.task(name="applications.core_export")
def core_export(municipality_id: int, press: str, told: dict[str, Any]) -> None:
    """Make the file for the person who pressed the button; what it refuses stands in the job."""
    with municipality_session(municipality_id):
        staff, key = staff_by_login(told["login"]), uuid.UUID(press)
        if staff is None or jobs.is_stopped(key):
            return
        pressed = datetime.fromisoformat(told["at"])
        try:
            with sight_of(staff, pressed):
                made = export_due(
                    slug=told["slug"],
                    target=told["target"],
                    press=key,
                    by=staff,
                    at=pressed,
                    told=partial(_core_told, key),
                )
        except Refusal as refusal:
            jobs.advance(key, done=0, failures=[str(refusal), *map(str, getattr(refusal, "problems", ()))])
            jobs.finish(key, at=clock.now(), failed=True)
            return
        _core_finish(key, made)


def _core_told(key: uuid.UUID, done: int) -> None:
    jobs.advance(key, done=done)


def _core_finish(key: uuid.UUID, made: Made) -> None:
    if made.problems:
        jobs.advance(key, done=0, failures=[str(problem) for problem in made.problems])
    result = {"rows": made.rows, "same": made.same}
    jobs.finish(key, at=clock.now(), result=result)
