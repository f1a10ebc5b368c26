"""試算: a round computed with something changed, and how much hangs on each row of the points table.

The work of the jobs that trial_ordering.py begins. Nothing here touches the round or a case; what comes out is
kept beside the round.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.computing import BATCH, contest_for, entry_day, refuse_unsound
from madoguchi.services.allocation.contest import Placing
from madoguchi.services.allocation.errors import Unsound
from madoguchi.services.allocation.explaining import Story, explain
from madoguchi.services.allocation.market.goals import Goal
from madoguchi.services.allocation.models import Placement, Round, RowWeight, Trial, TrialPlacement
from madoguchi.services.allocation.placing import check, place
from madoguchi.services.allocation.rules import OUTCOMES, Contest, wording_of
from madoguchi.services.allocation.trial_rules import (
    Changes,
    TriedApplicant,
    TriedPackage,
    scored_rows,
    touched,
    tried_applicants,
    tried_package,
    without_row,
)
from madoguchi.services.applications.queries import candidates

MOST_SECONDS = 60
"""So long it is tried to seat more children without regard to ranks."""


def run_trial(*, trial_id: int, at: datetime) -> None:
    """Compute a trial and keep it. Running it again gives the same and keeps it once."""
    made = Trial.objects.select_related("round").filter(pk=trial_id).first()
    if made is None or made.finished_at is not None or jobs.is_stopped(made.job_id):
        return
    try:
        _keep(made, at)
    except Unsound as refusal:
        fail(made.job_id, refusal, at)
        return
    jobs.finish(made.job_id, at=at, result={"trial": made.pk})


def fail(job_id: uuid.UUID, refusal: Refusal, at: datetime) -> None:
    """End a job with the sentence of what was refused."""
    jobs.advance(job_id, done=0, failures=[str(refusal)])
    jobs.finish(job_id, at=at, failed=True)


@full_sight()
def _keep(made: Trial, at: datetime) -> None:
    """Everybody takes part, whoever asked; the figures are counted from what each reader sees."""
    package = scored_package(made.round)
    changes = Changes.from_json(made.changes)
    changed = tried_package(package, changes)
    everybody = tried_applicants(_everybody(made.round), changes, package.scoring.wishes)
    contest = contest_for(made.round, changed, everybody, changes.seats)
    jobs.advance(made.job_id, done=1)
    placing = _placed(contest)
    jobs.advance(made.job_id, done=1)
    stories = explain(
        contest.children,
        contest.seats,
        placing,
        wording_of(changed, entry_day(made.round, package)),
    )
    keys = {each.number: each.application_id for each in everybody}
    with transaction.atomic():
        TrialPlacement.objects.filter(trial=made).delete()
        TrialPlacement.objects.bulk_create(
            [
                _row(made, keys[story.child], story, contest)
                for story in stories.values()
                if story.child in keys
            ],
            batch_size=BATCH,
        )
        made.finished_at = at
        made.save(update_fields=["finished_at"])


def scored_package(found: Round) -> Any:
    """The package of a round; a round is only opened for a package with points."""
    return package_of(found.version_id).package


def participants(found: Round) -> list[int]:
    """The applications of a round that the session sees: somebody out of sight is told of by nothing."""
    return list(Placement.objects.filter(round=found).values_list("application_id", flat=True))


def _everybody(found: Round) -> list[Any]:
    return list(candidates(participants(found)))


def _placed(contest: Contest) -> Placing:
    placing = place(contest.children, contest.seats)
    refuse_unsound(check(contest.children, contest.seats, placing.facility, placing.first), placing)
    return placing


def _row(made: Trial, application_id: int, story: Story, contest: Contest) -> TrialPlacement:
    sheet = contest.sheets[story.child]
    there = story.facility or next(iter(sheet.totals), "")
    return TrialPlacement(
        trial=made,
        application_id=application_id,
        outcome=OUTCOMES[story.outcome],
        facility_code=story.facility,
        age_class=contest.class_of[story.child],
        wish_rank=story.wish_rank,
        total=sheet.totals.get(there, Decimal(0)),
        family=sheet.family,
    )


def weigh_rows(*, round_id: int, job_id: uuid.UUID, at: datetime) -> None:
    """Go through the rows that have no weight yet, until all are through or the job is stopped; then the price of
    fairness: how many more children could have a seat if nobody's rank were kept."""
    found = Round.objects.get(pk=round_id)
    package = scored_package(found)
    rows = scored_rows(package.scoring)
    with full_sight():
        everybody = tried_applicants(_everybody(found), Changes(), package.scoring.wishes)
        as_it_is = contest_for(found, tried_package(package, Changes()), everybody)
        before = _placed(as_it_is).facility
        done = set(RowWeight.objects.filter(round=found).values_list("row_id", flat=True))
        for row_id in [row_id for row_id in rows if row_id not in done]:
            if jobs.is_stopped(job_id):
                return
            with transaction.atomic():
                _weigh(found, package, rows[row_id], everybody, before)
                jobs.advance(job_id, done=1)
        most = place(as_it_is.children, as_it_is.seats, goal=Goal.MOST, seconds=MOST_SECONDS)
        _keep_price(found, len(most.facility) - len(before), len(most.blocking), most.proof)
    jobs.finish(job_id, at=at, result={"round": round_id})


def _keep_price(found: Round, more: int, claims: int, proof: str) -> None:
    with transaction.atomic():
        kept = Round.objects.select_for_update().get(pk=found.pk)
        if kept.input_sha256 == found.input_sha256:
            kept.figures["without_ranks"] = {"more": more, "claims": claims, "proof": proof}
            kept.save(update_fields=["figures"])


def _weigh(
    found: Round, package: Any, row: Any, everybody: list[TriedApplicant], before: dict[str, str]
) -> None:
    fired = {each.number for each in everybody if touched(each.score_sheet, [row.id])}
    after = before
    if fired:
        left = TriedPackage(package.facilities, without_row(package.scoring, row.id), package.periods)
        tried = [replace(each, score_sheet={}) if each.number in fired else each for each in everybody]
        after = _placed(contest_for(found, left, tried)).facility
    changed = sum(before.get(each.number) != after.get(each.number) for each in everybody)
    RowWeight.objects.create(
        round=found,
        row_id=row.id,
        text=row.text[:300],
        fired=len(fired),
        changed=changed,
        placed_change=len(after) - len(before),
        input_sha256=found.input_sha256,
    )
