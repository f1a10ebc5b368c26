"""Beginning what takes long in the allocation room: computing a round, trials, weights. Part of actions.py."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.services.allocation import tasks
from madoguchi.services.allocation.computing import require_move, require_power, subject_of
from madoguchi.services.allocation.errors import NotComputed
from madoguchi.services.allocation.models import Round, RowWeight, Trial
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.trial_rules import Changes, require_possible, scored_rows
from madoguchi.services.allocation.trying import participants, scored_package
from madoguchi.services.applications.queries import candidates

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "allocation.trial"
STEPS = 3
"""Scoring, placing with its check, keeping."""


def order_computation(
    *, round_id: int, by: Staff, at: datetime, job_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Begin to compute a round and return its job; it goes on when the page is closed.

    Refused: NotAllowed, NotFound, WrongState.
    """
    require_power(by, at)
    if job_id is not None and jobs.job_progress(job_id) is not None:
        return job_id
    found = _round(round_id)
    require_move(found, RoundState.COMPUTED, "計算する")
    with transaction.atomic():
        job = jobs.start(
            kind="allocation.compute", title="利用調整の計算", total=1, by=by, at=at, job_id=job_id
        )
        tasks.compute.defer(
            municipality_id=current_municipality_id() or 0,
            round_id=found.pk,
            login=by.login,
            job_id=str(job),
        )
    return job


def _round(round_id: int) -> Round:
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound("利用調整の回")
    return found


def start_trial(
    *,
    round_id: int,
    name: str,
    changes: Changes,
    by: Staff,
    at: datetime,
    job_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Begin a trial and return its job; it goes on when the page is closed. The same job_id begins nothing new.

    Refused: NotAllowed, NotFound, NotComputed, TrialFaulty (what does not exist, or nothing changed).
    """
    require_power(by, at)
    if job_id is not None and jobs.job_progress(job_id) is not None:
        return job_id
    found = _computed(round_id)
    package = scored_package(found)
    require_possible(changes, package, [each.number for each in candidates(participants(found))])
    return _begin(found, name, changes, by, at, job_id)


def _computed(round_id: int) -> Round:
    found = _round(round_id)
    if found.computed_at is None:
        raise NotComputed
    return found


@transaction.atomic
def _begin(
    found: Round, name: str, changes: Changes, by: Staff, at: datetime, job_id: uuid.UUID | None
) -> uuid.UUID:
    title = f"試算「{name.strip()[:60] or '名前なし'}」"
    job = jobs.start(kind=KIND, title=title, total=STEPS, by=by, at=at, job_id=job_id)
    made = Trial.objects.create(
        round=found,
        name=name.strip()[:80] or "名前なし",
        changes=changes.as_json(),
        job_id=job,
        started_by=by,
        started_at=at,
    )
    note = {"trial": made.pk, "name": made.name}
    leave_trace(actor_of(by), "allocation.tried", subject_of(found), at=at, note=note)
    tasks.run_trial.defer(municipality_id=current_municipality_id() or 0, trial_id=made.pk)
    return job


def start_weighing(*, round_id: int, by: Staff, at: datetime, job_id: uuid.UUID | None = None) -> uuid.UUID:
    """Begin to compute the round once without each row of the points tables; the job is returned.

    Refused: NotAllowed, NotFound, NotComputed.
    """
    require_power(by, at)
    if job_id is not None and jobs.job_progress(job_id) is not None:
        return job_id
    found = _computed(round_id)
    rows = list(scored_rows(scored_package(found).scoring))
    with transaction.atomic():
        RowWeight.objects.filter(round=found).delete()
        title = f"指数の表の{len(rows)}行の効き目を計る"
        job = jobs.start(kind="allocation.weights", title=title, total=len(rows), by=by, at=at, job_id=job_id)
        leave_trace(actor_of(by), "allocation.weighed", subject_of(found), at=at, note={"rows": len(rows)})
        tasks.weigh_rows.defer(
            municipality_id=current_municipality_id() or 0, round_id=found.pk, job_id=str(job)
        )
    return job
