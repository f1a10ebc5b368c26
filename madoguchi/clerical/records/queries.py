"""Which case files there are, what waits to be filed, and what is over."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.settled import settled_drafts
from madoguchi.clerical.records.classing import class_named as class_named
from madoguchi.clerical.records.classing import classes_in_force as classes_in_force
from madoguchi.clerical.records.cosigning import files_shown
from madoguchi.clerical.records.ends import kind_of_list, reasons_to_keep
from madoguchi.clerical.records.facts import facts_of
from madoguchi.clerical.records.models import (
    CaseFile,
    DisposalItem,
    DisposalList,
    FiledDraft,
    FileEnd,
    LegalHold,
)
from madoguchi.clerical.records.retention_clock import PERMANENT
from madoguchi.clerical.records.sight import files_read, sections_read
from madoguchi.clerical.records.states import FileState, ItemState
from madoguchi.clerical.records.views import Candidate, EndRow, FileRow
from madoguchi.common.ages import fiscal_year_end
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import section_in_year

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

VIEWS: Mapping[str, str] = {
    "": "すべて",
    "open": "綴じています",
    "closed": "完結",
    "soon": "今年度に満了",
    "over": "満了",
    "held": "廃棄停止",
    "listed": "目録に記載",
    "ended": "廃棄・移管済み",
}
MOST_CANDIDATES = 500


@dataclass(frozen=True)
class Filters:
    """How a list of files is narrowed down; an unknown value finds nothing."""

    view: str = ""
    year: int | None = None
    class_code: str = ""
    words: str = ""


def files(staff: Staff, filters: Filters, *, at: datetime) -> QuerySet[CaseFile]:
    """The files this person may read, newest year first, with `documents` in sight and whether they are `held`."""
    rows = _narrowed(files_shown(staff, at), filters, localdate(at))
    held = LegalHold.objects.filter(_in_force(localdate(at)), file=OuterRef("pk"))
    counted = rows.annotate(documents=Count("filed", distinct=True), held=Exists(held))
    return counted.order_by("-fiscal_year", "class_code", "title", "pk")


def _narrowed(rows: QuerySet[CaseFile], filters: Filters, on: date) -> QuerySet[CaseFile]:
    if filters.year is not None:
        rows = rows.filter(fiscal_year=filters.year)
    if filters.class_code:
        rows = rows.filter(class_code=filters.class_code)
    if filters.words:
        rows = rows.filter(Q(title__contains=filters.words) | Q(class_name__contains=filters.words))
    return rows.filter(_of_view(filters.view, on))


def _of_view(view: str, on: date) -> Q:
    closed = Q(state=FileState.CLOSED)
    views = {
        "": Q(),
        "open": Q(state=FileState.OPEN),
        "closed": closed,
        "soon": closed & Q(ends_on__gte=on, ends_on__lte=fiscal_year_end(on)),
        "over": closed & Q(ends_on__lt=on),
        "held": Q(pk__in=LegalHold.objects.filter(_in_force(on)).values("file_id")),
        "listed": Q(state=FileState.LISTED),
        "ended": Q(state__in=[FileState.DISPOSED, FileState.TRANSFERRED]),
    }
    return views.get(view, Q(pk__in=[]))


def _in_force(on: date) -> Q:
    return Q(released_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=on))


def file_counts(staff: Staff, filters: Filters, *, at: datetime) -> dict[str, int]:
    """How many files each view holds under the other filters, in the order of the tabs."""
    on, rows = localdate(at), _narrowed(files_shown(staff, at), replace(filters, view=""), localdate(at))
    counts = {f"n{place}": Count("pk", filter=_of_view(view, on)) for place, view in enumerate(VIEWS) if view}
    told = rows.aggregate(all=Count("pk"), **counts)
    return {view: told[f"n{place}"] if view else told["all"] for place, view in enumerate(VIEWS)}


def file_rows(rows: Collection[Any], at: datetime) -> list[FileRow]:
    """Files as a list shows them, each with the name its section has today."""
    names: dict[int, str] = {}
    for row in rows:
        if row.section_id not in names:
            named = section_in_year(row.section_id, localdate(at))
            names[row.section_id] = named.name if named else ""
    return [file_row(row, names[row.section_id]) for row in rows]


def file_row(row: Any, section: str = "") -> FileRow:
    return FileRow(
        row.pk, row.title, row.fiscal_year, row.class_code, row.class_name, FileState(row.state), row.retention,
        row.at_end, row.closed_at, row.counts_from, row.ends_on, row.documents, row.held, row.section_id, section,
    )  # fmt: skip


def years_of(staff: Staff, *, at: datetime) -> list[int]:
    """The fiscal years of which this person may read files, newest first."""
    years = files_shown(staff, at).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return list(years.distinct())


def classes_of(staff: Staff, *, at: datetime) -> list[tuple[str, str]]:
    """Code and name of the classes of which this person may read files."""
    rows = files_shown(staff, at).order_by("class_code").values_list("class_code", "class_name")
    return list(dict(rows.distinct()).items())


def unfiled(staff: Staff, *, at: datetime) -> QuerySet[Any]:
    """Settled drafts of this person's sections that are in no file yet, the oldest first."""
    sections = sections_read(staff, at)
    return settled_drafts(sections).exclude(pk__in=FiledDraft.objects.values("draft_id"))


def candidates(staff: Staff, *, at: datetime) -> list[Candidate]:
    """Closed files that are over, permanent or appraised: on which list they belong, or what keeps them off."""
    on = localdate(at)
    over = Q(ends_on__lt=on) | Q(retention=str(PERMANENT)) | ~Q(appraisal="")
    rows = list(files(staff, Filters(view="closed"), at=at).filter(over)[:MOST_CANDIDATES])
    facts = facts_of(rows)
    return [
        Candidate(row, kind_of_list(facts[row.id]), reasons_to_keep(facts[row.id], on))
        for row in file_rows(rows, at)
    ]


def lists(staff: Staff, *, at: datetime) -> QuerySet[DisposalList]:
    """The lists of this person's sections, newest first."""
    sections = sections_read(staff, at)
    rows = DisposalList.objects.select_related("prepared_by", "draft").order_by("-prepared_at")
    return rows if sections is None else rows.filter(section_id__in=sections)


def list_named(staff: Staff, list_id: uuid.UUID, *, at: datetime) -> DisposalList:
    """One list. Refused: NotFound."""
    found = lists(staff, at=at).filter(pk=list_id).first()
    if found is None:
        raise NotFound("目録")
    return found


def items_of(row: DisposalList) -> QuerySet[DisposalItem]:
    """The files of a list in its order."""
    return row.items.select_related("file").order_by("pk")


def item_counts(row: DisposalList) -> dict[ItemState, int]:
    rows = row.items.order_by().values_list("state").annotate(Count("pk"))
    return {ItemState(state): count for state, count in rows}


def open_list_of(file_id: int) -> uuid.UUID | None:
    """The list a listed file stands on."""
    return DisposalItem.objects.filter(file=file_id).order_by("-pk").values_list("list_id", flat=True).first()


def ends(staff: Staff, *, at: datetime) -> QuerySet[FileEnd]:
    """廃棄・移管の記録 of the files this person may read, newest first."""
    rows = FileEnd.objects.order_by("-ended_at", "-pk")
    return rows.filter(file__in=files_read(staff, at).values("pk"))


def end_row(row: FileEnd) -> EndRow:
    return EndRow(
        row.file_id, FileState(row.treatment), row.fiscal_year, row.class_code, row.title, row.retention,
        row.closed_on, row.ends_on, row.approval, row.manifest_sha256, row.ended_at,
    )  # fmt: skip
