"""The office calendar of the municipality of the session."""

from datetime import date

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.ledgers.office.municipal import CurrentMunicipality
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.remembering import remembered


def office_calendar() -> OfficeCalendar:
    """Weekends, holidays, the turn of the year and the town's own closed days."""
    town = remembered("municipality") or municipalities().filter(pk=CurrentMunicipality()).first()
    return OfficeCalendar(date.fromisoformat(day) for day in (town.closed_days if town else ()))
