"""One application taken in hand for a change: locked, in the edition that was seen, in a stage that allows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Manager, QuerySet
from django.utils import timezone

from madoguchi.common.text import strip_controls
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.applications.clocks import go_on
from madoguchi.services.applications.errors import StaleEdition, WrongStage
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.people import seen_by_actor
from madoguchi.services.applications.rules import counted_seconds
from madoguchi.services.applications.searching import keep_search_texts
from madoguchi.services.applications.states import PauseReason, Stage, may_move

KIND = "applications.application"
LOOKS = ("applications.looked_at", "documents.opened")


def subject_of(application: Application) -> Subject:
    return Subject(KIND, str(application.pk))


def found(rows: QuerySet[Application] | Manager[Application], number: str) -> Application:
    """The application of that number among these. Raises NotFound, also for text that cannot be a number."""
    application = rows.filter(number=strip_controls(number)).first()
    if application is None:
        raise NotFound("申請")
    return application


def take(number: str, *, among: QuerySet[Application], edition: int | None = None) -> Application:
    """Lock one of these applications. Raises NotFound, or StaleEdition when it changed since `edition` was seen."""
    application = found(among.select_for_update(of=("self",)), number)
    if edition is not None and application.edition != edition:
        raise stale(application)
    return application


def take_own(number: str, by: Actor, at: datetime, *, edition: int | None = None) -> Application:
    """Lock an application for a resident who owns it, or for staff of its section; another's is NotFound."""
    return take(number, among=seen_by_actor(by, at), edition=edition)


def stale(application: Application) -> StaleEdition:
    """Who changed it last, and when, for the person whose page is old."""
    changes = trace_of(subject_of(application)).exclude(verb__in=LOOKS)
    last = changes.order_by("-seq").first()
    if last is None:
        return StaleEdition(application.number, "", application.changed_at)
    return StaleEdition(application.number, last.actor_name, last.happened_at)


def move(application: Application, to: Stage, what: str) -> None:
    """Set the stage, or refuse with WrongStage: `what` is the act in Japanese, e.g. 「受理する」."""
    now = Stage(application.stage)
    if not may_move(now, to):
        raise WrongStage(application.number, now, what)
    application.stage = to


def keep(application: Application, fields: Iterable[str], *, at: datetime) -> None:
    """Save a changed application as its next edition; changed answers can be found as they are now."""
    application.edition += 1
    application.changed_at = at
    changed = [*fields, "edition", "changed_at"]
    application.save(update_fields=changed)
    if "answers" in changed:
        keep_search_texts([application])


def mark(
    application: Application,
    verb: str,
    by: Actor,
    *,
    at: datetime,
    step: str = "",
    staff_seconds: int | None = None,
    purpose: str = "",
    **note: Any,
) -> None:
    """Leave the trace of one act, with the step and the staff time it took."""
    if step:
        note["step"] = step
    if staff_seconds is not None:
        note["staff_seconds"] = counted_seconds(staff_seconds)
    leave_trace(by, f"applications.{verb}", subject_of(application), at=at, purpose=purpose, note=note)


def open_correction(application: Application) -> Correction | None:
    return application.corrections.filter(answered_at__isnull=True).first()


def end_correction(application: Application, at: datetime) -> None:
    """Close an open correction without an answer, when staff go on without it or the case is withdrawn."""
    application.corrections.filter(answered_at__isnull=True).update(answered_at=at)
    restart_clock(application, at)


def restart_clock(application: Application, at: datetime) -> None:
    """End the pause for 補正: the due date moves by the days during which the applicant had the case."""
    go_on(application, timezone.localdate(at), PauseReason.CORRECTION)


def same_person(application: Application, person_key: str) -> list[str]:
    """Numbers of the other applications for the same person in the same period; withdrawn ones do not count."""
    if not person_key:
        return []
    rows = Application.objects.filter(
        procedure=application.procedure, period_code=application.period_code, person_key=person_key
    )
    others = rows.exclude(pk=application.pk).exclude(stage=Stage.WITHDRAWN).order_by("number")
    return list(others.values_list("number", flat=True))
