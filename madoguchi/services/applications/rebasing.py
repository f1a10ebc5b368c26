"""版の引き継ぎ. Open cases go over to a new version by themselves only when nothing changes for them."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id, full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Actor
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.rebasing import Rebased
from madoguchi.services.applications.corrections import ask_correction, renew
from madoguchi.services.applications.errors import CannotTakeOver, NothingWaits
from madoguchi.services.applications.intake import columns_of
from madoguchi.services.applications.models import Application, VersionMove
from madoguchi.services.applications.moving import keep, mark, take_own
from madoguchi.services.applications.other_versions import read_with, rebased
from madoguchi.services.applications.people import require
from madoguchi.services.applications.reading import REGISTRY_CHECK
from madoguchi.services.applications.states import MoveState, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 100
MOVABLE = frozenset({Stage.RECEIVED, Stage.REVIEWING, Stage.CORRECTING, Stage.ACCEPTED})
"""A case under decision, decided or withdrawn keeps its version for good."""
NAMESPACE = uuid.UUID("5d3f7a52-0c5c-4a8b-9f0e-6f6c7a1a0018")


@transaction.atomic
def begin_rebasing(
    *, version_id: int, at: datetime, queue: Callable[[uuid.UUID, list[int]], None]
) -> uuid.UUID:
    """Enter the job and hand its pieces to the queue once, however often the task runs."""
    job_id = uuid.uuid5(NAMESPACE, f"{current_municipality_id()}|{version_id}|{at.isoformat()}")
    if jobs.job_progress(job_id) is not None:
        return job_id
    loaded = package_of(version_id)
    with full_sight():
        ids = waiting_ids(loaded.package.slug, version_id)
    title = f"版 {loaded.package.version} への引き継ぎ（{len(ids):,}件）"
    jobs.start(kind="applications.rebase", title=title, total=len(ids), by=None, at=at, job_id=job_id)
    for first in range(0, len(ids), CHUNK):
        queue(job_id, ids[first : first + CHUNK])
    if not ids:
        jobs.finish(job_id, at=at)
    return job_id


def waiting_ids(slug: str, version_id: int) -> list[int]:
    """Open cases of other versions about which nothing has been written down for this one."""
    rows = Application.objects.filter(procedure=slug, stage__in=MOVABLE).exclude(version_id=version_id)
    done = VersionMove.objects.filter(to_version_id=version_id).values("application_id")
    return list(rows.exclude(pk__in=done).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def rebase_chunk(
    *, ids: Iterable[int], version_id: int, at: datetime, job_id: uuid.UUID | None = None
) -> int:
    """Take some cases over, or put them on the list; run again, it does nothing twice. How many were new."""
    with full_sight():
        done = set(
            VersionMove.objects.filter(to_version_id=version_id).values_list("application_id", flat=True)
        )
        rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=list(ids), stage__in=MOVABLE)
        cases = [
            each for each in rows.order_by("pk") if each.pk not in done and each.version_id != version_id
        ]
        new = package_of(version_id).package
        for application in cases:
            _move_by_itself(application, version_id, new, at)
    if job_id is not None:
        _count(job_id, len(cases), at)
    return len(cases)


def _count(job_id: uuid.UUID, done: int, at: datetime) -> None:
    jobs.advance(job_id, done=done)
    progress = jobs.job_progress(job_id)
    if progress is not None and not progress.is_over and progress.done >= progress.total:
        jobs.finish(job_id, at=at, result={"cases": progress.total})


def _move_by_itself(application: Application, version_id: int, new: Package, at: datetime) -> None:
    old = package_of(application.version_id).package
    found = rebased(application, old, new)
    why_not = list(found.why_not)
    if application.stage == Stage.CORRECTING:
        why_not.append("本人が補正の途中です。")
    move = VersionMove(
        application=application,
        from_version_id=application.version_id,
        to_version_id=version_id,
        marks=list(found.marks),
        why_not=why_not,
        made_at=at,
        state=MoveState.WAITING if why_not else MoveState.AUTOMATIC,
    )
    if not why_not:
        take_over(application, version_id, found, by=SYSTEM, at=at)
    move.save()


def take_over(application: Application, version_id: int, found: Rebased, *, by: Actor, at: datetime) -> None:
    """The case is of the new version from here on: what was typed under its names, checks and score anew."""
    former = package_of(application.version_id).package
    new = package_of(version_id).package
    asked = application.checks.filter(code=REGISTRY_CHECK.code).exists()
    case = read_with(application, new, found.raw, former, ask_registry=asked)
    before = application.score
    renew(application, case, found.raw)
    application.version_id = version_id
    keep(application, ["version", "raw", *columns_of(case)], at=at)
    note: dict[str, Any] = {"from": former.version, "to": new.version, "fields": list(found.marks)}
    if before != application.score:
        note |= {"score_before": str(before), "score_after": str(application.score)}
    mark(application, "rebased", by, at=at, **note)


def _waiting(application: Application) -> VersionMove:
    move = application.version_moves.filter(state=MoveState.WAITING).order_by("-made_at").first()
    if move is None:
        raise NothingWaits(application.number)
    return move


def _decided(move: VersionMove, state: MoveState, by: "Staff", at: datetime) -> None:
    move.state, move.decided_by, move.decided_at = state, by, at
    move.save(update_fields=["state", "decided_by", "decided_at", "marks"])
    # Older questions about the same case are answered by this one.
    others = VersionMove.objects.filter(application_id=move.application_id, state=MoveState.WAITING)
    others.update(state=MoveState.KEPT, decided_by=by, decided_at=at)


@transaction.atomic
def keep_version(*, number: str, by: "Staff", at: datetime, edition: int) -> None:
    """元の版のまま続ける."""
    require(by, Power.REVIEW_CASES, at=at)
    application = take_own(number, actor_of(by), at, edition=edition)
    move = _waiting(application)
    _decided(move, MoveState.KEPT, by, at)
    mark(
        application,
        "version_kept",
        actor_of(by),
        at=at,
        version=package_of(move.to_version_id).package.version,
    )


@transaction.atomic
def take_over_case(*, number: str, by: "Staff", at: datetime, edition: int) -> None:
    """新しい版に引き継ぐ, with the changed questions marked. Not while the resident corrects, nor under decision."""
    require(by, Power.REVIEW_CASES, at=at)
    application = take_own(number, actor_of(by), at, edition=edition)
    _decided(_taken(application, by, at), MoveState.TAKEN, by, at)


def _taken(application: Application, by: "Staff", at: datetime) -> VersionMove:
    move = _waiting(application)
    if application.stage not in MOVABLE - {Stage.CORRECTING}:
        raise CannotTakeOver(
            application.number, f"いまの状態（{Stage(application.stage).label}）では引き継げません。"
        )
    old, new = package_of(application.version_id).package, package_of(move.to_version_id).package
    if not any(period.code == application.period_code for period in new.periods):
        raise CannotTakeOver(application.number, "新しい版に、この申請の受付期間がありません。")
    found = rebased(application, old, new)
    move.marks = list(found.marks)
    take_over(application, move.to_version_id, found, by=actor_of(by), at=at)
    return move


@transaction.atomic
def ask_about_changes(
    *, number: str, by: "Staff", at: datetime, edition: int, fields: Iterable[str], message: str = ""
) -> None:
    """引き継いで、変わった項目の補正を本人に頼む. The period for it is that of the new version's flow."""
    require(by, Power.REVIEW_CASES, at=at)
    application = take_own(number, actor_of(by), at, edition=edition)
    move = _taken(application, by, at)
    package = package_of(move.to_version_id).package
    asked = [key for key in fields if key in askable(package, move.marks)]
    if not asked:
        raise CannotTakeOver(number, "補正を頼める項目がありません。")
    due = timezone.localdate(at) + timedelta(days=package.flow.correction_days)
    said = (
        message
        or f"申請書の様式が変わりました（版 {package.version}）。下の項目を確かめて、入力してください。"
    )
    ask_correction(
        number=number, by=by, at=at, edition=application.edition, fields=asked, message=said, due_on=due
    )
    _decided(move, MoveState.ASKED, by, at)


def askable(package: Package, marks: Iterable[str]) -> list[str]:
    """Marked questions of the new version that somebody fills in."""
    silent = ("calculated", "explanation")
    return [
        key for key in marks if key in package.form.fields and package.form.fields[key].type not in silent
    ]
