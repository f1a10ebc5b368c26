"""The office calendar of the municipality of the session."""

from datetime import date

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.session import current_municipality_id


def office_calendar() -> OfficeCalendar:
    """Weekends, holidays, the turn of the year and the town's own closed days."""
    town = municipalities().filter(pk=current_municipality_id() or 0).first()
    return OfficeCalendar(date.fromisoformat(day) for day in (town.closed_days if town else ()))
