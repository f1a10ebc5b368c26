"""What can rot in the office itself: the queue, long work, grants, room on the disk, backups, the chain, certificates."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.ledgers.office import health
from madoguchi.ledgers.office.actions import actor_of, grant_role, leave_trace
from madoguchi.ledgers.office.backup import drop_old_copies, last_export, queue_export
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.jobs import left_to_their_rooms
from madoguchi.ledgers.office.models import ApiKey, Grant, Job
from madoguchi.ledgers.office.queries import municipality_here, powers_of
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power, Role
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.ledgers.office.states import JobState
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.office.watching import (
    RECHECK,
    CannotMend,
    Repair,
    Trouble,
    ending,
    mends,
    probes,
    watch,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from madoguchi.ledgers.office.models import Staff

STALLED = timedelta(seconds=90)
WAITING_LONG = timedelta(minutes=15)
NOT_ADVANCING = timedelta(minutes=30)
SOON = timedelta(days=30)
CHAIN_EVERY = timedelta(hours=36)
CONNECTORS_EVERY = timedelta(hours=2)
# The queue lives by the database's clock, not by the office's: any moment that is past will do.
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


def queued() -> "QuerySet[ProcrastinateJob]":
    """Work of this municipality, and work that belongs to no single one."""
    town = Q(args__municipality_id=current_municipality_id()) | ~Q(args__has_key="municipality_id")
    return ProcrastinateJob.objects.filter(town)


@watch("queue")
def the_queue(at: datetime) -> Iterator[Trouble]:  # noqa: ARG001  workers live by the database's clock
    alive = health.workers_alive()
    if not alive:
        yield Trouble(
            "queue",
            "裏の仕事をする処理（worker）が動いていません。サーバーで madoguchi worker を起動してください。",
            repairs=(RECHECK,),
        )
    for task, count in _by_task(queued().filter(status="failed")):
        yield Trouble(
            "queue", f"裏の仕事「{task}」が失敗しました。", count,
            repairs=(Repair("やり直す", "office.retry", task),),
        )  # fmt: skip
    for task, count in _by_task(stalled()):
        yield Trouble(
            "queue", f"裏の仕事「{task}」が、途中で止まっています。", count,
            repairs=(Repair("続きをする", "office.retry", task),),
        )  # fmt: skip
    late = queued().filter(status="todo", scheduled_at__lt=Now() - WAITING_LONG)
    if alive and (count := late.count()):
        yield Trouble(
            "queue", "予定の時刻を15分過ぎても始まらない裏の仕事があります。", count, repairs=(RECHECK,)
        )


def stalled() -> "QuerySet[ProcrastinateJob]":
    """Work that a worker took and will not finish: the worker is gone."""
    dead = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=Now() - STALLED)
    return queued().filter(dead, status="doing")


def _by_task(rows: "QuerySet[ProcrastinateJob]") -> list[tuple[str, int]]:
    names: dict[str, int] = {}
    for name in rows.values_list("task_name", flat=True):
        names[name] = names.get(name, 0) + 1
    return sorted(names.items())


@mends("office.retry")
def retry(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Put failed and stalled work of one kind back into the queue; every task may be repeated."""
    _require(by, Power.SEE_TROUBLES, at)
    rows = queued().filter(task_name=key)
    ids = [*rows.filter(status="failed").values_list("pk", flat=True)]
    ids += [*stalled().filter(task_name=key).values_list("pk", flat=True)]
    for number in ids:
        app.job_manager.retry_job_by_id(number, retry_at=AT_ONCE)
    leave_trace(
        actor_of(by), "office.job_retried", Subject("office.job", key[:60]), at=at, note={"count": len(ids)}
    )
    return f"{len(ids)}件の仕事を、もう一度待ち行列に入れました。"


@watch("jobs")
def long_work(at: datetime) -> Iterator[Trouble]:  # noqa: ARG001
    ours = Job.objects.exclude(kind__in=left_to_their_rooms)
    under_way = ours.filter(state__in=[JobState.WAITING, JobState.RUNNING])
    for job in under_way.filter(advanced_at__lt=Now() - NOT_ADVANCING).order_by("started_at"):
        yield Trouble(
            "jobs", f"「{job.title}」が30分以上進んでいません（{job.done}/{job.total}）。", since=job.started_at,
            repairs=(Repair("続きをする", "office.resume_job", str(job.id)), Repair("止める", "office.stop_job", str(job.id))),
        )  # fmt: skip
    for job in ours.filter(state=JobState.FAILED).order_by("started_at"):
        yield Trouble(
            "jobs", f"「{job.title}」が失敗しました。", since=job.finished_at,
            repairs=(Repair("内容を見る", page="job", page_key=str(job.id)), Repair("片づける", "office.stop_job", str(job.id))),
        )  # fmt: skip


@mends("office.resume_job")
def resume_job(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Retry whatever of the queue names this job and does not move."""
    _require(by, Power.SEE_TROUBLES, at)
    job = _job(key)
    ids = [
        row.pk
        for row in queued().filter(status__in=["failed", "doing"])
        if key in str(row.args) and (row.status == "failed" or stalled().filter(pk=row.pk).exists())
    ]
    if not ids:
        raise CannotMend(
            "やり直せる仕事が残っていません。", "「止める」で閉じ、もとの画面からもう一度始めてください。"
        )
    for number in ids:
        app.job_manager.retry_job_by_id(number, retry_at=AT_ONCE)
    Job.objects.filter(pk=job.pk).update(advanced_at=Now())
    leave_trace(
        actor_of(by), "office.job_retried", Subject("office.job", key), at=at, note={"count": len(ids)}
    )
    return f"「{job.title}」の続きを始めました。"


@mends("office.stop_job")
def stop_job(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """Close a job that will not end by itself; what is done stays done."""
    _require(by, Power.SEE_TROUBLES, at)
    job = _job(key)
    Job.objects.filter(pk=job.pk).update(state=JobState.STOPPED, finished_at=at)
    leave_trace(actor_of(by), "office.job_stopped", Subject("office.job", key), at=at)
    return f"「{job.title}」を閉じました。済んだ分はそのまま残ります。"


def _job(key: str) -> Job:
    found = next((job for job in Job.objects.exclude(state=JobState.FINISHED) if str(job.id) == key), None)
    if found is None:
        raise NotFound("処理")
    return found


@watch("grants")
def grants_ending(at: datetime) -> Iterator[Trouble]:
    ending = expiring_grants(timezone.localdate(at))
    if ending:
        first = min(grant.expires_on for grant in ending)
        yield Trouble(
            "grants", f"職員の権限が、まもなく終わります（早いもの {first}）。", len(ending), soon=True,
            repairs=(
                Repair("次の年度まで延ばす", "office.renew_grants"), Repair("一人ずつ見る", page="grants"),
            ),
        )  # fmt: skip


def expiring_grants(on: date) -> list[Grant]:
    """Grants that end within two weeks and that nothing follows."""
    until = on + timedelta(days=14)
    ending = Grant.objects.filter(
        staff__is_active=True, ended_on__isnull=True, expires_on__gte=on, expires_on__lte=until
    )
    followed = Grant.objects.filter(expires_on__gt=until, ended_on__isnull=True)
    after = set(followed.values_list("staff_id", "role"))
    return [grant for grant in ending.select_related("staff") if (grant.staff_id, grant.role) not in after]


@mends("office.renew_grants")
def renew_grants(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    """A new grant from the day after each one that ends; one's own is left to somebody else."""
    _require(by, Power.MANAGE_GRANTS, at)
    ending = [grant for grant in expiring_grants(timezone.localdate(at)) if grant.staff_id != by.pk]
    for grant in ending:
        begins = grant.expires_on + timedelta(days=1)
        grant_role(staff=grant.staff, role=Role(grant.role), on=begins, by=actor_of(by), at=at)
    return f"{len(ending)}件の権限を延ばしました。自分の権限は、ほかの人に頼んでください。"


@watch("api")
def keys_ending(at: datetime) -> Iterator[Trouble]:
    on = timezone.localdate(at)
    ending = ApiKey.objects.filter(
        revoked_at__isnull=True, expires_on__lte=on + SOON, expires_on__gte=on - SOON
    )
    for name, ends in ending.order_by("expires_on").values_list("name", "expires_on"):
        over = ends < on
        said = f"API鍵「{name}」は{ends}に{'切れました' if over else '切れます'}。"
        yield Trouble("api", said, soon=not over, repairs=(Repair("鍵を作り直す", page="keys"),))


@watch("disk")
def room_on_the_disk(at: datetime) -> Iterator[Trouble]:  # noqa: ARG001
    free = shutil.disk_usage(existing(Path(settings.VAR_DIR))).free // 1024 // 1024
    if free < settings.MADOGUCHI_LEAST_FREE_MB:
        yield Trouble(
            "disk", f"データの置き場所の空きが {free:,} MB しかありません。",
            repairs=(Repair("古い控えを消す", "office.drop_copies"), RECHECK),
        )  # fmt: skip


def existing(folder: Path) -> Path:
    return folder if folder.exists() else existing(folder.parent)


@mends("office.drop_copies")
def drop_copies(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    _require(by, Power.SEE_TROUBLES, at)
    return f"古い控えを{drop_old_copies(municipality_here().code)}個消しました。新しい2つは残しています。"


@watch("backup")
def last_copy(at: datetime) -> Iterator[Trouble]:
    if not settings.MADOGUCHI_BACKUP_DAYS:
        return
    last = last_export()
    if last is None or last < at - timedelta(days=settings.MADOGUCHI_BACKUP_DAYS):
        said = f"最後は{timezone.localtime(last):%-m月%-d日}です" if last else "まだ一度もありません"
        yield Trouble(
            "backup", f"データの控え（madoguchi data export town）が、しばらくありません（{said}）。", since=last,
            repairs=(Repair("いま書き出す", "office.export_town"),),
        )  # fmt: skip


@mends("office.export_town")
def export_town(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    _require(by, Power.SEE_TROUBLES, at)
    queue_export(municipality_here())
    return "控えの書き出しを始めました。終わると、この行は消えます。"


@watch("chain")
def the_chain(at: datetime) -> Iterator[Trouble]:
    mark = next((mark for mark in health.marks() if mark.key == health.CHAIN), None)
    again = (Repair("いま確かめる", "office.verify_chain"),)
    if mark is not None and mark.fault:
        yield Trouble("chain", f"記録の鎖が合いません：{mark.fault}", since=mark.failing_since, repairs=again)
    elif mark is None or mark.looked_at < at - CHAIN_EVERY:
        yield Trouble("chain", "昨夜の記録の照合が行われていません。", repairs=again)


@mends("office.verify_chain")
def verify(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    _require(by, Power.SEE_TROUBLES, at)
    fault = health.verify_and_note(municipality_here(), at=at)
    leave_trace(
        actor_of(by),
        "office.chain_verified",
        Subject("office.health", "chain"),
        at=at,
        note={"sound": not fault},
    )
    if fault:
        raise CannotMend(fault, "この番号から後の記録を証拠に使わず、控えと比べてください。")
    return "すべての記録を計算し直し、鎖の終わりまで一致しました。"


@watch("connectors")
def connectors(at: datetime) -> Iterator[Trouble]:
    seen = {mark.key: mark for mark in health.marks()}
    for key, (label, _) in probes().items():
        mark = seen.get(key)
        again = (Repair("いま確かめる", "office.look", key),)
        if mark is not None and mark.fault:
            well = (
                f"最後に使えたのは{timezone.localtime(mark.well_at):%-m月%-d日%H:%M}。"
                if mark.well_at
                else ""
            )
            yield Trouble(
                "connectors",
                f"{label}が使えません。{well}{mark.fault}",
                since=mark.failing_since,
                repairs=again,
            )
        elif mark is not None and mark.looked_at < at - CONNECTORS_EVERY:
            yield Trouble(
                "connectors", f"{label}を、しばらく確かめていません。", since=mark.looked_at, repairs=again
            )


@mends("office.look")
def look(key: str, choice: str, by: "Staff", at: datetime) -> str:  # noqa: ARG001
    _require(by, Power.SEE_TROUBLES, at)
    if key not in probes():
        raise NotFound("外部連携")
    fault = health.look_at(key, municipality_here(), at=at)
    leave_trace(
        actor_of(by),
        "office.health_looked_at",
        Subject("office.health", key),
        at=at,
        note={"well": not fault},
    )
    if fault:
        raise CannotMend(
            f"まだ使えません。{fault}", "相手の機器か設定を直してから、もう一度確かめてください。"
        )
    return f"{probes()[key][0]}は使えます。"


@watch("certificates")
def certificates(at: datetime) -> Iterator[Trouble]:
    """The certificate of the pages."""
    if not settings.MADOGUCHI_TLS_CERTIFICATE:
        return
    file = Path(settings.MADOGUCHI_TLS_CERTIFICATE)
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        yield Trouble("certificates", f"画面の証明書（{file.name}）を読み取れません。", repairs=(RECHECK,))
        return
    yield from ending("certificates", "画面の証明書", ends, at)


def _require(by: "Staff", power: Power, at: datetime) -> None:
    if power not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(power.label)
