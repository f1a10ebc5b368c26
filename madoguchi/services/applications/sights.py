"""What a job may see."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight


def sight_of(staff: Any, at: datetime) -> AbstractContextManager[None]:
    """A job sees what the person who began it may see."""
    sees_all = Power.SEE_PROTECTED in powers_of(staff, localdate(at))
    return full_sight() if sees_all else nullcontext()
