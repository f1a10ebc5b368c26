"""審査. What staff do between receipt and decision. Accepting (受理) is not deciding."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.controls import hold_controls
from madoguchi.services.applications.errors import ReasonMissing
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.moving import end_correction, keep, mark, move, subject_of, take
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import OPEN, CheckResult, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def start_review(*, number: str, by: "Staff", at: datetime, edition: int) -> None:
    """Begin to look at an application; whoever begins has it when nobody had it."""
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    move(application, Stage.REVIEWING, "確認を始める")
    application.assigned_to_id = application.assigned_to_id or by.pk
    keep(application, ["stage", "assigned_to"], at=at)
    mark(application, "review_started", actor_of(by), at=at, step="review")


@transaction.atomic
def accept(*, number: str, by: "Staff", at: datetime, edition: int, staff_seconds: int | None = None) -> None:
    """受理. The application meets the form and goes on to the decision (行政手続法7条)."""
    held = require(by, Power.REVIEW_CASES, at=at)
    _accept(
        take(number, among=seen_by(by, at, held=held), edition=edition),
        by,
        at=at,
        staff_seconds=staff_seconds,
    )


def _accept(application: Application, by: "Staff", *, at: datetime, staff_seconds: int | None = None) -> None:
    move(application, Stage.ACCEPTED, "受理する")
    hold_controls(application, Stage.ACCEPTED, on=timezone.localdate(at))
    end_correction(application, at)
    keep(application, ["stage", "due_on", "clock_stopped_on"], at=at)
    mark(application, "accepted", actor_of(by), at=at, step="accept", staff_seconds=staff_seconds)


@transaction.atomic
def settle_check(
    *,
    number: str,
    code: str,
    by: "Staff",
    at: datetime,
    reason: str,
    staff_seconds: int | None = None,
) -> None:
    """Say that a marked check was looked at, and why the application may go on."""
    held = require(by, Power.REVIEW_CASES, at=at)
    said = spoken(reason, 300)
    if not said:
        raise ReasonMissing
    application = take(number, among=seen_by(by, at, held=held))
    changed = application.checks.filter(code=code, result__in=[CheckResult.LOOK, CheckResult.NOT_RUN]).update(
        result=CheckResult.SETTLED, settled_by=by.name, settled_reason=said
    )
    if not changed:
        raise NotFound("チェック")
    count_marks(application)
    keep(application, ["checks_to_look_at"], at=at)
    mark(
        application,
        "check_settled",
        actor_of(by),
        at=at,
        step="check",
        staff_seconds=staff_seconds,
        code=code,
        reason=said,
    )


def count_marks(application: Application) -> None:
    application.checks_to_look_at = Check.objects.filter(
        application=application, result=CheckResult.LOOK
    ).count()


@transaction.atomic
def assign(*, numbers: Sequence[str], to: "Staff | None", by: "Staff", at: datetime) -> int:
    """Give open applications to a colleague, or to nobody; says how many changed hands."""
    held = require(by, Power.REVIEW_CASES, at=at)
    chosen = list(
        seen_by(by, at, held=held)
        .select_for_update(of=("self",))
        .filter(number__in=list(numbers), stage__in=OPEN)
        .order_by("pk")
        .only("pk", "assigned_to")
    )
    changed = [each for each in chosen if each.assigned_to_id != (to.pk if to else None)]
    Application.objects.filter(pk__in=[each.pk for each in changed]).update(assigned_to=to)
    note = {"to": to.name if to else ""}
    leave_traces(actor_of(by), "applications.assigned", [(subject_of(each), note) for each in changed], at=at)
    return len(changed)
