"""受理 of many: a chunk is read, judged and written with a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.controls import hold_with
from madoguchi.services.applications.errors import LookFirst
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.moving import end_correction, keep, move, subject_of
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.states import Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Accepted:
    """What became of a chunk: applications now accepted, and a sentence for each (by number) that stays where it is."""

    ready: list[Application]
    refused: dict[str, str]


@transaction.atomic
def accept_chunk(*, numbers: Sequence[str], by: "Staff", at: datetime) -> Accepted:
    """Accept one chunk of a bulk.

    One that cannot be accepted, or has a check somebody must look at, stays where it is. Accepting a chunk again
    accepts nothing twice.
    """
    held = require(by, Power.REVIEW_CASES, at=at)
    accepted = judge(numbers, _locked(numbers, seen_by(by, at, held=held)), at)
    _write(accepted.ready, at)
    note = {"step": "accept", "bulk": True}
    traces = [(subject_of(each), note) for each in accepted.ready]
    leave_traces(actor_of(by), "applications.accepted", traces, at=at)
    return accepted


def would_be_accepted(numbers: Sequence[str], at: datetime) -> dict[str, str]:
    """Which of these could not be accepted now, and why; nothing is changed."""
    try:
        with transaction.atomic():
            refused = judge(numbers, _locked(numbers, Application.objects.all()), at).refused
            raise _OnlyAsked
    except _OnlyAsked:
        return refused


class _OnlyAsked(Exception):
    """Takes back what a question has done on its way."""


def _locked(numbers: Sequence[str], seen: QuerySet[Application]) -> dict[str, Application]:
    rows = seen.select_for_update().defer("raw", "score_sheet").order_by("pk")
    return {each.number: each for each in rows.filter(number__in=list(numbers))}


def judge(numbers: Sequence[str], chosen: dict[str, Application], at: datetime) -> Accepted:
    known = cache(package_of)
    same = _same_persons(chosen.values())
    ready: list[Application] = []
    refused: dict[str, str] = {}
    for number in numbers:
        application = chosen.get(number)
        try:
            if application is None:
                raise NotFound("申請")
            if application.stage != Stage.ACCEPTED:
                _may_be_accepted(application, known(application.version_id).package, same, at)
                ready.append(application)
        except Refusal as refusal:
            refused[number] = refusal.sentence
    return Accepted(ready, refused)


def _may_be_accepted(
    application: Application, package: Any, same: dict[tuple[str, str, str], set[str]], at: datetime
) -> None:
    if application.checks_to_look_at:
        raise LookFirst(application.checks_to_look_at)
    others = same[_person(application)] - {application.number} if application.person_key else set()
    hold_with(package, application, Stage.ACCEPTED, sorted(others), on=timezone.localdate(at))
    if application.stage == Stage.CORRECTING:
        end_correction(application, at)
        keep(application, ["due_on", "clock_stopped_on"], at=at)
    move(application, Stage.ACCEPTED, "受理する")


def _person(application: Application) -> tuple[str, str, str]:
    return application.procedure, application.period_code, application.person_key


def _same_persons(applications: Iterable[Application]) -> dict[tuple[str, str, str], set[str]]:
    """Standing cases by person: withdrawn ones are no duplicates any more."""
    keys = {each.person_key for each in applications} - {""}
    rows = Application.objects.filter(person_key__in=keys).exclude(stage=Stage.WITHDRAWN)
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for procedure, period, key, number in rows.values_list(
        "procedure", "period_code", "person_key", "number"
    ):
        found[(procedure, period, key)].add(number)
    return found


def _write(ready: Iterable[Application], at: datetime) -> None:
    rows = Application.objects.filter(pk__in=[each.pk for each in ready])
    rows.update(stage=Stage.ACCEPTED, edition=F("edition") + 1, changed_at=at)
