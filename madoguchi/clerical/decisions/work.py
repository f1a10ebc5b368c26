"""How far the work is that a decision ordered. Part of queries.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.states import JobState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

UNSEEN = "支援措置のため表示しない件があり、理由はここに示せません。権限のある決裁者に確かめてください。"


@dataclass(frozen=True)
class Work:
    """What a large decision moves: `done` of `total`, and why it did not when it failed."""

    draft_id: int
    done: int
    total: int
    failure: str
    worked_off_at: datetime | None
    may_put_right: bool = False
    """Whether the person who asks decided the draft and may have the work done again, or send the draft back."""

    @property
    def is_over(self) -> bool:
        return self.worked_off_at is not None or bool(self.failure)


@dataclass(frozen=True)
class Stuck:
    """A decided draft that nothing followed on. Why it failed stands on its page only: a refusal may name a resident."""

    draft_id: int
    number: str
    items: int
    settled_at: datetime | None
    failed: bool


def left_to_do() -> QuerySet[Draft]:
    """Approved drafts whose work is not done."""
    return Draft.objects.filter(state=DraftState.APPROVED, work__isnull=False, worked_off_at__isnull=True)


def work_of(staff: Staff, draft_id: int, at: datetime) -> Work | None:
    """How far the work of a draft is, for whoever sees the draft; None when there is none. Leaves no trace: it says numbers.

    Refused: NotFound.
    """
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None or not may_see(staff, draft, at):
        raise NotFound("起案")
    job = jobs.job_progress(draft.work) if draft.work else None
    if job is None:
        return None
    failed = job.state == JobState.FAILED and draft.worked_off_at is None
    why = _in_sight(job.failures[0], draft, staff, at) if failed and job.failures else ""
    return Work(draft.pk, job.done, job.total, why, draft.worked_off_at, failed and ordered(draft, staff))


def _in_sight(sentence: str, draft: Draft, staff: Staff, at: datetime) -> str:
    """A refusal may name a case that only holders of a power see."""
    if draft.also_needs and Power(draft.also_needs) not in powers_of(staff, localdate(at)):
        return UNSEEN
    return sentence


def ordered(draft: Draft, staff: Staff) -> bool:
    """Whether the work was ordered by the press of this person: on paper, of whoever entered the decision."""
    starter = jobs.starter(draft.work) if draft.work else None
    return starter is not None and starter.pk == staff.pk


def stuck_work(at: datetime, late: timedelta) -> list[Stuck]:
    """Decided drafts whose work failed, or is not done so long after the decision; the oldest first."""
    found = []
    for draft in left_to_do().order_by("settled_at"):
        job = jobs.job_progress(draft.work) if draft.work else None
        failed = job is not None and job.state == JobState.FAILED
        if failed or (draft.settled_at is not None and draft.settled_at < at - late):
            found.append(Stuck(draft.pk, draft.number, draft.item_count, draft.settled_at, failed))
    return found
