"""Tags of the portal only: `{% load resident %}`."""

from typing import Any

from django import template

from madoguchi.ledgers.office import clock, queries

register = template.Library()


@register.simple_tag
def section_contact(package: Any) -> Any:
    """Name, unit and telephone of the section in charge, as they are this fiscal year; None when it is not known."""
    section = queries.section_by_code(package.section_code) if package else None
    return queries.section_in_year(section.pk, clock.today()) if section else None
