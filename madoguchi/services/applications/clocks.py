"""時計 of a case, stopped and going on. due_on and clock_stopped_on of a case are what its pauses say, kept for lists."""

from datetime import date
from typing import Any

from django.utils import timezone

from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.clock_rules import ClockRule, Pause, due_on
from madoguchi.services.applications.models import Application, ClockPause
from madoguchi.services.applications.states import PauseReason


def rule_of(package: Any) -> ClockRule:
    """標準処理期間 of a package; office days where it does not say otherwise."""
    return ClockRule(package.standard_days, getattr(package, "standard_days_unit", "open"))


def stop(application: Application, reason: PauseReason, on: date, *, by: str = "", note: str = "") -> None:
    """Let the clock stand for a reason; the caller keeps due_on and clock_stopped_on."""
    ClockPause.objects.get_or_create(
        application=application,
        reason=reason,
        resumed_on=None,
        defaults={"stopped_on": on, "note": note, "stopped_by": by},
    )
    if application.clock_stopped_on is None:
        application.clock_stopped_on = on


def go_on(application: Application, on: date, *reasons: PauseReason) -> None:
    """End the pauses for these reasons (for every reason when none is named) and work out the due date anew."""
    standing = ClockPause.objects.filter(application=application, resumed_on__isnull=True)
    ending = standing.filter(reason__in=reasons) if reasons else standing
    if application.clock_stopped_on is None:
        return
    if not standing.exists():
        # Stopped before pauses were kept one by one.
        stop(application, PauseReason.CORRECTION, application.clock_stopped_on)
    ending.update(resumed_on=on)
    left = standing.order_by("stopped_on").first()
    application.clock_stopped_on = left.stopped_on if left else None
    application.due_on = due_day(application)


def forget_stop(application: Application, reason: PauseReason) -> None:
    """Take a stop back as if it had never been, because what it waited for was taken back."""
    standing = ClockPause.objects.filter(application=application, resumed_on__isnull=True)
    standing.filter(reason=reason).delete()
    left = standing.order_by("stopped_on").first()
    application.clock_stopped_on = left.stopped_on if left else None


def due_day(application: Application) -> date:
    """The due date as the package and the pauses of the case give it."""
    return due_on(
        timezone.localdate(application.received_at),
        rule_of(package_of(application.version_id).package),
        pauses_of(application),
        office_calendar(),
    )


def pauses_of(application: Application) -> list[Pause]:
    rows = application.pauses.order_by("stopped_on", "pk")
    return [Pause(row.stopped_on, row.resumed_on, PauseReason(row.reason), row.note) for row in rows]
