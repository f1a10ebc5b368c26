"""What waits for somebody: overdue, near, standing still, answered corrections, marks, calls. Lists and counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.clock_rules import why_late
from madoguchi.services.applications.models import Application, Correction, Mention
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.rules import soon_until
from madoguchi.services.applications.states import OPEN, Channel, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

WAITS: dict[str, str] = {
    "over": "期限を過ぎた",
    "soon": "期限が近い",
    "answered": "補正が届いた",
    "marked": "自動チェックに印",
    "stopped": "時計が止まっている",
}
SHOWN = 200
BY_PROCEDURE = ("mine", "due", "correcting", "paper", "marked")


@dataclass(frozen=True)
class WaitingRow:
    """One case that waits. `days` are open days left of the period; below 0 it is late by so many."""

    number: str
    procedure: str
    person_name: str
    stage: Stage
    assigned_to: str
    received_on: date
    due_on: date
    days: int
    why: str
    stopped_on: date | None

    @property
    def late(self) -> int:
        return -self.days


@dataclass(frozen=True)
class Call:
    """呼びかけ that this person has not yet seen."""

    number: str
    person_name: str
    author: str
    text: str
    written_at: datetime


def conditions(on: date, calendar: OfficeCalendar) -> dict[str, Q]:
    """What each list holds; the same words count and list."""
    running = Q(stage__in=OPEN, clock_stopped_on__isnull=True)
    answered = Correction.objects.filter(application=OuterRef("pk"), answered_at=OuterRef("changed_at"))
    return {
        "over": running & Q(due_on__lt=on),
        "soon": running & Q(due_on__gte=on, due_on__lte=soon_until(on, calendar)),
        "answered": Q(stage=Stage.REVIEWING) & Q(Exists(answered)),
        "marked": Q(stage__in=[Stage.RECEIVED, Stage.REVIEWING], checks_to_look_at__gt=0),
        "stopped": Q(stage__in=OPEN, clock_stopped_on__isnull=False),
    }


def _seen(staff: "Staff", on: date) -> QuerySet[Application]:
    sections = sections_seen(staff, on)
    return (
        Application.objects.all() if sections is None else Application.objects.filter(section_id__in=sections)
    )


def counts_of(staff: "Staff", on: date, calendar: OfficeCalendar | None = None) -> dict[str, tuple[int, int]]:
    """For every list how many cases are on it, and how many of them are this person's own; one question."""
    told = conditions(on, calendar or office_calendar())
    mine = Q(assigned_to=staff.pk)
    counted = (
        _seen(staff, on)
        .filter(stage__in=OPEN)
        .aggregate(
            **{name: Count("pk", filter=each) for name, each in told.items()},
            **{f"{name}_mine": Count("pk", filter=each & mine) for name, each in told.items()},
        )
    )
    return {name: (counted[name], counted[f"{name}_mine"]) for name in told}


def waiting(staff: "Staff", what: str, on: date, *, mine: bool = False) -> list[WaitingRow]:
    """The cases of one list, the most urgent first, at most SHOWN."""
    calendar = office_calendar()
    rows = _seen(staff, on).filter(conditions(on, calendar)[what])
    rows = rows.filter(assigned_to=staff.pk) if mine else rows
    columns = ("number", "procedure", "person_name", "stage", "received_at", "due_on", "delay_reason")
    named = rows.annotate(who=F("assigned_to__name"))
    read = named.order_by("due_on", "number").values(
        *columns, "who", "checks_to_look_at", "clock_stopped_on"
    )[:SHOWN]
    return [_row(row, on, calendar) for row in read]


def _row(row: dict[str, Any], on: date, calendar: OfficeCalendar) -> WaitingRow:
    due = row["due_on"]
    days = calendar.open_days_between(on, due) if due >= on else -calendar.open_days_between(due, on)
    why = why_late(
        stage=row["stage"],
        assigned=bool(row["who"]),
        marks=row["checks_to_look_at"],
        note=row["delay_reason"],
    )
    return WaitingRow(
        row["number"],
        row["procedure"],
        row["person_name"],
        Stage(row["stage"]),
        row["who"] or "",
        timezone.localdate(row["received_at"]),
        due,
        days,
        why,
        row["clock_stopped_on"],
    )


def calls_of(staff: "Staff", on: date, limit: int = 20) -> list[Call]:
    """Comments that call for this person and were not yet seen, the newest first."""
    rows = Mention.objects.filter(staff=staff, seen_at__isnull=True, comment__struck_at__isnull=True)
    sections = sections_seen(staff, on)
    if sections is not None:
        rows = rows.filter(comment__application__section_id__in=sections)
    told = rows.order_by("-comment__written_at").values_list(
        "comment__application__number",
        "comment__application__person_name",
        "comment__author__name",
        "comment__text",
        "comment__written_at",
    )
    return [Call(*row) for row in told[:limit]]


def counts_by_procedure(
    staff: "Staff", on: date, calendar: OfficeCalendar | None = None
) -> dict[tuple[str, str], dict[str, int]]:
    """Open cases of every procedure and period by the views of the ledger; one question for all of them."""
    near = soon_until(on, calendar or office_calendar())
    views = {
        "mine": Q(assigned_to=staff.pk),
        "due": Q(due_on__lte=near, clock_stopped_on__isnull=True),
        "correcting": Q(stage=Stage.CORRECTING),
        "paper": Q(channel=Channel.PAPER, stage=Stage.RECEIVED),
        "marked": Q(checks_to_look_at__gt=0),
    }
    rows = _seen(staff, on).filter(stage__in=OPEN).values("procedure", "period_code").order_by()
    counted = rows.annotate(**{f"view_{name}": Count("pk", filter=each) for name, each in views.items()})
    read: list[dict[str, Any]] = [dict(row) for row in counted]
    return {
        (row["procedure"], row["period_code"]): {name: row[f"view_{name}"] for name in views} for row in read
    }
