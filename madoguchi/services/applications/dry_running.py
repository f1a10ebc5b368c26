"""試し. Before a version is published it is applied to running cases and to those of the round before."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.bells import AboutToPublish, about_to_publish
from madoguchi.ledgers.procedures.package import Package
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.errors import DryRunMissing
from madoguchi.services.applications.models import Application, DryRun, DryRunCase
from madoguchi.services.applications.other_versions import differences, rebased
from madoguchi.services.applications.states import OPEN, CaseGroup, Stage

CHUNK = 100
STALE_SHARE = 0.05
"""Of the cases tried, how many may have come in or changed since before the trial says too little."""
STALE_FROM = 10
KIND = "applications.dry_run"


def population(slug: str) -> QuerySet[Application]:
    """Running cases, and every case of the latest two rounds."""
    rows = Application.objects.filter(procedure=slug)
    rounds = sorted(set(rows.values_list("period_code", flat=True)))[-2:]
    return rows.filter(Q(stage__in=OPEN) | Q(period_code__in=rounds))


def chunks(ids: Sequence[int]) -> Iterable[list[int]]:
    for first in range(0, len(ids), CHUNK):
        yield list(ids[first : first + CHUNK])


@transaction.atomic
def try_chunk(*, run_id: int, ids: Iterable[int], at: datetime) -> int:
    """Try some cases; those already tried stay as they are. How many were new."""
    with full_sight():
        run = DryRun.objects.filter(pk=run_id).first()
        if run is None or jobs.is_stopped(run.job_id):
            return 0
        wanted = list(ids)
        done = set(
            DryRunCase.objects.filter(run=run, application_id__in=wanted).values_list(
                "application_id", flat=True
            )
        )
        rows = Application.objects.filter(pk__in=[pk for pk in wanted if pk not in done]).order_by("pk")
        new = package_of(run.version_id).package
        tried = [_tried(run, application, new) for application in rows]
        DryRunCase.objects.bulk_create(tried)
        jobs.advance(run.job_id, done=len(wanted) - len(done))
        progress = jobs.job_progress(run.job_id)
        if progress is not None and not progress.is_over and progress.done >= progress.total:
            finish_run(run, at)
    return len(tried)


def _tried(run: DryRun, application: Application, new: Package) -> DryRunCase:
    running = application.stage in OPEN
    old = package_of(application.version_id).package
    found = rebased(application, old, new, anywhere=not running)
    told = differences(found, old, new)
    waits = ["本人が補正の途中です。"] if application.stage == Stage.CORRECTING else []
    return DryRunCase(
        run=run,
        application=application,
        group=CaseGroup.RUNNING if running else CaseGroup.BEFORE,
        differs=bool(told),
        what=sorted(told),
        told=told,
        safe=found.safe and not waits,
        why_not=[*found.why_not, *waits],
    )


def finish_run(run: DryRun, at: datetime) -> None:
    """Close the trial with the fingerprint of everything it found."""
    rows = DryRunCase.objects.filter(run=run).order_by("application_id")
    total = hashlib.sha256(run.package_sha256.encode())
    for row in rows.values_list("application_id", "told", "safe"):
        total.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode())
    run.sha256, run.finished_at = total.hexdigest(), at
    run.save(update_fields=["sha256", "finished_at"])
    jobs.finish(run.job_id, at=at, result={"differ": rows.filter(differs=True).count()})


def latest_run(version_id: int) -> DryRun | None:
    return DryRun.objects.filter(version_id=version_id).order_by("-started_at", "-pk").first()


def why_not_enough(run: DryRun | None, package_sha256: str, slug: str) -> str:
    """Why the last trial does not carry a publication; nothing when it does."""
    if run is None:
        return "この版を、まだ申請に当てはめて試していません。"
    if run.finished_at is None:
        return "申請に当てはめる試しが、まだ終わっていません。"
    if run.package_sha256 != package_sha256:
        return "試した後で、版の内容が変わりました。"
    since = changed_since(run, slug)
    if since >= STALE_FROM and since > run.total * STALE_SHARE:
        return f"試した後で、申請が{since:,}件入ったか変わりました（試したのは{run.total:,}件）。"
    return ""


def changed_since(run: DryRun, slug: str) -> int:
    """Cases that came in or changed after the trial began, protected ones too: only their number is used."""
    with full_sight():
        return int(population(slug).filter(changed_at__gt=run.started_at).count())


@about_to_publish.answer
def answer_about_to_publish(event: AboutToPublish) -> None:
    """Nobody publishes what was not tried, or was tried long ago, or without having seen that trial."""
    run = latest_run(event.version_id)
    why = why_not_enough(run, package_of(event.version_id).package.sha256, event.slug)
    if not why and run is not None and run.sha256 != event.dry_run_sha256:
        why = "見ていた試しより新しい試しがあります。"
    if why:
        raise DryRunMissing(why)


def told_as_text(told: dict[str, Any]) -> dict[str, str]:
    """One cell for each kind of difference, for the list and the spreadsheet."""
    score = told.get("score", [])
    return {
        "stage": " → ".join(STAGES.get(each, each) for each in told.get("stage", [])),
        "score": f"{score[0] or 'なし'} → {score[1] or 'なし'}" if score else "",
        "rows": "、".join(score[2:]),
        "checks": "、".join(
            f"{name}：{check(pair[0])}→{check(pair[1])}" for name, pair in told.get("checks", {}).items()
        ),
        "letter": "、".join(f"{name}：{said}" for name, said in told.get("letter", {}).items()),
        "answers": " ".join(told.get("answers", [])),
    }


STAGES = {"received": "受付", "reviewing": "確認中", "draft": "不備"}
CHECKS = {"passed": "よし", "look": "確かめる", "not_run": "未実行", "settled": "確かめた"}


def check(result: str | None) -> str:
    return CHECKS.get(result or "", "なし")
