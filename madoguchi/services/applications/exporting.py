"""書き出し. The ledger as a file for a spreadsheet, written row by row: its size is not held in memory.

No cell can become a formula (OWASP CSV injection).
"""

import csv
import io
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter
from django.db import transaction

from madoguchi.common.text import spreadsheet_safe
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import current_municipality_id
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import live_package, live_procedures
from madoguchi.services.applications.errors import BulkTooLarge
from madoguchi.services.applications.ledger import export_rows
from madoguchi.services.applications.ledger_columns import (
    Column,
    Names,
    answer_keys,
    chosen_columns,
    plain_cell,
)
from madoguchi.services.applications.ledger_filters import Filters, as_told, chosen_rows, from_told
from madoguchi.services.applications.models import MadeFile
from madoguchi.services.applications.people import require
from madoguchi.services.applications.queues import begin_export

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

AT_ONCE = 1000
"""Rows handed over in the answer itself; more are a job."""
MOST = 100_000
KEPT_DAYS = 3
STEP = 1000
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_csv(out: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with a byte order mark, so that a double click opens it unspoiled; says how many rows."""
    out.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(head)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    text.flush()
    text.detach()
    return count


def write_xlsx(out: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One sheet with a frozen head, written row by row; every text is written as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("台帳")
        sheet.set_column(0, len(head) - 1, 16)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, head, book.add_format({"bold": True, "bg_color": "#e6e6e6"}))
        for count, row in enumerate(rows, 1):
            sheet.write_row(count, 0, row)
        sheet.autofilter(0, 0, max(1, count), len(head) - 1)
    return count


WRITERS: dict[str, Callable[[IO[bytes], Sequence[str], Iterable[Sequence[Any]]], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}


def export_count(filters: Filters) -> int:
    """How many rows an export would have, counted no further than one beyond what may be."""
    return chosen_rows(filters).order_by()[: MOST + 1].count()


def export_now(
    *, filters: Filters, columns: Sequence[str], kind: str, purpose: str, by: "Staff", at: datetime
) -> bytes:
    """A small export at once, with its trace."""
    require(by, Power.EXPORT, at=at)
    with tempfile.TemporaryFile() as out:
        count = _write(out, filters, columns, kind, by, at)
        _trace(filters, count, kind, purpose, by, at)
        out.seek(0)
        return out.read()


@transaction.atomic
def begin_to_export(
    *,
    filters: Filters,
    columns: Sequence[str],
    kind: str,
    purpose: str,
    by: "Staff",
    at: datetime,
    job_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Order a large export; its file waits for its maker. Raises BulkTooLarge."""
    require(by, Power.EXPORT, at=at)
    count = export_count(filters)
    if count > MOST:
        raise BulkTooLarge(MOST)
    key = job_id or uuid.uuid4()
    if jobs.job_progress(key) is not None:
        return key
    title = f"書き出し（{count:,}件・{kind.upper()}）"
    jobs.start(kind="applications.export", title=title, total=count, by=by, at=at, job_id=key)
    told = {
        "login": by.login,
        "filters": as_told(filters),
        "columns": list(columns),
        "kind": kind,
        "purpose": purpose,
    }
    begin_export(current_municipality_id() or 0, key, told)
    return key


def make_export(*, job_id: uuid.UUID, told: dict[str, Any], by: "Staff", at: datetime) -> int:
    """Write an ordered export and keep its file; again, it is already there. Says how many rows."""
    if MadeFile.objects.filter(pk=job_id).exists():
        return 0
    filters, kind = from_told(told["filters"]), told["kind"]
    with tempfile.TemporaryFile() as out:
        count = _write(out, filters, told["columns"], kind, by, at, job_id)
        out.seek(0)
        with transaction.atomic():
            name = f"{filters.procedure or 'ledger'}-{at:%Y%m%d-%H%M}.{kind}"
            keep_made(job_id, name, MEDIA_TYPES[kind], out.read(), told["purpose"], by, at)
            _trace(filters, count, kind, told["purpose"], by, at)
    return count


def keep_made(
    key: uuid.UUID, name: str, media_type: str, body: bytes, purpose: str, by: "Staff", at: datetime
) -> None:
    MadeFile.objects.create(
        id=key,
        name=name,
        media_type=media_type,
        body=body,
        made_by=by,
        purpose=purpose,
        made_at=at,
        expires_at=at + timedelta(days=KEPT_DAYS),
    )


@transaction.atomic
def fetch_made(*, file_id: uuid.UUID, by: "Staff", at: datetime) -> MadeFile:
    """The file for the person who made it, with a trace. NotFound for others and after its time."""
    require(by, Power.SEE_CASES, at=at)
    found = MadeFile.objects.filter(pk=file_id, made_by=by, expires_at__gt=at).first()
    if found is None:
        raise NotFound("ファイル")
    subject = Subject("applications.file", str(file_id))
    leave_trace(actor_of(by), "applications.file_fetched", subject, at=at, purpose=found.purpose)
    return found


@transaction.atomic
def drop_expired_files(*, at: datetime) -> int:
    """Forget files whose time is over; says how many."""
    return MadeFile.objects.filter(expires_at__lte=at).delete()[0]


def _write(
    out: IO[bytes],
    filters: Filters,
    wanted: Sequence[str],
    kind: str,
    by: "Staff",
    at: datetime,
    job_id: uuid.UUID | None = None,
) -> int:
    powers = powers_of(by, at.date())
    package = live_package(filters.procedure).package if filters.procedure else None
    columns = chosen_columns(wanted, package, powers)
    names = names_of(package)
    filters = replace(filters, sees_sensitive=Power.SEE_SENSITIVE in powers)
    rows = export_rows(filters, answer_keys(columns))
    cells = (cells_of(row, columns, names) for row in rows)
    return WRITERS[kind](out, [each.label for each in columns], _told(cells, job_id))


def _told(rows: Iterator[list[Any]], job_id: uuid.UUID | None) -> Iterator[list[Any]]:
    """The same rows; every thousand the job moves on."""
    for at, row in enumerate(rows, 1):
        yield row
        if job_id is not None and at % STEP == 0:
            jobs.advance(job_id, done=STEP)


def names_of(package: Any) -> Names:
    """What the codes of rows are called."""
    if package is not None:
        return Names(package, {place.code: place.name for place in package.facilities}, {})
    return Names(None, {}, {each.package.slug: each.package.names.ja for each in live_procedures()})


def cells_of(row: Any, columns: Sequence[Column], names: Names) -> list[Any]:
    """One line, guarded."""
    return [spreadsheet_safe(plain_cell(row, column, names)) for column in columns]


def _trace(filters: Filters, count: int, kind: str, purpose: str, by: "Staff", at: datetime) -> None:
    subject = Subject("applications.ledger", filters.procedure or "all")
    note = {"rows": count, "kind": kind, "view": filters.view}
    leave_trace(actor_of(by), "applications.exported", subject, at=at, purpose=purpose, note=note)
