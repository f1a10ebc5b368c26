"""Which drafts wait for whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.views import DraftRow
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def inbox(staff: Staff) -> list[DraftRow]:
    """Everything this person must decide, oldest first."""
    waiting = Draft.objects.filter(
        state=DraftState.SUBMITTED, steps__approver=staff, steps__outcome="", steps__decided_at=None
    )
    return _rows(waiting.order_by("drafted_at", "pk"))


def drafts_of(section_id: int) -> list[DraftRow]:
    """Everything a section has drafted, newest first."""
    return _rows(Draft.objects.filter(section_id=section_id).order_by("-drafted_at", "-pk"))


def draft_of(subject: Subject) -> DraftRow | None:
    """The latest draft about a record of another room."""
    about = Draft.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return next(iter(_rows(about.order_by("-drafted_at", "-pk")[:1])), None)


def _rows(drafts: QuerySet[Draft]) -> list[DraftRow]:
    return [
        DraftRow(
            draft.pk,
            draft.number,
            draft.title,
            draft.item_count,
            DraftState(draft.state),
            draft.drafted_by.name,
            draft.drafted_at,
            draft.section_id,
        )
        for draft in drafts.select_related("drafted_by")
    ]


def undecided_about(kind: str, keys: Iterable[str]) -> set[str]:
    """Which of these records have a draft that nobody has decided yet."""
    about = Draft.objects.filter(subject_kind=kind, subject_id__in=list(keys))
    waiting = about.filter(state__in=[DraftState.SUBMITTED, DraftState.RETURNED])
    return set(waiting.values_list("subject_id", flat=True))
