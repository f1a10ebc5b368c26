"""Who may do what here, and whose an application is."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def require(staff: "Staff", power: Power, *, at: datetime) -> None:
    """Raises NotAllowed unless the member of staff has the power on that day."""
    if power not in powers_of(staff, timezone.localdate(at)):
        raise NotAllowed(power.label)
