"""Who may see a draft."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def may_see(staff: Staff, draft: Draft, at: datetime) -> bool:
    """Its drafter, whoever stands on its route or for somebody on it, and those of its section who may see cases."""
    if staff.pk == draft.drafted_by_id:
        return True
    powers = powers_of(staff, localdate(at))
    if staff.section_id == draft.section_id and Power.SEE_CASES in powers:
        return True
    if Step.objects.filter(draft=draft, approver=staff).exists():
        return True
    return stands_in_for_somebody(staff, draft, at)


def in_sight(staff: Staff, on: date) -> Q:
    """The same over many drafts that wait for nobody any more: of those, nobody stands in for somebody."""
    seen = Q(drafted_by=staff) | Q(pk__in=Step.objects.filter(approver=staff).values("draft_id"))
    if Power.SEE_CASES in powers_of(staff, on):
        seen |= Q(section_id=staff.section_id)
    return seen


def stands_in_for_somebody(staff: Staff, draft: Draft, at: datetime) -> bool:
    """Whether this person may act for an absent decider of the draft, and so may read it."""
    from madoguchi.clerical.decisions.standing_in import substitution_for

    return substitution_for(staff, draft, at) is not None
