"""Long work with a progress that a page can show."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Least, Now

from madoguchi.ledgers.office.models import Job, Staff
from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.session import Binding, bind, binding
from madoguchi.ledgers.office.states import JobState

FAILURES_KEPT = 200
TELLING_SECONDS = 2
left_to_their_rooms: set[str] = set()
"""Kinds of jobs that are one transaction and that a room watches itself."""


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
    may_stop: bool = True

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


def leave_to_its_room(kind: str) -> None:
    """Say that jobs of a kind are one piece: nobody stops them halfway, and their room tells of those that are stuck."""
    left_to_their_rooms.add(kind)


@contextmanager
def told_meanwhile(job_id: uuid.UUID) -> Iterator[Callable[[int], None]]:
    """A way to say how far a job is out of a transaction that is not over: it is told on a connection of its own."""
    bound = binding()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress") as teller:
        try:
            # A bar that stands still harms nobody: what goes wrong here neither holds up nor undoes the work.
            yield lambda done: void(wait([teller.submit(_tell, job_id, done, bound)], TELLING_SECONDS))
        finally:
            teller.submit(_hang_up)


def void(_: object) -> None:
    """Nothing comes of it."""


def _tell(job_id: uuid.UUID, done: int, bound: Binding) -> None:
    bind(bound)
    under_way = Job.objects.filter(pk=job_id).exclude(state=JobState.FINISHED)
    under_way.update(done=Least(done, F("total")), state=JobState.RUNNING, advanced_at=Now())


def _hang_up() -> None:
    connection.close()


def begin_again(job_id: uuid.UUID) -> None:
    """A job that failed waits once more; what was said of the failure is gone."""
    Job.objects.filter(pk=job_id).exclude(state=JobState.FINISHED).update(
        state=JobState.WAITING, done=0, failures=[], finished_at=None, advanced_at=Now()
    )


def fail(job_id: uuid.UUID, sentence: str, *, at: datetime) -> None:
    """A job of one piece did nothing, and why."""
    Job.objects.filter(pk=job_id).exclude(state=JobState.FINISHED).update(
        state=JobState.FAILED, done=0, failures=[sentence], finished_at=at
    )


def succeed(job_id: uuid.UUID, *, at: datetime) -> None:
    """A job of one piece did everything, whatever was said of an attempt before."""
    Job.objects.filter(pk=job_id).update(
        state=JobState.FINISHED, done=F("total"), failures=[], finished_at=at
    )


def has_failed(job_id: uuid.UUID) -> bool:
    return Job.objects.filter(pk=job_id, state=JobState.FAILED).exists()


def starter(job_id: uuid.UUID) -> Staff | None:
    """Who started a job."""
    job = Job.objects.filter(pk=job_id).select_related("started_by").first()
    return job.started_by if job else None


def stop(job_id: uuid.UUID, *, at: datetime) -> None:
    """Ask a job to stop before its next chunk; one that is a single piece has none, and goes on."""
    rows = Job.objects.exclude(kind__in=left_to_their_rooms)
    rows.filter(pk=job_id, state__in=[JobState.WAITING, JobState.RUNNING]).update(
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
        job.kind not in left_to_their_rooms,
    )
