"""The only way for a screen to obtain one exception."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.overseeing import FindingFilters, findings_matching
from madoguchi.clerical.controls.queries import view_of
from madoguchi.clerical.controls.views import FindingView
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def finding_for(staff: Staff, finding_id: int, at: datetime) -> FindingView:
    """One exception for those who see the controls of its section. Looking leaves a trace. Refused: NotFound."""
    sees = Power.SEE_CONTROLS in powers_of(staff, timezone.localdate(at))
    row = findings_matching(staff, FindingFilters(), at).filter(pk=finding_id).first() if sees else None
    if row is None:
        raise NotFound("例外")
    view = view_of(row)
    note = {"control": view.key}
    leave_trace(actor_of(staff), "controls.looked_at", view.subject, at=at, purpose="内部統制", note=note)
    return view
