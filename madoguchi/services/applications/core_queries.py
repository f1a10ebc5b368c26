"""基幹連携 as screens show it: targets with their counts, files, cases; and the retyping that fell away."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.core_layout import Layout
from madoguchi.ledgers.procedures.package import Package
from madoguchi.services.applications.core_due import (
    HELD_BACK,
    WHAT,
    Target,
    counts,
    held_back,
    layouts,
    of_target,
    target_of,
)
from madoguchi.services.applications.core_handing import own
from madoguchi.services.applications.models import Application, CoreExport, CoreExportRow
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.states import CoreResult, CoreState

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

PAGE = 100
SENT = (CoreState.HANDED_OVER, CoreState.CONFIRMED)


@dataclass(frozen=True)
class TargetView:
    """One core system: what is waiting, what went out."""

    slug: str
    layout: Layout
    counts: dict[str, int]
    last: CoreExport | None


@dataclass(frozen=True)
class CaseRow:
    """One case of a list, with what the core system was last told of it."""

    number: str
    person_name: str
    stage: str
    kind: str
    result: str
    code: str
    message: str
    file_name: str
    export_id: uuid.UUID | None


@dataclass(frozen=True)
class Retyping:
    """転記をなくした: cases and items that a core system took from a file instead of from a keyboard."""

    cases: int
    items: int
    files: int


def targets(package: Package, *, by: "Staff", at: datetime) -> list[TargetView]:
    """Every core system of a procedure with its counts. Raises LayoutFaulty."""
    rows = seen_by(by, at).filter(procedure=package.slug)
    found = layouts(package, by.municipality.code)
    return [target_view(Target(package, each, rows)) for each in found.values()]


def target_view(target: Target) -> TargetView:
    return TargetView(target.slug, target.layout, counts(target), files(target).first())


def sent_back(*, by: "Staff", at: datetime) -> list[tuple[str, str, int]]:
    """(procedure, target, cases) of what core systems refused and nobody has settled, in one question."""
    rows = CoreExportRow.objects.filter(
        application__in=seen_by(by, at), is_valid=True, result=CoreResult.REJECTED
    )
    counted = rows.values("procedure", "target").annotate(cases=Count("pk")).order_by("procedure", "target")
    return [(each["procedure"], each["target"], each["cases"]) for each in counted]


def files(target: Target) -> Any:
    """The files of a target, the newest first, without their bytes; not those with somebody who is out of sight."""
    rows = CoreExport.objects.filter(procedure=target.slug, target=target.layout.target)
    rows = rows.annotate(seen=Count("rows")).filter(seen=F("row_count"))
    return rows.defer("body", "layout").select_related("made_by").order_by("-made_at", "-number")


def cases(target: Target, what: str, page: int) -> tuple[list[CaseRow], int]:
    """One page of the cases of one of WHAT, or of those held back, and how many there are."""
    if what != HELD_BACK and what not in WHAT:
        raise NotFound("一覧")
    found = held_back(target) if what == HELD_BACK else of_target(target, what)
    if what == "due" and not target.layout.includes_protected:
        found = found.filter(protection__isnull=True)
    start = (max(1, page) - 1) * PAGE
    columns = found.order_by("number").values("pk", "number", "person_name", "stage")
    chosen: list[dict[str, Any]] = [dict(each) for each in columns[start : start + PAGE]]
    return _rows(chosen, target.layout.target), found.count()


def rows_of(export: CoreExport, page: int) -> list[CaseRow]:
    """The cases of one file in the order of its lines."""
    start = (max(1, page) - 1) * PAGE
    rows = export.rows.select_related("application", "export").defer("export__body", "export__layout")
    return [_told(row, row.application) for row in rows.order_by("position")[start : start + PAGE]]


def _rows(chosen: list[dict[str, Any]], target: str) -> list[CaseRow]:
    keys = [each["pk"] for each in chosen]
    rows = CoreExportRow.objects.filter(application__in=keys, target=target, is_valid=True)
    known = {row.application_id: row for row in rows.select_related("export").defer("export__body")}
    return [
        _told(known.get(each["pk"]), Application(**{k: v for k, v in each.items() if k != "pk"}))
        for each in chosen
    ]


def _told(row: CoreExportRow | None, case: Application) -> CaseRow:
    stage = case.get_stage_display()
    if row is None:
        return CaseRow(case.number, case.person_name, stage, "", "", "", "", "", None)
    return CaseRow(
        case.number,
        case.person_name,
        stage,
        row.get_kind_display(),
        row.get_result_display(),
        row.code,
        row.message,
        row.export.file_name,
        row.export_id,
    )


def export_of(
    export_id: uuid.UUID, *, by: "Staff", at: datetime
) -> tuple[CoreExport, Target, dict[str, int]]:
    """One file with the counts of its results, for somebody who may export. NotFound for another's."""
    require(by, Power.EXPORT, at=at)
    export = CoreExport.objects.defer("body", "layout").select_related("made_by").filter(pk=export_id).first()
    if export is None:
        raise NotFound("連携ファイル")
    found = own(export, by, at)
    told = {each.value: Count("pk", filter=Q(result=each)) for each in CoreResult}
    return export, found, export.rows.aggregate(**told)


def find_target(slug: str, target: str, *, by: "Staff", at: datetime) -> Target:
    """One target for somebody who may export."""
    require(by, Power.EXPORT, at=at)
    return target_of(slug, target, by=by, at=at)


def retyping(slug: str) -> Retyping:
    """Cases and filled items of the files that were handed over; repetitions and called-off files do not count."""
    rows = CoreExport.objects.filter(procedure=slug, state__in=SENT, reason="")
    found = rows.aggregate(cases=Sum("row_count"), items=Sum("cells"), files=Count("pk"))
    return Retyping(found["cases"] or 0, found["items"] or 0, found["files"])
