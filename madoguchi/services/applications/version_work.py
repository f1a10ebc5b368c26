"""Beginning long work on versions: a trial at the press of a button, the taking over when a version goes live."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id, full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.bells import WentLive, went_live
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.dry_running import KIND, chunks, finish_run, population
from madoguchi.services.applications.models import DryRun
from madoguchi.services.applications.tasks import rebase_open_task, try_chunk_task

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@went_live.answer
def answer_went_live(event: WentLive) -> None:
    """Queue the taking over in the same transaction: the version is live and the work is there, or neither."""
    if event.former_id is not None:
        rebase_open_task.defer(
            municipality_id=current_municipality_id() or 0,
            version_id=event.version_id,
            at=event.at.isoformat(),
        )


@transaction.atomic
def start_dry_run(
    *, version_id: int, by: "Staff", at: datetime, job_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Begin to try a version; the job goes on when the page is closed. The same job_id again begins nothing."""
    if not powers_of(by, localdate(at)) & {Power.MANAGE_PROCEDURES, Power.PUBLISH_PROCEDURES}:
        raise NotAllowed(Power.MANAGE_PROCEDURES.label)
    if job_id is not None and jobs.job_progress(job_id) is not None:
        return job_id
    package = package_of(version_id).package
    with full_sight():
        ids = list(population(package.slug).order_by("pk").values_list("pk", flat=True))
    title = f"版 {package.version} を{len(ids):,}件に当てはめて試す"
    job = jobs.start(kind=KIND, title=title, total=len(ids), by=by, at=at, job_id=job_id)
    run = DryRun.objects.create(
        version_id=version_id,
        package_sha256=package.sha256,
        started_by=by,
        started_at=at,
        job_id=job,
        total=len(ids),
    )
    for chunk in chunks(ids):
        try_chunk_task.defer(municipality_id=current_municipality_id() or 0, run_id=run.pk, ids=chunk)
    if not ids:
        finish_run(run, at)
    subject = Subject("procedures.version", str(version_id))
    leave_trace(actor_of(by), "applications.version_tried", subject, at=at, note={"cases": len(ids)})
    return job
