"""Long work with a progress that a page can show."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from madoguchi.ledgers.office.models import Job, Staff
from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.states import JobState

FAILURES_KEPT = 200


@dataclass(frozen=True)
class JobProgress:
    """How far a job is. `failures` holds one sentence for each item that could not be done."""

    id: uuid.UUID
    title: str
    total: int
    done: int
    failures: tuple[str, ...]
    state: JobState
    result: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        return 100 if self.total == 0 else self.done * 100 // self.total

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.FINISHED, JobState.FAILED, JobState.STOPPED}


def start(
    *, kind: str, title: str, total: int, by: Staff | None, at: datetime, job_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Enter a job. A given `job_id` makes a second press of the same button the same job."""
    job, _ = Job.objects.get_or_create(
        id=job_id or uuid.uuid4(),
        defaults={"kind": kind, "title": title, "total": total, "started_by": by, "started_at": at},
    )
    return job.id


def advance(job_id: uuid.UUID, *, done: int, failures: list[str] | None = None) -> None:
    """Count `done` more items, and keep the sentences of those that failed."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        job.done = min(job.total, job.done + done)
        job.failures = (job.failures + (failures or []))[:FAILURES_KEPT]
        if job.state == JobState.WAITING:
            job.state = JobState.RUNNING
        job.advanced_at = Now()
        job.save(update_fields=["done", "failures", "state", "advanced_at"])


def stop(job_id: uuid.UUID, *, at: datetime) -> None:
    """Ask a job to stop before its next chunk."""
    Job.objects.filter(pk=job_id, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.STOPPED, finished_at=at
    )


def is_stopped(job_id: uuid.UUID) -> bool:
    return Job.objects.filter(pk=job_id, state=JobState.STOPPED).exists()


def finish(
    job_id: uuid.UUID, *, at: datetime, result: dict[str, Any] | None = None, failed: bool = False
) -> None:
    """Close a job with its result."""
    Job.objects.filter(pk=job_id).exclude(state=JobState.STOPPED).update(
        state=JobState.FAILED if failed else JobState.FINISHED,
        finished_at=at,
        result=result or {},
        done=F("done") if failed else F("total"),
    )


def running_of(staff: Staff) -> list[JobProgress]:
    """The jobs this person started that are not over, newest first."""
    return [_progress(job) for job in _ask_running(staff=staff.pk)]


_ask_running = prepared_objects(
    lambda: Job.objects.filter(
        started_by=slot("staff", "bigint"), state__in=[JobState.WAITING, JobState.RUNNING]
    ).order_by("-started_at")[:3]
)


def troubled_of(staff: Staff, since: datetime) -> list[JobProgress]:
    """Jobs this person started that failed, or left something undone, since a moment; the newest first."""
    rows = Job.objects.filter(started_by=staff, started_at__gte=since)
    troubled = rows.filter(Q(state=JobState.FAILED) | ~Q(failures=[]))
    return [_progress(job) for job in troubled.order_by("-started_at")[:10]]


def job_progress(job_id: uuid.UUID) -> JobProgress | None:
    """How far a job of this municipality is, or None when there is none."""
    job = Job.objects.filter(pk=job_id).first()
    return _progress(job) if job else None


def _progress(job: Job) -> JobProgress:
    return JobProgress(
        job.id,
        job.title,
        job.total,
        job.done,
        tuple(job.failures),
        JobState(job.state),
        job.result,
        job.started_at,
        job.finished_at,
    )
