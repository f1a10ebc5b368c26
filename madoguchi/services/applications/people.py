"""Who may do what here, and whose an application is."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of, sections_of, staff_by_id
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor
from madoguchi.services.applications.models import Application

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def require(staff: "Staff", power: Power, *, at: datetime) -> frozenset[Power]:
    """Everything the member of staff may do that day; raises NotAllowed when this power is not among it."""
    held = powers_of(staff, timezone.localdate(at))
    if power not in held:
        raise NotAllowed(power.label)
    return held


def sections_seen(staff: "Staff", on: date, *, held: frozenset[Power] | None = None) -> frozenset[int] | None:
    """The sections whose applications this person handles: the own one and those below it; None is every one.

    `held` are the powers of that day where the caller has asked for them already.
    """
    if Power.SEE_ALL_SECTIONS in (powers_of(staff, on) if held is None else held):
        return None
    return sections_of(staff, on)


def seen_by(staff: "Staff", at: datetime, *, held: frozenset[Power] | None = None) -> QuerySet[Application]:
    """The applications of this person's sections; any other one is as if it were not there."""
    sections = sections_seen(staff, timezone.localdate(at), held=held)
    rows = Application.objects.all()
    return rows if sections is None else rows.filter(section_id__in=sections)


def seen_by_actor(by: Actor, at: datetime) -> QuerySet[Application]:
    """The same for whoever acts: a resident's own cases, everything for the machine."""
    if by.kind == "resident":
        return Application.objects.filter(visitor_id=by.id)
    if by.kind != "staff":
        return Application.objects.all()
    staff = staff_by_id(by.id)
    return seen_by(staff, at) if staff else Application.objects.none()
