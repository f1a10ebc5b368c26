"""What the pages show of imports: lists, the report, the differences. Whoever calls leaves the trace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from madoguchi.ledgers.office.session import Sight, current_sight
from madoguchi.ledgers.registry.history import label_of, words_of
from madoguchi.ledgers.registry.importing import import_run, last_applied
from madoguchi.ledgers.registry.models import ImportRow, ResidentImport
from madoguchi.ledgers.registry.states import (
    FindingKind,
    ImportScope,
    ImportState,
    Move,
    RowChange,
    RowOutcome,
)

PAGE = 100


@dataclass(frozen=True)
class ImportView:
    """One import as a line of the list and as the head of its pages."""

    id: UUID
    name: str
    size: int
    form: str
    mapping: str
    scope: ImportScope
    as_of: date
    state: ImportState
    total: int
    outcomes: dict[str, int]
    changes: dict[str, int]
    moves: tuple[tuple[Move, int], ...]
    result: dict[str, Any]
    job: UUID
    strike_missing: bool
    started_by: str
    started_at: datetime
    applied_at: datetime | None
    applied_by: str
    overtaken: bool

    @property
    def is_read(self) -> bool:
        """There are rows to look at."""
        return self.state in {
            ImportState.READ,
            ImportState.APPLYING,
            ImportState.APPLIED,
            ImportState.OVERTAKEN,
        }

    @property
    def is_busy(self) -> bool:
        return self.state in {ImportState.WAITING, ImportState.READING, ImportState.APPLYING}

    @property
    def may_apply(self) -> bool:
        return self.state == ImportState.READ and not self.overtaken

    @property
    def may_discard(self) -> bool:
        return self.state in {ImportState.READ, ImportState.OVERTAKEN, ImportState.FAILED}


@dataclass(frozen=True)
class RowView:
    """One line of a file, or somebody whom it does not name (line 0)."""

    line: int
    outcome: RowOutcome
    change: RowChange
    move: str
    atena_number: int | None
    household_number: int | None
    name: str
    column: str
    reason: str
    repairs: tuple[dict[str, str], ...]
    changes: tuple[dict[str, str], ...]
    resident_id: int | None
    valid_from: date | None


@dataclass(frozen=True)
class RowPage:
    rows: list[RowView]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class FindingView:
    household_number: int
    kind: FindingKind
    blocks: bool
    detail: str


def imports(limit: int = 100) -> list[ImportView]:
    """The imports of this municipality, newest first."""
    rows = ResidentImport.objects.select_related("started_by", "applied_by").order_by("-started_at")
    newest = last_applied()
    return [_view(row, newest) for row in rows[:limit]]


def import_view(import_id: UUID) -> ImportView:
    """One import; NotFound for another town's and for none."""
    return _view(import_run(import_id), last_applied())


def _view(row: ResidentImport, newest: ResidentImport | None) -> ImportView:
    everybody = current_sight() == Sight.ALL
    counts = row.counts if everybody else row.counts.get("plain", {})
    result = row.result if everybody else row.result | {"applied": row.result.get("plain", {})}
    moves = tuple((Move(key), count) for key, count in sorted(counts.get("move", {}).items()))
    return ImportView(
        id=row.pk,
        name=row.name,
        size=row.size,
        form=row.form,
        mapping=row.mapping_name,
        scope=ImportScope(row.scope),
        as_of=row.as_of,
        state=ImportState(row.state),
        total=row.total,
        outcomes={each.value: counts.get("outcome", {}).get(each.value, 0) for each in RowOutcome},
        changes={each.value: counts.get("change", {}).get(each.value, 0) for each in RowChange},
        moves=moves,
        result=result,
        job=row.job,
        strike_missing=row.strike_missing,
        started_by=row.started_by.name if row.started_by else "コマンド",
        started_at=row.started_at,
        applied_at=row.applied_at,
        applied_by=row.applied_by.name if row.applied_by else "",
        overtaken=row.state == ImportState.READ and (newest.pk if newest else None) != row.base_id,
    )


def last_mapping() -> tuple[str, str] | None:
    """Name and TOML of the mapping used last, so that a town's own is not to be chosen every month."""
    row = ResidentImport.objects.exclude(state=ImportState.FAILED).order_by("-started_at").first()
    return (row.mapping_name, row.mapping_toml) if row else None


def rows_by_outcome(import_id: UUID, outcome: str, *, text: str = "", page: int = 1) -> RowPage:
    """The lines that were accepted, repaired or rejected, in the order of the file."""
    found = import_run(import_id).rows.filter(outcome=outcome).order_by("line")
    return _page(_matching(found, text), page)


def rows_by_change(import_id: UUID, change: str, *, move: str = "", text: str = "", page: int = 1) -> RowPage:
    """The people whom the file would change so, in the order of the file."""
    found = import_run(import_id).rows.filter(change=change).order_by("line", "atena_number")
    return _page(_matching(found.filter(event_kind=move) if move else found, text), page)


def _matching(rows: QuerySet[ImportRow], text: str) -> QuerySet[ImportRow]:
    """A line number, a 宛名番号, or a part of a head, a reason or a name."""
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        return rows.filter(Q(line=min(int(wanted), 2**31 - 1)) | Q(atena_number=int(wanted)))
    if not wanted:
        return rows
    return rows.filter(
        Q(column__contains=wanted) | Q(reason__contains=wanted) | Q(family_name__contains=wanted)
    )


def _page(rows: QuerySet[ImportRow], page: int) -> RowPage:
    total = rows.count()
    pages = max(1, -(-total // PAGE))
    at = min(max(1, page), pages)
    return RowPage([_row(row) for row in rows[(at - 1) * PAGE : at * PAGE]], total, at, pages)


def _row(row: ImportRow) -> RowView:
    name = f"{row.family_name}　{row.given_name}".strip("　")
    return RowView(
        line=row.line,
        outcome=RowOutcome(row.outcome),
        change=RowChange(row.change),
        move=Move(row.event_kind).label if row.event_kind in Move.values else "",
        atena_number=row.atena_number,
        household_number=row.household_number,
        name=name,
        column=row.column,
        reason=row.reason,
        repairs=tuple(row.repairs),
        changes=tuple(
            {"name": label_of(field), "before": words_of(field, pair[0]), "after": words_of(field, pair[1])}
            for field, pair in row.changes.items()
        ),
        resident_id=row.resident_id,
        valid_from=row.valid_from,
    )


def findings(import_id: UUID, limit: int = 200) -> tuple[list[FindingView], int, int]:
    """What does not fit in households, the impossible first; with how many there are, and how many block."""
    found = import_run(import_id).findings.order_by("-blocks", "household_number", "kind")
    views = [
        FindingView(row.household_number, FindingKind(row.kind), row.blocks, row.detail)
        for row in found[:limit]
    ]
    return views, found.count(), found.filter(blocks=True).values("household_number").distinct().count()


REJECTION_HEADS = ("行", "見出し", "理由", "宛名番号")


def rejection_table(import_id: UUID) -> Iterator[list[Any]]:
    """The rejected lines as a table: where, why, and what stood in the columns that are read.

    A line that belongs to nobody known may be about somebody protected: what stood there is for full sight.
    """
    everybody = current_sight() == Sight.ALL
    rows = import_run(import_id).rows.filter(outcome=RowOutcome.REJECTED).order_by("line")
    heads = [head for row in rows[:1] for head in row.cells]
    yield [*REJECTION_HEADS, *heads]
    for row in rows.iterator(chunk_size=2000):
        cells = row.cells if everybody or row.hangs_on_id else {}
        yield [row.line, row.column, row.reason, row.atena_number, *(cells.get(head, "") for head in heads)]
