"""Drafts that have come to their end, for the room that files them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import DraftState

SETTLED = (DraftState.APPROVED, DraftState.REJECTED, DraftState.DISCARDED, DraftState.SHOWN)
UNDECIDED = (DraftState.SUBMITTED, DraftState.RETURNED, DraftState.TAKEN_BACK, DraftState.CIRCULATING)
UNDER_WAY = Q(work__isnull=False, worked_off_at__isnull=True)
"""Decided, and what was decided has not happened yet."""


def settled_drafts(sections: Collection[int] | None = None) -> QuerySet[Draft]:
    """Approved, rejected, discarded and shown drafts of these sections (None: every one), the oldest first."""
    rows = (
        Draft.objects.filter(state__in=SETTLED)
        .exclude(UNDER_WAY)
        .select_related("drafted_by")
        .order_by("settled_at", "pk")
    )
    return rows if sections is None else rows.filter(section_id__in=list(sections))


def unsettled_among(draft_ids: Collection[int]) -> set[int]:
    """Which of these drafts are undecided, are quoted by an undecided one, or share their subject with one."""
    rows = Draft.objects.filter(pk__in=list(draft_ids))
    found = set(
        rows.filter(UNDER_WAY | Q(state__in=UNDECIDED) | Q(quoted_by__state__in=UNDECIDED)).values_list(
            "pk", flat=True
        )
    )
    about = {(kind, key): pk for pk, kind, key in rows.values_list("pk", "subject_kind", "subject_id")}
    waiting = Draft.objects.filter(state__in=UNDECIDED, subject_kind__in={kind for kind, _ in about})
    waiting = waiting.filter(subject_id__in={key for _, key in about})
    pairs = set(waiting.values_list("subject_kind", "subject_id"))
    return found | {pk for pair, pk in about.items() if pair in pairs}
