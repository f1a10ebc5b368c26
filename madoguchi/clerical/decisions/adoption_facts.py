"""How drafts were decided, counted by the database for whoever measures. Part of queries.py.

Counted are decided drafts (approved or rejected) by the day of the decision; of one on paper that is the day on the
seal, not the day on which it was entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils.timezone import get_current_timezone, localdate

from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.sight import in_sight
from madoguchi.clerical.decisions.states import (
    BLOCKING,
    ApprovalMode,
    DraftState,
    PaperReason,
    StepKind,
    StepOutcome,
)
from madoguchi.clerical.decisions.views import DraftRow

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

ACTED_ON = (StepOutcome.APPROVED, StepOutcome.REJECTED, StepOutcome.RETURNED, StepOutcome.SEEN)
# Steps somebody acted on; those that were closed or passed over had nobody's time.
STEPS = """
SELECT step.kind, count(*),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM step.decided_at - step.opened_at) / 86400),
  count(step.reminded_at), count(DISTINCT step.draft_id),
  count(DISTINCT step.draft_id) FILTER (WHERE step.reminded_at IS NOT NULL)
FROM decisions_step step JOIN decisions_draft draft ON draft.id = step.draft_id
WHERE draft.decided_on BETWEEN %s AND %s AND draft.mode <> 'paper' AND step.opened_at IS NOT NULL
  AND step.outcome IN ('approved', 'rejected', 'returned', 'seen')
GROUP BY step.kind
"""


@dataclass(frozen=True)
class Decided:
    """Drafts decided in one month, in one section, of one kind, in one way and for one reason of paper."""

    month: date
    section_id: int
    kind: str
    mode: ApprovalMode
    reason: PaperReason | None
    drafts: int
    sheets: int


@dataclass(frozen=True)
class StepDays:
    """Steps of one kind that somebody acted on: how many, median days from arriving to acting, how many reminded.

    `drafts` and `reminded_drafts` are the drafts these steps stand on; one may have several.
    """

    kind: StepKind
    steps: int
    median: Decimal
    reminded: int
    drafts: int
    reminded_drafts: int


@dataclass(frozen=True)
class LongWait:
    """Steps of a section's drafts that wait longer than the town reminds of."""

    section_id: int
    steps: int
    oldest: datetime
    drafts: int


@dataclass(frozen=True)
class Behind:
    """Which drafts stand behind a figure: days, and what else is not left open. No mode means any."""

    first: date
    last: date
    sections: frozenset[int] | None = None
    kind: str | None = None
    modes: frozenset[ApprovalMode] = frozenset()
    reason: PaperReason | None = None
    step: StepKind | None = None
    """Only those with such a step that somebody acted on, as `step_days` counts them."""
    reminded: bool = False
    """And of these only where that step was reminded of."""
    waiting: bool = False
    """Instead of decided ones those that wait too long now, as `long_waits` counts them."""


def decided_counts(first: date, last: date) -> list[Decided]:
    """Every way in which drafts were decided between two days."""
    rows = _between(first, last).values("section_id", "kind", "mode", "paper_reason")
    counted = rows.annotate(month=TruncMonth("decided_on"), drafts=Count("pk"), printed=Sum("sheets"))
    return [
        Decided(
            row["month"],
            row["section_id"],
            row["kind"],
            ApprovalMode(row["mode"]),
            PaperReason(row["paper_reason"]) if row["paper_reason"] else None,
            row["drafts"],
            row["printed"],
        )
        for row in counted.order_by("month", "section_id", "kind", "mode", "paper_reason")
    ]


def sections_that_decided(until: date) -> set[int]:
    """Sections with a draft decided up to a day."""
    rows = Draft.objects.filter(decided_on__lte=until).order_by().values_list("section_id", flat=True)
    return set(rows.distinct())


def days_to_decision(first: date, last: date) -> dict[ApprovalMode, dict[int, int]]:
    """By mode: how many drafts took so many calendar days from their last submission to the decision."""
    submitted = TruncDate("drafted_at", tzinfo=get_current_timezone())
    took = ExpressionWrapper(F("decided_on") - submitted, output_field=DurationField())
    rows = _between(first, last).annotate(took=took).values("mode", "took").annotate(drafts=Count("pk"))
    found: dict[ApprovalMode, dict[int, int]] = {}
    for row in rows.order_by("mode", "took"):
        found.setdefault(ApprovalMode(row["mode"]), {})[row["took"].days] = row["drafts"]
    return found


def step_days(first: date, last: date) -> list[StepDays]:
    """Where the time goes, by kind of step, for drafts that were not decided on paper."""
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [first, last])
        rows = {row[0]: row for row in cursor.fetchall()}
    return [
        StepDays(kind, rows[kind][1], Decimal(str(rows[kind][2])), *rows[kind][3:])
        for kind in StepKind
        if kind.value in rows
    ]


def long_waits(at: datetime) -> list[LongWait]:
    """Steps that hold a draft up for longer than the town reminds of, by section, the oldest first."""
    rows = waiting_too_long(at).order_by().values("draft__section_id")
    counted = rows.annotate(
        steps=Count("pk"), oldest=Min("opened_at"), drafts=Count("draft_id", distinct=True)
    )
    return [
        LongWait(row["draft__section_id"], row["steps"], row["oldest"], row["drafts"])
        for row in counted.order_by("oldest")
    ]


def waiting_too_long(at: datetime) -> QuerySet[Step]:
    """Steps that hold up a draft decided electronically since more days than the town lets pass."""
    return Step.objects.filter(
        outcome="",
        opened_at__lt=at - settings.MADOGUCHI_REMIND_AFTER,
        kind__in=BLOCKING,
        submission=F("draft__submissions"),
        draft__state=DraftState.SUBMITTED,
    ).exclude(draft__mode=ApprovalMode.PAPER)


def drafts_behind(
    staff: Staff, asked: Behind, at: datetime, *, most: int, after: int = 0
) -> tuple[int, int, list[DraftRow]]:
    """How many drafts stand behind a figure, how many of them this person may see, and a page of those."""
    from madoguchi.clerical.decisions.queries import rows_of

    every = _behind(asked, at)
    seen = every.filter(pk__in=Draft.objects.filter(in_sight(staff, localdate(at))).values("pk"))
    page = rows_of(seen.order_by("-decided_on", "-pk")[after : after + most])
    return every.count(), seen.count(), page


def _behind(asked: Behind, at: datetime) -> QuerySet[Draft]:
    wanted = Q(pk__in=waiting_too_long(at).values("draft_id")) if asked.waiting else Q()
    if asked.sections is not None:
        wanted &= Q(section_id__in=asked.sections)
    if asked.kind is not None:
        wanted &= Q(kind=asked.kind)
    if asked.modes:
        wanted &= Q(mode__in=asked.modes)
    if asked.reason is not None:
        wanted &= Q(paper_reason=asked.reason)
    if asked.step is not None:
        wanted &= Q(pk__in=_acted_on(asked.step, asked.reminded).values("draft_id"))
        wanted &= ~Q(mode=ApprovalMode.PAPER)
    rows = Draft.objects.all() if asked.waiting else _between(asked.first, asked.last)
    return rows.filter(wanted)


def _acted_on(kind: StepKind, reminded: bool) -> QuerySet[Step]:
    """The same steps as in STEPS."""
    rows = Step.objects.filter(kind=kind, opened_at__isnull=False, outcome__in=ACTED_ON)
    return rows.filter(reminded_at__isnull=False) if reminded else rows


def _between(first: date, last: date) -> QuerySet[Draft]:
    return Draft.objects.filter(decided_on__range=(first, last))
