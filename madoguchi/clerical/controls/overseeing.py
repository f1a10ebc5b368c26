"""What accounting, audit and section heads ask: counts, exceptions, who is told, samples.

Everything is asked under the sight of whoever asks, so a hidden case is in no list and in no count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.clerical.controls.models import (
    ControlledCase,
    ControlOverride,
    ControlRun,
    ControlSample,
    ControlSubscription,
    Finding,
    SampledCase,
)
from madoguchi.clerical.controls.sampling import Candidate, Traits, drawn, list_sha256
from madoguchi.clerical.controls.states import FindingState, Result, SampleKind, SampleResult
from madoguchi.clerical.controls.views import ControlCount
from madoguchi.ledgers.office.queries import powers_of, sections_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class FindingFilters:
    """Which exceptions a page shows; empty is any."""

    procedure: str = ""
    key: str = ""
    step: str = ""
    state: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None


def sections_seen(staff: Staff, at: datetime) -> Q:
    """The sections whose controls somebody sees, as a condition on `section`."""
    on = timezone.localdate(at)
    if Power.SEE_ALL_SECTIONS in powers_of(staff, on):
        return Q()
    return Q(section__in=sections_of(staff, on))


def findings_matching(staff: Staff, filters: FindingFilters, at: datetime) -> QuerySet[Finding]:
    """The exceptions somebody may see, newest first."""
    wanted = {
        "procedure": filters.procedure,
        "key": filters.key,
        "step": filters.step,
        "state": filters.state,
        "result": filters.result,
        "found_at__date__gte": filters.since,
        "found_at__date__lte": filters.until,
    }
    rows = Finding.objects.filter(sections_seen(staff, at), **{k: v for k, v in wanted.items() if v})
    return rows.select_related("case", "override__by").order_by("-found_at", "-pk")


def runs_matching(staff: Staff, procedure: str, key: str, result: str, at: datetime) -> QuerySet[ControlRun]:
    """The controls that were run, as they last said, newest first."""
    named = {"case__procedure": procedure, "key": key, "result": result}
    cases = ControlledCase.objects.filter(sections_seen(staff, at))
    rows = ControlRun.objects.filter(
        case__in=cases, **{name: value for name, value in named.items() if value}
    )
    return rows.select_related("case").order_by("-run_at", "-pk")


def counts(staff: Staff, at: datetime) -> dict[tuple[str, str], ControlCount]:
    """By procedure and control, how it fared over the cases somebody may see."""
    told: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    cases = ControlledCase.objects.filter(sections_seen(staff, at))
    runs = ControlRun.objects.filter(case__in=cases).values_list("case__procedure", "key")
    for slug, key, every, passed in runs.annotate(
        n=Count("pk"), p=Count("pk", filter=Q(result=Result.PASSED))
    ):
        told[slug, key] |= {"runs": every, "passed": passed}
    found = Finding.objects.filter(sections_seen(staff, at)).values_list("procedure", "key")
    for slug, key, *numbers in found.annotate(
        o=Count("pk", filter=Q(state=FindingState.OPEN, result=Result.VIOLATED)),
        n=Count("pk", filter=Q(state=FindingState.OPEN, result=Result.NOT_RUN)),
        a=Count("pk", filter=Q(state=FindingState.OVERRIDDEN)),
        c=Count("pk", filter=Q(state=FindingState.CLEARED)),
    ):
        told[slug, key] |= dict(zip(("open", "not_run", "overridden", "cleared"), numbers, strict=True))
    return {which: ControlCount(**numbers) for which, numbers in told.items()}


def subscriptions_of(staff: Staff) -> list[ControlSubscription]:
    return list(ControlSubscription.objects.filter(staff=staff).order_by("procedure", "key"))


def subscribers(procedure: str, key: str) -> list[Staff]:
    """Everybody who asked to be told of exceptions of this control and is still in office, each once."""
    rows = ControlSubscription.objects.filter(
        procedure__in=["", procedure], key__in=["", key], staff__is_active=True
    ).select_related("staff")
    return list({row.staff_id: row.staff for row in rows.order_by("staff_id")}.values())


def traits_between(staff: Staff, at: datetime, procedure: str, since: date, until: date) -> list[Traits]:
    """What a sample may be drawn from: the cases whose controls were first run between two days."""
    approved = ControlOverride.objects.filter(finding__case=OuterRef("pk"))
    rows = ControlledCase.objects.filter(
        sections_seen(staff, at), first_checked_at__date__gte=since, first_checked_at__date__lte=until
    ).annotate(approved=Exists(approved))
    if procedure:
        rows = rows.filter(procedure=procedure)
    return [
        Traits(row.subject_kind, row.subject_id, row.label, row.amount, row.days_left, row.approved)
        for row in rows.order_by("subject_kind", "subject_id")
    ]


@dataclass(frozen=True)
class SampleView:
    """A sample with the counts of what may be seen of it; `repeats` tells whether seed and list draw the same again."""

    sample: ControlSample
    listed: int
    items: tuple[SampledCase, ...]
    repeats: bool

    @property
    def waiting(self) -> int:
        return sum(item.result == SampleResult.WAITING for item in self.items)

    @property
    def failed(self) -> int:
        return sum(item.result == SampleResult.FAILED for item in self.items)


def samples_seen(staff: Staff, at: datetime) -> QuerySet[ControlSample]:
    """Every sample, newest first; one's own for those who do not see every section."""
    rows = ControlSample.objects.select_related("drawn_by").order_by("-drawn_at", "-pk")
    everywhere = Power.SEE_ALL_SECTIONS in powers_of(staff, timezone.localdate(at))
    return rows if everywhere else rows.filter(drawn_by=staff)


def sample_of(staff: Staff, sample_id: UUID, at: datetime) -> SampleView | None:
    """One sample, drawn again from its seed and the list that may be seen."""
    sample = samples_seen(staff, at).filter(pk=sample_id).first()
    return _sample_view(sample) if sample else None


def samples(staff: Staff, at: datetime, most: int = 50) -> list[SampleView]:
    """The last samples, newest first."""
    return [_sample_view(sample) for sample in samples_seen(staff, at)[:most]]


def _sample_view(sample: ControlSample) -> SampleView:
    rows = list(sample.cases.select_related("judged_by"))
    listed = [Candidate(row.subject_kind, row.subject_id, row.label, row.points) for row in rows]
    items = sorted((row for row in rows if row.place is not None), key=lambda row: row.place or 0)
    again = drawn(listed, SampleKind(sample.kind), sample.seed, sample.asked)
    same = [(row.subject_kind, row.subject_id) for row in items] == [(each.kind, each.id) for each in again]
    return SampleView(sample, len(rows), tuple(items), same and list_sha256(listed) == sample.list_sha256)


def sample_failed(subject: Subject, kind: SampleKind) -> bool:
    """Whether a look at a drawn case found something wrong; for facts such as sample_failed of a package."""
    rows = SampledCase.objects.filter(subject_kind=subject.kind, subject_id=subject.id, sample__kind=kind)
    return rows.filter(result=SampleResult.FAILED).exists()
