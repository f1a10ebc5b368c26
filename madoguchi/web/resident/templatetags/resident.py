"""Tags of the portal only: `{% load resident %}`."""

from typing import Any

from django import template

from madoguchi.ledgers.office import clock, queries

register = template.Library()


@register.simple_tag
def section_contact(package: Any) -> Any:
    """Name, unit and telephone of the section in charge, as they are this fiscal year; None when it is not known."""
    return queries.section_as_called(package.section_code, clock.today()) if package else None
