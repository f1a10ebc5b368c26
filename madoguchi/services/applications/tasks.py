"""Long work on applications, in pieces that may be run again."""

import uuid
from typing import TYPE_CHECKING

from django.utils import timezone

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications.review import accept_chunk

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@app.task(name="applications.accept_chunk")
def accept_chunk_task(municipality_id: int, job_id: str, login: str, numbers: list[str]) -> None:
    """Accept one chunk for the member of staff who pressed the button; a stopped job does nothing more."""
    with municipality_session(municipality_id):
        staff = staff_by_login(login)
        job = uuid.UUID(job_id)
        if staff is not None and not jobs.is_stopped(job):
            _accept_and_count(staff, job, numbers)


def _accept_and_count(staff: "Staff", job_id: uuid.UUID, numbers: list[str]) -> None:
    now = timezone.now()
    accept_chunk(numbers=numbers, job_id=job_id, by=staff, at=now)
    progress = jobs.job_progress(job_id)
    if progress is not None and progress.done >= progress.total:
        jobs.finish(job_id, at=now, result={"failed": len(progress.failures)})
