"""Questions about versions and cases: what waits for a decision, what a trial found, how a case was moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.dry_running import latest_run, told_as_text, why_not_enough
from madoguchi.services.applications.models import DryRunCase, VersionMove
from madoguchi.services.applications.rebasing import askable
from madoguchi.services.applications.states import CaseGroup, MoveState, Stage

KINDS = {"stage": "段階", "score": "点数", "checks": "確認", "letter": "通知", "answers": "答え"}


@dataclass(frozen=True)
class Trial:
    """The last trial of a version. sha256 is what a publication has to name; figures count what one may see."""

    job_id: UUID | None
    started_at: datetime | None
    finished: bool
    sha256: str
    total: int
    differing: int
    unsafe: int
    kinds: tuple[tuple[str, str, int], ...]
    groups: tuple[tuple[str, str, int, int], ...]
    why_not: str


def trial_of(version_id: int, package_sha256: str, slug: str) -> Trial:
    """What the last trial of a version found, for the eyes of whoever asks."""
    run = latest_run(version_id)
    why = why_not_enough(run, package_sha256, slug)
    if run is None:
        return Trial(None, None, False, "", 0, 0, 0, (), (), why)
    rows = DryRunCase.objects.filter(run=run)
    progress = jobs.job_progress(run.job_id)
    return Trial(
        run.job_id if progress and not progress.is_over else None,
        run.started_at,
        run.finished_at is not None,
        run.sha256,
        rows.count(),
        rows.filter(differs=True).count(),
        rows.filter(safe=False, group=CaseGroup.RUNNING).count(),
        tuple((kind, name, rows.filter(what__contains=[kind]).count()) for kind, name in KINDS.items()),
        tuple(_groups(rows)),
        why,
    )


def _groups(rows: QuerySet[DryRunCase]) -> Iterator[tuple[str, str, int, int]]:
    counted = {row["group"]: row["count"] for row in rows.values("group").annotate(count=Count("pk"))}
    differ = rows.filter(differs=True).values("group").annotate(count=Count("pk"))
    differing = {row["group"]: row["count"] for row in differ}
    for group in CaseGroup:
        yield group.value, str(group.label), counted.get(group, 0), differing.get(group, 0)


@dataclass(frozen=True)
class TriedCase:
    """One row of the list: which case, and what would be otherwise."""

    number: str
    person_name: str
    stage: Stage
    group: str
    safe: bool
    why_not: tuple[str, ...]
    told: dict[str, str]


def tried_cases(
    version_id: int, *, what: str = "", group: str = "", everything: bool = False
) -> QuerySet[DryRunCase]:
    """Rows of the last trial, those that differ first; as a query so that a page takes a part of it."""
    run = latest_run(version_id)
    rows = DryRunCase.objects.filter(run=run) if run else DryRunCase.objects.none()
    if not everything:
        rows = rows.filter(differs=True)
    if what in KINDS:
        rows = rows.filter(what__contains=[what])
    if what == "unsafe":
        rows = rows.filter(safe=False)
    if group in CaseGroup.values:
        rows = rows.filter(group=group)
    return rows.select_related("application").order_by("application__number")


def tried_case(row: Any) -> TriedCase:
    case = row.application
    return TriedCase(
        case.number,
        case.person_name,
        Stage(case.stage),
        str(CaseGroup(row.group).label),
        row.safe,
        tuple(row.why_not),
        told_as_text(row.told),
    )


@dataclass(frozen=True)
class Move:
    """版 2026-04 → 2026-10 of one case, with the questions that changed for it."""

    number: str
    person_name: str
    edition: int
    stage: Stage
    state: MoveState
    old: str
    new: str
    marks: tuple[tuple[str, str], ...]
    askable: tuple[tuple[str, str], ...]
    why_not: tuple[str, ...]
    made_at: datetime
    decided_by: str
    decided_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.state == MoveState.WAITING

    @property
    def may_take(self) -> bool:
        return self.stage in (Stage.RECEIVED, Stage.REVIEWING, Stage.ACCEPTED)


def waiting_moves(slug: str) -> list[Move]:
    """Open cases that wait for a clerk: keep the version, take over, or ask the resident."""
    rows = VersionMove.objects.filter(state=MoveState.WAITING, application__procedure=slug)
    return [
        move_view(row)
        for row in rows.select_related("application", "decided_by").order_by("application__number")
    ]


def waiting_count(slug: str) -> int:
    return VersionMove.objects.filter(state=MoveState.WAITING, application__procedure=slug).count()


def moves_of(application_id: int) -> list[Move]:
    """How one case came to its version, the latest first."""
    rows = VersionMove.objects.filter(application_id=application_id)
    return [
        move_view(row) for row in rows.select_related("application", "decided_by").order_by("-made_at", "-pk")
    ]


def move_view(row: VersionMove) -> Move:
    old, new = package_of(row.from_version_id).package, package_of(row.to_version_id).package
    case = row.application
    asked = (
        askable(new, row.marks)
        if Stage(case.stage) in (Stage.RECEIVED, Stage.REVIEWING, Stage.ACCEPTED)
        else []
    )
    return Move(
        case.number,
        case.person_name,
        case.edition,
        Stage(case.stage),
        MoveState(row.state),
        old.version,
        new.version,
        tuple((key, label_of(key, new, old)) for key in row.marks),
        tuple((key, label_of(key, new, old)) for key in asked),
        tuple(row.why_not),
        row.made_at,
        row.decided_by.name if row.decided_by else "",
        row.decided_at,
    )


def label_of(key: str, *packages: Any) -> str:
    return next((str(each.form.fields[key].label.ja) for each in packages if key in each.form.fields), key)
