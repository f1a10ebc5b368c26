"""Long and nightly work on applications, in pieces that may be run again."""

import uuid
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from madoguchi.ledgers.office import clock, jobs
from madoguchi.ledgers.office.queries import municipalities, powers_of, staff_by_login
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import Sight, full_sight, municipality_session
from madoguchi.services.applications.bulk import leave_the_rest, work_chunk
from madoguchi.services.applications.exporting import drop_expired_files, make_export
from madoguchi.services.applications.printing import make_sheets
from madoguchi.services.applications.queries import bulk_of, failures_of
from madoguchi.services.applications.searching import index_missing
from madoguchi.services.applications.states import BulkVerb
from madoguchi.services.applications.unsent import drop_expired


def sight_of(staff: Any, at: datetime) -> AbstractContextManager[None]:
    """A job sees what the person who began it may see."""
    sees_all = Power.SEE_PROTECTED in powers_of(staff, localdate(at))
    return full_sight() if sees_all else nullcontext()


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


@app.periodic(cron="17 3 * * *")
@app.task(name="applications.forget_unsent")
def forget_unsent(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every night: forget what was never sent, in every municipality."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            drop_expired(on=now.date(), at=now)
