"""供覧: showing a draft to people who do not decide it. Part of actions.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.decisions.deciding import draft_for_update, trace
from madoguchi.clerical.decisions.errors import NotTheApprover
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.standing_in import add_looker
from madoguchi.clerical.decisions.states import StepKind
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.posts import posts_held

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def circulate(*, draft_id: int, to: Sequence[Staff], by: Staff, at: datetime) -> int:
    """Show a draft to these people; how many are new. Whoever was asked and has not looked is not asked twice.

    Refused: NotFound for whoever does not see the draft, NotTheApprover when nobody is named.
    """
    draft = draft_for_update(draft_id)
    if not may_see(by, draft, at):
        raise NotFound("起案")
    if not to:
        raise NotTheApprover("供覧する人が選ばれていません。", next_step="見せる人を選んでください。")
    asked = draft.steps.filter(kind=StepKind.CIRCULATE, outcome="")
    known = set(asked.values_list("approver_id", flat=True))
    new = [staff for staff in to if staff.pk not in known and staff.is_active]
    for staff in new:
        held = posts_held(staff, at.date())
        add_looker(draft, staff, StepKind.CIRCULATE, held[0].post if held else "", at)
    trace(draft, "decisions.circulated", actor_of(by), at, {"to": "、".join(staff.name for staff in new)})
    return len(new)
