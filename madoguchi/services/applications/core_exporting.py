"""基幹連携. The file for a core system: each case exactly once, bytes and marks in one transaction.

Rows are laid out without holding anything; then the number of the target is locked and everything looked at again. What
changed in between makes the file anew, so a case stands in a file as it was at that moment, or not at all.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.core_layout import Layout
from madoguchi.ledgers.procedures.sensitivity import is_sensitive
from madoguchi.services.applications.core_due import Target, conditions, target_of, to_send
from madoguchi.services.applications.core_errors import (
    ExportChangedMeanwhile,
    NothingToExport,
    NotYetExported,
    RowsUnfit,
    WhyMissing,
)
from madoguchi.services.applications.core_rows import Problem, Row, file_bytes, file_name, render
from madoguchi.services.applications.models import Application, CoreExport, CoreExportRow, CoreSeries
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.people import require
from madoguchi.services.applications.queues import begin_core_export
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import CoreKind

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

AT_ONCE = 1000
"""Rows made while the clerk waits; more are a job."""
STEP = 500
TRIES = 3
COLUMNS = [
    *("pk", "number", "edition", "stage", "outcome", "channel", "period_code", "person_name", "person_kana"),
    *("grade", "applicant_name", "first_wish", "score", "received_at", "decided_at", "due_on"),
    *("answers", "facts", "outcome_facts"),
]
Told = Callable[[int], None]


@dataclass(frozen=True)
class Laid:
    """One case laid out: what it is to the core system, and the row."""

    application_id: int
    edition: int
    kind: CoreKind
    row: Row


@dataclass(frozen=True)
class Draft:
    """A file before it is kept: the rows that go, those whose content is as the core system has it, the unfit."""

    number: int
    laid: tuple[Laid, ...]
    same: tuple[Laid, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Made:
    """What one press made: keys of the files; of the common file the cases, those that were the same, those left out.

    `apart` are protected people who were left out of theirs: never for a job, which others may look at.
    """

    exports: tuple[uuid.UUID, ...]
    rows: int
    same: int
    problems: tuple[Problem, ...]
    apart: tuple[Problem, ...] = ()


def preview(*, slug: str, target: str, by: "Staff", at: datetime, limit: int = 10) -> Draft:
    """The first rows as they would stand in the next file. Nothing is written."""
    found, _ = _allowed(slug, target, by, at)
    rows = to_send(found, apart=False).order_by("pk")[:limit]
    return _drafted(found, rows, _next_number(found, apart=False), at)


def export_due(
    *, slug: str, target: str, press: uuid.UUID, by: "Staff", at: datetime, told: Told | None = None
) -> Made:
    """Make the file of everything that is due, once for each press; protected people in a file apart.

    Raises NothingToExport, RowsUnfit (nothing is written then), LayoutFaulty, NotAllowed.
    """
    found, held = _allowed(slug, target, by, at)
    apart = found.layout.includes_protected and Power.SEE_PROTECTED in held
    made = [_once(found, each, press, by, at, told) for each in ((False, True) if apart else (False,))]
    if not any(each.exports or each.same or each.problems for each in made):
        raise NothingToExport(found.layout.name, _last(found))
    common, keys = made[0], tuple(key for each in made for key in each.exports)
    return Made(keys, common.rows, common.same, common.problems, made[1].problems if apart else ())


def begin_export_due(*, slug: str, target: str, press: uuid.UUID, by: "Staff", at: datetime) -> Made | None:
    """A small file at once; a large one as a job (None), whose key is the press. As export_due refuses."""
    found, _ = _allowed(slug, target, by, at)
    count = to_send(found, apart=False).count()
    if count <= AT_ONCE or CoreExport.objects.filter(press=press).exists():
        return export_due(slug=slug, target=target, press=press, by=by, at=at)
    if jobs.job_progress(press) is None:
        title = f"{found.layout.name}へのファイル（{count:,}件）"
        jobs.start(kind="applications.core_export", title=title, total=count, by=by, at=at, job_id=press)
        told = {"slug": slug, "target": target, "login": by.login, "at": at.isoformat()}
        begin_core_export(current_municipality_id() or 0, press, told)
    return None


@transaction.atomic
def export_again(
    *,
    slug: str,
    target: str,
    numbers: Sequence[str],
    reason: str,
    press: uuid.UUID,
    by: "Staff",
    at: datetime,
) -> Made:
    """再出力: single cases that were exported before, as they are now, for a reason that is kept.

    Raises WhyMissing, NotYetExported, RowsUnfit.
    """
    found, _ = _allowed(slug, target, by, at)
    if (before := _made_before(press, apart=False)).exports:
        return before
    if not (reason := spoken(reason, 200)):
        raise WhyMissing("もう一度出す")
    rows = found.rows.filter(number__in=numbers, protection__isnull=True)
    rows = rows.filter(conditions(found.layout)["exported"])
    missing = sorted(set(numbers) - set(rows.values_list("number", flat=True)))
    if missing or not numbers:
        raise NotYetExported(missing or ["（受付番号）"])
    series = _locked(found, apart=False)
    draft = _drafted(found, rows.order_by("pk"), series.last + 1, at, again=True)
    if draft.problems:
        raise RowsUnfit(draft.problems)
    return Made((_keep(found, draft, series, press, by, at, reason),), len(draft.laid), 0, ())


def _allowed(slug: str, target: str, by: "Staff", at: datetime) -> tuple[Target, frozenset[Power]]:
    """The target, for somebody who may export all that its layout asks for."""
    held = require(by, Power.EXPORT, at=at)
    found = target_of(slug, target, by=by, at=at)
    hidden = {key for key, field in found.package.form.fields.items() if is_sensitive(field)}
    used = {name for column in found.layout.columns if column.value for name in column.value.names}
    if used & hidden and Power.SEE_SENSITIVE not in held:
        raise NotAllowed(Power.SEE_SENSITIVE.label)
    return found, held


def _once(found: Target, apart: bool, press: uuid.UUID, by: "Staff", at: datetime, told: Told | None) -> Made:
    """The file of one press, made now or before: killed in between, the same press goes on."""
    before = _made_before(press, apart)
    return before if before.exports else _make(found, apart, press, by, at, told)


def _make(found: Target, apart: bool, press: uuid.UUID, by: "Staff", at: datetime, told: Told | None) -> Made:
    for _ in range(TRIES):
        rows = to_send(found, apart=apart).order_by("pk")[: found.layout.most]
        draft = _drafted(found, rows, _next_number(found, apart), at, told=told)
        if draft.problems and found.layout.unmappable == "stop" and not apart:
            raise RowsUnfit(draft.problems)
        with transaction.atomic():
            series = _locked(found, apart)
            if (before := _made_before(press, apart)).exports:
                return before
            if series.last + 1 != draft.number or not _still_so(found.layout.target, draft):
                continue
            _remember_same(found.layout.target, draft.same)
            exports = (_keep(found, draft, series, press, by, at),) if draft.laid else ()
        return Made(exports, len(draft.laid), len(draft.same), draft.problems)
    raise ExportChangedMeanwhile


def _next_number(found: Target, apart: bool) -> int:
    last = CoreSeries.objects.filter(procedure=found.slug, target=found.layout.target, apart=apart)
    return (last.values_list("last", flat=True).first() or 0) + 1


def _locked(found: Target, apart: bool) -> CoreSeries:
    """The number of the target, held until the transaction ends: the second clerk waits here."""
    names = {"procedure": found.slug, "target": found.layout.target, "apart": apart}
    CoreSeries.objects.bulk_create([CoreSeries(**names)], ignore_conflicts=True)
    return CoreSeries.objects.select_for_update().get(**names)


def _drafted(
    found: Target,
    rows: QuerySet[Application],
    number: int,
    at: datetime,
    *,
    told: Told | None = None,
    again: bool = False,
) -> Draft:
    """Lay out the cases in their order, telling the job after each STEP."""
    laid: list[Laid] = []
    same: list[Laid] = []
    problems: list[Problem] = []
    before = _before(found.layout.target, rows)
    for count, case in enumerate(_cases(rows), 1):
        kind = CoreKind.AGAIN if again else _kind(found.layout, case, case["pk"] in before)
        context = told_of(found, case, kind, number, len(laid) + 1, at)
        row = render(found.layout, case["number"], context)
        each = Laid(case["pk"], case["edition"], kind, row)
        if row.problems:
            problems += row.problems
        elif kind == CoreKind.CHANGED and before[each.application_id] == row.content:
            same.append(each)
        else:
            laid.append(each)
        if told and count % STEP == 0:
            told(STEP)
    return Draft(number, tuple(laid), tuple(same), tuple(problems))


def _cases(rows: QuerySet[Application]) -> Iterator[dict[str, Any]]:
    yield from rows.values(*COLUMNS).iterator(chunk_size=STEP)


def _before(target: str, rows: QuerySet[Application]) -> dict[int, str]:
    """What the core system was last told of each of these cases."""
    wanted = CoreExportRow.objects.filter(application__in=rows.values("pk"), target=target, is_valid=True)
    return dict(wanted.exclude(kind=CoreKind.CANCELLED).values_list("application", "content"))


def _kind(layout: Layout, case: dict[str, Any], known: bool) -> CoreKind:
    if not known:
        return CoreKind.NEW
    there = (not layout.stages or case["stage"] in layout.stages) and (
        not layout.outcomes or case["outcome"] in layout.outcomes
    )
    return CoreKind.CHANGED if there else CoreKind.CANCELLED


def told_of(
    found: Target, case: dict[str, Any], kind: CoreKind, number: int, position: int, at: datetime
) -> dict[str, Any]:
    """What the rules of a layout may read of one case."""
    kinds = found.layout.kinds
    code = kinds.get("changed", kinds["new"]) if kind == CoreKind.AGAIN else kinds.get(kind.value, "")
    on = timezone.localdate(at).isoformat()
    period = next((each for each in found.package.periods if each.code == case["period_code"]), None)
    decided = case["decided_at"]
    return {
        **case["answers"],
        "on": on,
        "facts": case["facts"],
        "outcome": case["outcome_facts"],
        "case": {
            **{name: case[name] for name in ("number", "stage", "outcome", "channel", "grade", "first_wish")},
            "period": case["period_code"],
            "name": case["person_name"],
            "kana": case["person_kana"],
            "applicant": case["applicant_name"],
            "score": float(case["score"]) if case["score"] is not None else None,
            "received_on": timezone.localdate(case["received_at"]).isoformat(),
            "decided_on": timezone.localdate(decided).isoformat() if decided else None,
            "due_on": case["due_on"].isoformat(),
            "entry_on": period.entry_on.isoformat() if period else None,
        },
        "export": {"kind": code, "number": number, "on": on, "position": position},
    }


def _still_so(target: str, draft: Draft) -> bool:
    """Whether every case is as it was laid out; their editions are held until the file is kept."""
    laid = (*draft.laid, *draft.same)
    rows = Application.objects.select_for_update(no_key=True).filter(
        pk__in=[each.application_id for each in laid]
    )
    editions = dict(rows.order_by("pk").values_list("pk", "edition"))
    if any(editions.get(each.application_id) != each.edition for each in laid):
        return False
    new = [each.application_id for each in draft.laid if each.kind == CoreKind.NEW]
    known = CoreExportRow.objects.filter(application__in=new, target=target, is_valid=True)
    return not known.exclude(kind=CoreKind.CANCELLED).exists()


def _remember_same(target: str, same: Sequence[Laid]) -> None:
    """The case moved, what the core system has of it did not: it need not be looked at again."""
    rows = []
    editions = {each.application_id: each.edition for each in same}
    for row in CoreExportRow.objects.filter(application__in=editions, target=target, is_valid=True):
        row.edition = editions[row.application_id]
        rows.append(row)
    CoreExportRow.objects.bulk_update(rows, ["edition"], batch_size=STEP)


def _keep(
    found: Target,
    draft: Draft,
    series: CoreSeries,
    press: uuid.UUID,
    by: "Staff",
    at: datetime,
    reason: str = "",
) -> uuid.UUID:
    layout, on = found.layout, timezone.localdate(at)
    body = file_bytes(layout, (each.row.body for each in draft.laid))
    export = CoreExport.objects.create(
        press=press,
        procedure=found.slug,
        target=layout.target,
        number=draft.number,
        apart=series.apart,
        file_name=file_name(
            layout, number=draft.number, on=on, town_code=by.municipality.code, apart=series.apart
        ),
        body=body,
        sha256=sha256(body).hexdigest(),
        size=len(body),
        layout=layout.text,
        row_count=len(draft.laid),
        cells=0 if reason else sum(each.row.filled for each in draft.laid),
        reason=reason,
        made_by=by,
        made_at=at,
    )
    series.last = draft.number
    series.save(update_fields=["last"])
    _mark(found, export, draft.laid)
    _trace(export, draft.laid, reason or layout.purpose, by, at)
    return export.pk


def _mark(found: Target, export: CoreExport, laid: Sequence[Laid]) -> None:
    ids = [each.application_id for each in laid]
    former = CoreExportRow.objects.filter(application__in=ids, target=export.target, is_valid=True)
    former.update(is_valid=False)
    CoreExportRow.objects.bulk_create(
        (
            CoreExportRow(
                application_id=each.application_id,
                export=export,
                procedure=found.slug,
                target=export.target,
                position=position,
                kind=each.kind,
                edition=each.edition,
                content=each.row.content,
            )
            for position, each in enumerate(laid, 1)
        ),
        batch_size=STEP,
    )


def _trace(export: CoreExport, laid: Sequence[Laid], purpose: str, by: "Staff", at: datetime) -> None:
    verb = "applications.core_exported_again" if export.reason else "applications.core_exported"
    note = {"target": export.target, "file": export.file_name, "number": export.number}
    told: list[tuple[Subject, dict[str, Any]]]
    told = [(Subject(KIND, str(each.application_id)), note | {"kind": each.kind.value}) for each in laid]
    if not export.apart:
        # Of the file apart only its cases tell: a record of the file itself would be there for everybody.
        whole = note | {"rows": len(laid), "sha256": export.sha256}
        told.append((Subject("applications.core_export", str(export.pk)), whole))
    leave_traces(actor_of(by), verb, told, at=at, purpose=purpose)


def _made_before(press: uuid.UUID, apart: bool) -> Made:
    """The same button once more: the file of the first press, or nothing."""
    rows = list(CoreExport.objects.filter(press=press, apart=apart).values_list("pk", "row_count"))
    return Made(tuple(key for key, _ in rows), sum(count for _, count in rows), 0, ())


def _last(found: Target) -> tuple[str, datetime] | None:
    made = CoreExport.objects.filter(procedure=found.slug, target=found.layout.target).order_by("-made_at")
    return made.values_list("made_by__name", "made_at").first()
