"""What most pages of one procedure begin with."""

from datetime import date
from typing import Any

from madoguchi.clerical.decisions.queries import how_many_steps
from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.known import live_versions


def live(slug: str):
    """The live package of a procedure, or the same answer as for one that never was."""
    try:
        return procedures.live_package(slug)
    except NoSuchProcedure:
        raise NotFound("手続") from None


def procedures_here(request: Any) -> list:
    """Every procedure in use, asked once a request: the menu and the page show the same ones."""
    if not hasattr(request, "desk_procedures"):
        request.desk_procedures = live_versions()
    return request.desk_procedures


def steps_waiting(request: Any) -> tuple[int, int]:
    """Drafts for this person to decide, and to look at; asked once a request."""
    if not hasattr(request, "desk_steps"):
        request.desk_steps = how_many_steps(request.user)
    return request.desk_steps


def live_here(request: Any, slug: str):
    """As `live`, from the procedures the menu asks for anyway."""
    found = next((one for one in procedures_here(request) if one.package.slug == slug), None)
    if found is None:
        raise NotFound("手続")
    return found


def period_of(package, code: str, on: date):
    """The period asked for; otherwise the one open today, otherwise the latest that has begun."""
    asked = [period for period in package.periods if period.code == code]
    if code and not asked:
        raise NotFound("受付期間")
    begun = [period for period in package.periods if period.opens <= on] or list(package.periods)
    still_open = [period for period in begun if on <= period.closes]
    return (asked or still_open or sorted(begun, key=lambda period: period.opens)[-1:] or [None])[-1]


def calendar_of(request) -> OfficeCalendar:
    """The office days of the municipality of a request, without asking again."""
    return OfficeCalendar(date.fromisoformat(day) for day in request.municipality.closed_days)


def facility_names(package) -> dict[str, str]:
    return {place.code: place.name for place in package.facilities}
