"""Approving many drafts of one kind at once, after a look at a sample of them. Part of actions.py."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, sqrt
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.decisions.deciding import approve, waiting_steps
from madoguchi.clerical.decisions.errors import SampleUnseen
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.queries import staff_by_id
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

LEAST_LOOKS, MOST_LOOKS = 3, 10
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Seen:
    """A draft as it stood on the list: its hash and edition."""

    draft_id: int
    sha256: str
    edition: int


def sample_of(draft_ids: Sequence[int], seed: str) -> list[int]:
    """Which of the drafts are to be read before all are approved: the root of their number, at least 3, at most 10.

    The same seed and list give the same sample, so that an auditor can draw it again.
    """
    known = sorted(draft_ids)
    size = min(len(known), MOST_LOOKS, max(LEAST_LOOKS, ceil(sqrt(len(known)))))
    return sorted(Random(f"{seed}:{known}").sample(known, size))  # noqa: S311 - a look, not a secret


@transaction.atomic
def approve_many(*, seen: Sequence[Seen], seed: str, by: Staff, at: datetime, job_id: uuid.UUID) -> uuid.UUID:
    """Order the approval of many like drafts; the work goes on when the page is closed.

    The same `job_id` again orders nothing. Each draft is approved, or left with its reason, on its own.
    Refused: SampleUnseen when the drafts are of several kinds, too many, or the sample was not looked at as it is.
    """
    ids = [each.draft_id for each in seen]
    _require_like(ids)
    unread = _unread(sample_of(ids, seed), by)
    if unread:
        raise SampleUnseen(
            f"抜き取りの起案（{'、'.join(unread)}）を、いまの内容でまだ読んでいません。",
            next_step="抜き取りの起案を開いて読んでから、もう一度まとめて決裁してください。",
        )
    title = f"{len(ids)}件をまとめて決裁"
    if jobs.job_progress(job_id) is not None:
        return job_id
    job = jobs.start(kind="decisions.approve_many", title=title, total=len(ids), by=by, at=at, job_id=job_id)
    note = {"drafts": len(ids), "seed": seed, "sample": sample_of(ids, seed)}
    leave_trace(actor_of(by), "decisions.bulk_ordered", Subject("office.job", str(job)), at=at, note=note)
    app.configure_task("decisions.approve_many").defer(
        municipality_id=current_municipality_id(),
        job_id=str(job),
        staff_id=str(by.pk),
        items=[[each.draft_id, each.sha256, each.edition] for each in seen],
    )
    return job


def _require_like(ids: Sequence[int]) -> None:
    kinds = set(Draft.objects.filter(pk__in=ids).values_list("kind", flat=True))
    if not ids or len(kinds) != 1:
        raise SampleUnseen(
            "種類の違う起案は、まとめて決裁できません。" if ids else "起案が選ばれていません。",
            next_step="同じ種類の起案だけを選んでください。",
        )
    if len(ids) > MOST_AT_ONCE:
        raise SampleUnseen(
            f"一度にまとめられるのは{MOST_AT_ONCE}件までです。", next_step="分けて決裁してください。"
        )


def _unread(sample: Sequence[int], by: Staff) -> list[str]:
    """Numbers of sampled drafts that wait for this person and were not opened with their present content."""
    rows = Step.objects.filter(draft_id__in=sample, approver=by, outcome="").select_related("draft")
    return [step.draft.number for step in rows if step.looked_sha256 != step.draft.content_sha256]


def work_off(job_id: uuid.UUID, staff_id: str, items: Sequence[Sequence[object]], *, at: datetime) -> None:
    """Approve what is left of a bulk. Each draft and its count are one transaction: a kill loses and doubles nothing."""
    staff = staff_by_id(staff_id)
    if staff is None:
        return
    for draft_id, sha256, edition in items:
        if jobs.is_stopped(job_id):
            return
        _one(job_id, Seen(int(str(draft_id)), str(sha256), int(str(edition))), staff, at)
    jobs.finish(job_id, at=at)


def _one(job_id: uuid.UUID, each: Seen, staff: Staff, at: datetime) -> None:
    try:
        with transaction.atomic():
            draft = Draft.objects.filter(pk=each.draft_id).first()
            if draft is None or not waiting_steps(draft).filter(approver=staff).exists():
                return
            approve(draft_id=each.draft_id, by=staff, at=at, seen_sha256=each.sha256, edition=each.edition)
            jobs.advance(job_id, done=1)
    except Refusal as refusal:
        number = Draft.objects.filter(pk=each.draft_id).values_list("number", flat=True).first()
        jobs.advance(job_id, done=1, failures=[f"{number}: {refusal}"])
