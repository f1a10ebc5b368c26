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
from madoguchi.services.applications.accepting import accept_chunk
from madoguchi.services.applications.announcing import send_announcement
from madoguchi.services.applications.unsent import drop_expired


def sight_of(staff: Any, at: datetime) -> AbstractContextManager[None]:
    """A job sees what the person who began it may see."""
    sees_all = Power.SEE_PROTECTED in powers_of(staff, localdate(at))
    return full_sight() if sees_all else nullcontext()


@app.task(name="applications.accept_chunk")
def accept_chunk_task(municipality_id: int, job_id: str, login: str, numbers: list[str], at: str) -> None:
    """Accept one chunk for the member of staff who pressed the button, as of that moment; stopped jobs rest."""
    with municipality_session(municipality_id):
        staff, job = staff_by_login(login), uuid.UUID(job_id)
        if staff is None or jobs.is_stopped(job):
            return
        pressed = datetime.fromisoformat(at)
        with sight_of(staff, pressed):
            accept_chunk(numbers=numbers, job_id=job, by=staff, at=pressed)
        progress = jobs.job_progress(job)
        if progress is not None and progress.done >= progress.total:
            jobs.finish(job, at=clock.now(), result={"failed": len(progress.failures)})


@app.periodic(cron="17 3 * * *")
@app.task(name="applications.forget_unsent")
def forget_unsent(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every night: forget what was never sent, in every municipality."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            drop_expired(on=now.date(), at=now)


@app.task(name="applications.announce_message", retry=5)
def announce_message(municipality_id: int, message_pk: int) -> None:
    """Tell the applicant by e-mail that the section wrote; protected people are told like everybody."""
    with municipality_session(municipality_id, Sight.ALL):
        send_announcement(message_pk)
