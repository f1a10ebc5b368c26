"""決裁 seen from the cases: put under one decision, taken back, decided all at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localdate

from madoguchi.ledgers.office.actions import leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.applications.errors import WrongStage
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.moving import KIND, keep, mark, take_own
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import Outcome, Stage, may_move
from madoguchi.services.applications.views import Decided

BATCH = 1000

# One statement for thousands of rows: row by row, or with a CASE a row, it takes minutes.
DECIDE = """
UPDATE applications_application AS application
SET stage = 'decided', outcome = told.outcome, outcome_facts = told.facts, decided_at = %(at)s,
    changed_at = %(at)s, edition = edition + 1
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(facts)s::jsonb[]) AS told (id, outcome, facts)
WHERE application.id = told.id
"""


@transaction.atomic
def put_under_decision(*, application_ids: Iterable[int], by: Actor, at: datetime) -> int:
    """From accepted to 決裁中, all or none; says how many."""
    return _move_all(list(application_ids), Stage.DECIDING, "決裁に回す", "put_under_decision", by, at)


@transaction.atomic
def back_to_accepted(*, application_ids: Iterable[int], by: Actor, at: datetime) -> int:
    """From 決裁中 back to accepted, when the draft was returned or rejected."""
    return _move_all(list(application_ids), Stage.ACCEPTED, "受理に戻す", "taken_back", by, at)


def _move_all(ids: Sequence[int], to: Stage, what: str, verb: str, by: Actor, at: datetime) -> int:
    chosen = _taken(ids, to, what)
    rows = Application.objects.filter(pk__in=[each.pk for each in chosen])
    rows.update(stage=to, edition=F("edition") + 1, changed_at=at)
    subjects = [(Subject(KIND, str(each.pk)), {"step": "decision"}) for each in chosen]
    leave_traces(by, f"applications.{verb}", subjects, at=at)
    return len(chosen)


def _taken(ids: Sequence[int], to: Stage, what: str) -> list[Application]:
    """Lock the applications in the order of their keys; one missing or in the wrong stage refuses all."""
    rows = Application.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    chosen = list(rows.only("pk", "number", "stage", "edition"))
    if len(chosen) != len(set(ids)):
        raise NotFound("申請")
    for each in chosen:
        if not may_move(Stage(each.stage), to):
            raise WrongStage(each.number, Stage(each.stage), what)
    return chosen


@transaction.atomic
def decide_again(*, decided: Iterable[Decided], letter: str, by: Actor, at: datetime) -> int:
    """Enter another outcome for decided applications, such as a seat for a child that was waiting; all or none.

    letter: the kind of the letter that tells it. Until that letter is out, the applicant reads the former outcome.
    """
    outcomes = {each.application_id: each for each in decided}
    rows = Application.objects.select_for_update().filter(pk__in=outcomes).order_by("pk")
    chosen = list(rows.only("pk", "number", "stage", "edition", "outcome"))
    if len(chosen) != len(outcomes):
        raise NotFound("申請")
    for each in chosen:
        if each.stage != Stage.DECIDED:
            raise WrongStage(each.number, Stage(each.stage), "改めて決定する")
        told = outcomes[each.pk]
        outcomes[each.pk] = replace(told, facts={**told.facts, "letter": letter, "former": each.outcome})
    _enter(outcomes, at)
    _trace_decisions(chosen, {pk: str(each.outcome) for pk, each in outcomes.items()}, by, at)
    return len(chosen)


@transaction.atomic
def decline(*, number: str, reason: str, by: Actor, at: datetime) -> int:
    """辞退: the family does not take what was decided, or no longer waits for it. The key of the application.

    The decision stays what it was; it is written down that and since when it is not used. Refused: NotFound, WrongStage.
    """
    application = take_own(number, by, at)
    facts = application.outcome_facts
    if application.stage != Stage.DECIDED or application.outcome == Outcome.REFUSED or "declined_on" in facts:
        raise WrongStage(application.number, Stage(application.stage), "辞退を記録する")
    application.outcome_facts = {**facts, "declined_on": localdate(at).isoformat()}
    keep(application, ["outcome_facts"], at=at)
    mark(application, "declined", by, at=at, step="withdraw", reason=spoken(reason, 200))
    return application.pk


@transaction.atomic
def decide_many(*, decided: Iterable[Decided], by: Actor, at: datetime) -> int:
    """Enter the outcome of every application of a settled decision, all or none; says how many."""
    outcomes = {each.application_id: each for each in decided}
    chosen = _taken(list(outcomes), Stage.DECIDED, "決定する")
    _enter(outcomes, at)
    _trace_decisions(chosen, {pk: str(each.outcome) for pk, each in outcomes.items()}, by, at)
    return len(chosen)


def _enter(outcomes: Mapping[int, Decided], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            DECIDE,
            {
                "at": at,
                "ids": list(outcomes),
                "outcomes": [str(each.outcome) for each in outcomes.values()],
                "facts": [json.dumps(each.facts, ensure_ascii=False) for each in outcomes.values()],
            },
        )


def _trace_decisions(
    chosen: Sequence[Application], outcomes: Mapping[int, str], by: Actor, at: datetime
) -> None:
    told = (
        (Subject(KIND, str(each.pk)), {"step": "decision", "outcome": outcomes[each.pk]}) for each in chosen
    )
    while batch := list(islice(told, BATCH)):
        leave_traces(by, "applications.decided", batch, at=at)
