"""役職と不在: who holds a post on a day, and who is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from madoguchi.ledgers.office.models import Absence, PostHolding, Staff
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.ranks import LADDER, TOWN_WIDE


@dataclass(frozen=True)
class Held:
    """A post somebody holds, and where."""

    post: str
    section_id: int
    staff: Staff
    from_on: date


@dataclass(frozen=True)
class Away:
    """Days somebody is away, as the calendar shows them."""

    id: int
    staff: Staff
    begins_on: date
    ends_on: date
    reason: str


def holder_of(section_id: int, post: str, on: date) -> Staff | None:
    """Who holds a post of a section on a day; 市長 and 副市長 are held for the whole municipality."""
    rows = _on(on).filter(post=post, staff__is_active=True)
    if post not in TOWN_WIDE:
        rows = rows.filter(section_id=section_id)
    held = rows.select_related("staff").order_by("from_on").last()
    return held.staff if held else None


def posts_held(staff: Staff, on: date) -> list[Held]:
    """Every post of one person on a day, the highest first."""
    return sorted(
        (Held(row.post, row.section_id, staff, row.from_on) for row in _on(on).filter(staff=staff)),
        key=lambda held: -LADDER.index(held.post),
    )


def every_post(on: date) -> list[Held]:
    """All posts of the municipality on a day, section by section, from above to below."""
    rows = _on(on).select_related("staff")
    found = [Held(row.post, row.section_id, row.staff, row.from_on) for row in rows]
    return sorted(found, key=lambda held: (held.section_id, -LADDER.index(held.post)))


def line_of_sections(section_id: int, on: date) -> list[int]:
    """A section and those above it, from below."""
    line, here = [section_id], section_in_year(section_id, on)
    while here is not None and here.parent_id is not None and here.parent_id not in line:
        line.append(here.parent_id)
        here = section_in_year(here.parent_id, on)
    return line


def away_on(on: date, staff_ids: Iterable[int]) -> frozenset[int]:
    """Which of these people are away on a day."""
    rows = _standing(on).filter(begins_on__lte=on, staff_id__in=list(staff_ids))
    return frozenset(rows.values_list("staff_id", flat=True))


def absences(on: date) -> list[Away]:
    """Who is away on a day or will be, soonest first."""
    rows = _standing(on).select_related("staff").order_by("begins_on", "staff__name_kana")
    return [Away(row.pk, row.staff, row.begins_on, row.ends_on, row.reason) for row in rows]


def _standing(on: date) -> QuerySet[Absence]:
    return Absence.objects.filter(withdrawn_at__isnull=True, ends_on__gte=on)


def _on(on: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)
