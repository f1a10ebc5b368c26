"""Long work and how far it is."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.bulk import UNDO_MINUTES
from madoguchi.web.desk.powers import back_of, needs
from madoguchi.web.desk.requests import StaffRequest

STOPPERS = (Power.REVIEW_CASES, Power.RELEASE_LETTERS, Power.ALLOCATE, Power.EXPORT, Power.IMPORT_RESIDENTS)
WORKERS = (*STOPPERS, Power.SEE_CASES)


@needs(*WORKERS)
def job(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The page of one job; htmx asks the same address for the bar alone."""
    progress = found(job_id)
    template = "desk/_job.html" if request.htmx else "desk/job.html"
    context = {
        "job": progress,
        "left": time_left(progress),
        "back": back(request),
        **of_bulk(request, job_id),
    }
    return render(request, template, context)


def of_bulk(request: StaffRequest, job_id: UUID) -> dict:
    """For a bulk: what could not be done, whether it can be taken back, the file it made."""
    found_bulk = queries.bulk_of(job_id, request.user, now())
    return {
        "bulk": found_bulk,
        "failed_cases": queries.failures_of(job_id) if found_bulk else [],
        "has_file": queries.has_file(job_id),
        "undo_minutes": UNDO_MINUTES,
    }


@require_POST
@needs(Power.REVIEW_CASES)
def undo(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """元に戻す: as a job of its own."""
    found(job_id)
    key = actions.undo_bulk(bulk_id=job_id, by=request.user, at=now())
    messages.info(request, "元に戻し始めました。そのあと変わった申請は、そのまま残します。")
    return redirect(f"{reverse('desk:job', args=[key])}?back={quote(back_of(request, ''))}")


@require_POST
@needs(*STOPPERS)
def stop(request: StaffRequest, job_id: UUID) -> HttpResponse:
    found(job_id)
    jobs.stop(job_id, at=now())
    messages.success(request, "止めました。済んだ分はそのまま残ります。")
    return redirect("desk:job", job_id)


def back(request: StaffRequest) -> str:
    """The list the job was started from, when it is a page of ours."""
    wanted = request.GET.get("back", "")
    return wanted if wanted.startswith("/desk/") else ""


def found(job_id: UUID) -> jobs.JobProgress:
    progress = jobs.job_progress(job_id)
    if progress is None:
        raise NotFound("処理")
    return progress


def time_left(progress: jobs.JobProgress) -> str:
    """残り 約40秒, from the speed so far."""
    if progress.is_over or not progress.done:
        return "始まるのを待っています" if not progress.done else ""
    spent = (now() - progress.started_at).total_seconds()
    left = int(spent / progress.done * (progress.total - progress.done))
    return f"残り 約{left}秒" if left < 90 else f"残り 約{-(-left // 60)}分"
