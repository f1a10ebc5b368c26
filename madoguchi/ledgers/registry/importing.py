"""Taking in a file of residents: hand in, read, compare, and then apply or throw away."""

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from madoguchi.common.errors import Refusal
from madoguchi.common.text import in_quotes, strip_controls
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.late_traces import trace_late
from madoguchi.ledgers.office.scanning import Finding, scanned_file
from madoguchi.ledgers.office.session import current_municipality_id, full_sight
from madoguchi.ledgers.office.statistics import renew_statistics
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.registry import import_staging as staging
from madoguchi.ledgers.registry.errors import (
    ImportFileTooLarge,
    ImportInfected,
    ImportNotReady,
    ImportNotScanned,
    IndividualNumberFound,
    SnapshotOvertaken,
)
from madoguchi.ledgers.registry.import_guard import refuse_individual_numbers
from madoguchi.ledgers.registry.import_mapping import lay, read_mapping
from madoguchi.ledgers.registry.import_source import detect, lines, pieces
from madoguchi.ledgers.registry.models import ImportPiece, ResidentImport
from madoguchi.ledgers.registry.states import ImportScope, ImportState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

# Only one import a municipality may write at a time.
_TURN = "SELECT pg_advisory_xact_lock(hashtext('registry.import'), hashtext(%s))"


def open_import(
    *,
    name: str,
    source: BinaryIO,
    mapping_toml: str,
    scope: ImportScope,
    as_of: date,
    by: "Staff | None",
    at: datetime,
    import_id: UUID,
) -> UUID:
    """Keep a file to be read by the worker; the same `import_id` again is the same import.

    Refused before anything is kept: IndividualNumberFound, MappingUnreadable, ImportFileUnreadable,
    ImportFileTooLarge, ImportInfected, ImportNotScanned. The whole file is looked through for individual numbers first.
    """
    if ResidentImport.objects.filter(pk=import_id).exists():
        return import_id
    _refuse_infected(name, source, by, at)
    size, sha256 = _measured(source)
    mapping, form = read_mapping(mapping_toml), detect(source)
    try:
        head, total = refuse_individual_numbers(lines(source, form))
    except IndividualNumberFound as refusal:
        _trace_refusal(by, at, refusal)
        raise
    lay(mapping, head.cells)
    run = ResidentImport(
        id=import_id, job=import_id, name=strip_controls(name)[:200] or "名前なし", size=size, sha256=sha256,
        form=form.words, mapping_name=mapping.name[:100], mapping_toml=mapping_toml, scope=scope, as_of=as_of,
        total=total, base=last_applied(), started_by=by, started_at=at,
    )  # fmt: skip
    _keep(run, source, by=by, at=at)
    return import_id


def _refuse_infected(name: str, source: BinaryIO, by: "Staff | None", at: datetime) -> None:
    """Staff can wait for the scanner, so a file that cannot be looked at is not kept either."""
    verdict = scanned_file(source)
    if verdict.finding == Finding.UNAVAILABLE:
        raise ImportNotScanned(
            "ウイルス検査ができないため、ファイルを受け取れません。",
            next_step="数分たってから、もう一度選んでください。続くときは情報システム担当に連絡してください。",
        )
    if verdict.finding == Finding.INFECTED:
        note = {"found": verdict.name}
        actor = actor_of(by) if by else SYSTEM
        trace_late(actor, "registry.import_infected", Subject("registry.import", ""), at=at, note=note)
        raise ImportInfected(
            f"ファイル{in_quotes(name)}からウイルス（{verdict.name}）が見つかったため、受け取れません。",
            next_step="ファイルを書き出した機器を調べ、書き出し直してください。",
        )


@transaction.atomic
def _keep(run: ResidentImport, source: BinaryIO, *, by: "Staff | None", at: datetime) -> None:
    from madoguchi.ledgers.registry.tasks import read_import

    run.save(force_insert=True)
    for seq, piece in enumerate(pieces(source)):
        ImportPiece.objects.create(of_import=run, seq=seq, body=piece)
    title = f"住民データの読み取り（{run.total:,}行）"
    jobs.start(kind="registry.import", title=title, total=run.total, by=by, at=at, job_id=run.job)
    note = {"file": run.name, "sha256": run.sha256, "lines": run.total, "scope": run.scope}
    leave_trace(
        _actor(by),
        "registry.import_opened",
        subject_of(run.pk),
        at=at,
        purpose="住民データの取り込み",
        note=note,
    )
    read_import.defer(municipality_id=current_municipality_id() or 0, import_id=str(run.pk))


def _measured(source: BinaryIO) -> tuple[int, str]:
    size, digest, limit = 0, hashlib.sha256(), settings.IMPORT_LIMIT_BYTES
    for piece in pieces(source):
        size += len(piece)
        digest.update(piece)
        if size > limit:
            raise ImportFileTooLarge(
                f"ファイルが上限の{limit >> 20}MBを超えています。",
                next_step="取り込む列だけにするか、「一部の人」として分けて取り込んでください。",
            )
    return size, digest.hexdigest()


def _trace_refusal(by: "Staff | None", at: datetime, refusal: Refusal) -> None:
    """That it was tried is written down; nothing of the file is."""
    subject = Subject("registry.register", "residents")
    leave_trace(_actor(by), "registry.import_refused", subject, at=at, note={"code": refusal.code})


def _actor(by: "Staff | None") -> Actor:
    return actor_of(by) if by else SYSTEM


def subject_of(import_id: UUID) -> Subject:
    return Subject("registry.import", str(import_id))


def last_applied() -> ResidentImport | None:
    """The import that made the register what it is."""
    return ResidentImport.objects.filter(state=ImportState.APPLIED).order_by("-applied_at").first()


def import_run(import_id: UUID) -> ResidentImport:
    """The import, or NotFound for another town's and for none."""
    found = ResidentImport.objects.filter(pk=import_id).first()
    if found is None:
        raise NotFound("取込み")
    return found


@full_sight()
def read(*, import_id: UUID, municipality_code: str, at: datetime) -> None:
    """Read and compare; for the worker. Doing it again begins anew, and only until it is read."""
    run = import_run(import_id)
    if run.state not in {ImportState.WAITING, ImportState.READING}:
        return
    ResidentImport.objects.filter(pk=run.pk).update(state=ImportState.READING)
    try:
        staging.read_into_stage(run, municipality_code)
    except Refusal as refusal:
        _failed(run, str(refusal), at)
        return
    _compared(import_id, at)
    renew_statistics(*staging.READ_INTO)


@transaction.atomic
def _compared(import_id: UUID, at: datetime) -> None:
    """Of two workers that read the same file, the second to be done finds it compared and leaves it."""
    run = _locked(import_id)
    if run.state != ImportState.READING:
        return
    counts = staging.compare(run)
    # The register may have changed while the file was read: the comparison is with this one.
    run.base, run.state, run.counts = last_applied(), ImportState.READ, counts
    run.save(update_fields=["base", "state", "counts"])
    jobs.finish(run.job, at=at, result=counts["outcome"])


def _failed(run: ResidentImport, sentence: str, at: datetime) -> None:
    run.pieces.all().delete()
    ResidentImport.objects.filter(pk=run.pk).update(state=ImportState.FAILED, result={"sentence": sentence})
    jobs.finish(run.job, at=at, result={"sentence": sentence}, failed=True)


@transaction.atomic
def order_apply(*, import_id: UUID, strike_missing: bool, by: "Staff | None", at: datetime) -> None:
    """Have the worker apply an import. Pressing twice is the same as once.

    ImportNotReady while it is read and after it was thrown away; SnapshotOvertaken when another one was
    applied in between.
    """
    from madoguchi.ledgers.registry.tasks import apply_import

    run = _locked(import_id)
    if run.state in {ImportState.APPLYING, ImportState.APPLIED}:
        return
    _insist_on_read(run)
    _insist_on_base(run)
    run.state, run.strike_missing, run.applied_by = ImportState.APPLYING, strike_missing, by
    run.save(update_fields=["state", "strike_missing", "applied_by"])
    apply_import.defer(
        municipality_id=current_municipality_id() or 0, import_id=str(import_id), at=at.isoformat()
    )


def _locked(import_id: UUID) -> ResidentImport:
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [str(current_municipality_id())])
    run = ResidentImport.objects.select_for_update().filter(pk=import_id).first()
    if run is None:
        raise NotFound("取込み")
    return run


def _insist_on_read(run: ResidentImport) -> None:
    if run.state != ImportState.READ:
        raise ImportNotReady(
            f"この取込みは「{ImportState(run.state).label}」のため、反映も破棄もできません。",
            next_step="読み取りが終わるまで待つか、もう一度ファイルを取り込んでください。",
        )


def _insist_on_base(run: ResidentImport) -> None:
    newest = last_applied()
    if (newest.pk if newest else None) != run.base_id:
        raise SnapshotOvertaken(
            "この差分を作った後に、ほかの取込みが反映されました。",
            next_step="この取込みを破棄し、ファイルをもう一度取り込んで、新しい差分を確かめてください。",
        )


@full_sight()
def apply(*, import_id: UUID, at: datetime) -> None:
    """Write the register anew in one transaction; for the worker. Doing it again does nothing."""
    if _applied(import_id, at):
        renew_statistics(*staging.WRITTEN_TO)


@transaction.atomic
def _applied(import_id: UUID, at: datetime) -> bool:
    run = _locked(import_id)
    if run.state != ImportState.APPLYING:
        return False
    try:
        _insist_on_base(run)
    except SnapshotOvertaken as refusal:
        run.state, run.result = ImportState.OVERTAKEN, {"sentence": str(refusal)}
        run.save(update_fields=["state", "result"])
        return False
    held = staging.hold_back(run, strike=run.strike_missing)
    counts, plain = staging.write_through(run, strike=run.strike_missing, at=at)
    run.state, run.applied_at = ImportState.APPLIED, at
    run.result = {"applied": counts, "plain": plain, "held": held[:1000], "held_count": len(held)}
    run.save(update_fields=["state", "applied_at", "result"])
    _forget_former(run)
    note = {**counts, "held_households": len(held), "as_of": run.as_of.isoformat()}
    leave_trace(
        _actor(run.applied_by), "registry.import_applied", subject_of(run.pk), at=at,
        purpose="住民データの取り込み", note=note,
    )  # fmt: skip
    return True


def _forget_former(run: ResidentImport) -> None:
    """The bytes are no longer needed, nor are the lines of imports that were applied before."""
    run.pieces.all().delete()
    for former in ResidentImport.objects.filter(state=ImportState.APPLIED).exclude(pk=run.pk):
        former.rows.all()._raw_delete(former.rows.db)
        former.findings.all().delete()


@full_sight()
@transaction.atomic
def discard_import(*, import_id: UUID, by: "Staff | None", at: datetime) -> None:
    """Throw an import away with everything that was read; only its counts stay. Twice is once."""
    run = _locked(import_id)
    if run.state == ImportState.DISCARDED:
        return
    if run.state not in {ImportState.OVERTAKEN, ImportState.FAILED, ImportState.WAITING}:
        _insist_on_read(run)
    run.pieces.all().delete()
    run.rows.all()._raw_delete(run.rows.db)
    run.findings.all().delete()
    run.state = ImportState.DISCARDED
    run.save(update_fields=["state"])
    leave_trace(_actor(by), "registry.import_discarded", subject_of(run.pk), at=at)
