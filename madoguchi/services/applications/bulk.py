"""Many applications at one press of a button, as a job with a progress."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.services.applications.people import require
from madoguchi.services.applications.tasks import accept_chunk_task

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 100


@transaction.atomic
def accept_many(
    *, numbers: Sequence[str], by: "Staff", at: datetime, job_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Begin to accept many; the job goes on when the page is closed. The same `job_id` again begins nothing."""
    require(by, Power.REVIEW_CASES, at=at)
    chosen = list(dict.fromkeys(numbers))
    if job_id is not None and jobs.job_progress(job_id) is not None:
        return job_id
    job = jobs.start(
        kind="applications.accept",
        title=f"受理（{len(chosen):,}件）",
        total=len(chosen),
        by=by,
        at=at,
        job_id=job_id,
    )
    for first in range(0, len(chosen), CHUNK):
        accept_chunk_task.defer(
            municipality_id=current_municipality_id() or 0,
            job_id=str(job),
            login=by.login,
            numbers=chosen[first : first + CHUNK],
            at=at.isoformat(),
        )
    if not chosen:
        jobs.finish(job, at=at)
    return job
