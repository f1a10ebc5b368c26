"""One municipality as one file: written as of one moment, read back whole or not at all."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role
from madoguchi.ledgers.office.errors import TownFileUnusable, TownStillThere
from madoguchi.ledgers.office.models import Municipality
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.ledgers.office.town_tables import TownTable, town_tables

MANIFEST = "madoguchi.json"
PIECE = 1 << 20
OWN_ROW = "office_municipality"
# Work that was waiting when the file was written is done after the restore; finished work is history.
JOBS = TownTable(
    "procrastinate_jobs",
    ("queue_name", "task_name", "priority", "lock", "queueing_lock", "args", "scheduled_at"),
    "status IN ('todo', 'doing') AND args->>'municipality_id' = %s::text",
    None,
)


@dataclass(frozen=True)
class TownFile:
    """What a file holds: the municipality, the schema it was written from, rows and hash by table."""

    code: str
    name: str
    id: int
    written_at: str
    schema: list[str]
    rows: dict[str, int]
    sha256: dict[str, str]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def write_town(municipality: Municipality, file: Path, *, at: datetime) -> TownFile:
    """Write everything of a municipality, files, trace and waiting work included, as of one moment.

    The file appears under its name only when it is complete.
    """
    half = file.with_name(f"{file.name}.half")
    rows: dict[str, int] = {}
    hashes: dict[str, str] = {}
    with (
        municipality_session(municipality.pk, Sight.ALL),
        _one_moment(),
        zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for table in [*town_tables(), JOBS]:
            rows[table.name], hashes[table.name] = _write_table(target, table, municipality.pk)
        told = TownFile(
            municipality.code, municipality.name, municipality.pk, at.isoformat(), _schema(), rows, hashes
        )
        target.writestr(MANIFEST, json.dumps(asdict(told), ensure_ascii=False, indent=1))
    half.replace(file)
    return told


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write_table(target: zipfile.ZipFile, table: TownTable, municipality_id: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    with connection.cursor() as cursor, target.open(f"{table.name}.copy", "w", force_zip64=True) as entry:
        # COPY takes no parameters, and the id is our own integer.
        query = table.selection().replace("%s", str(int(municipality_id)))
        with cursor.copy(f"COPY ({query}) TO STDOUT") as rows:
            for piece in rows:
                digest.update(piece)
                entry.write(piece)
        return cursor.rowcount, digest.hexdigest()


def _schema() -> list[str]:
    """Which migrations made the tables, queue included; a file fits only the same ones."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def read_town(file: Path) -> TownFile:
    """Bring a municipality back from its file, in one transaction and under the rights of the database's owner.

    Raises TownFileUnusable when the file is damaged or of another schema, TownStillThere when the municipality,
    or rows of another one under the same ids, are in this database.
    """
    with _opened(file) as source:
        told = _manifest(source, file)
        if Municipality.objects.filter(code=told.code).exists():
            raise TownStillThere(told.name)
        lay_down_the_running_role(connection)
        try:
            with municipality_session(told.id, Sight.ALL), transaction.atomic():
                _read_all(source, told, file)
        except IntegrityError as error:
            raise TownStillThere(told.name) from error
        except (psycopg.DataError, DataError) as error:
            raise TownFileUnusable(file, "中身が変わっています") from error
        finally:
            take_the_running_role(connection)
    return told


def _read_all(source: zipfile.ZipFile, told: TownFile, file: Path) -> None:
    with connection.cursor() as cursor:
        tables = town_tables()
        # Rows come back as they were: the chain is not chained anew, nor is the way of a case written a second time.
        # The locks end with the transaction.
        for table in tables:
            cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        for table in tables:
            _read_table(cursor, source, table, told, file)
        _read_table(cursor, source, JOBS, told, file)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")


def _read_table(cursor: Any, source: zipfile.ZipFile, table: TownTable, told: TownFile, file: Path) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    # COPY cannot write under row-level security, INSERT can.
    cursor.execute(f"CREATE TEMP TABLE brought AS SELECT {columns} FROM {table.name} LIMIT 0")
    digest = hashlib.sha256()
    with (
        source.open(f"{table.name}.copy") as entry,
        cursor.copy(f"COPY brought ({columns}) FROM STDIN") as rows,
    ):
        while piece := entry.read(PIECE):
            digest.update(piece)
            rows.write(piece)
    if digest.hexdigest() != told.sha256[table.name]:
        raise TownFileUnusable(file, f"{table.name} の中身が変わっています")
    cursor.execute(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM brought")
    cursor.execute("DROP TABLE brought")
    if table.counted_key:
        _count_on(cursor, table.name, table.counted_key)


def _count_on(cursor: Any, table: str, key: str) -> None:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
    sequence = cursor.fetchone()[0]
    # Never backwards: the rows of other municipalities are not seen here.
    cursor.execute(
        f"SELECT setval('{sequence}', GREATEST((SELECT MAX({key}) FROM {table}), last_value, 1)) FROM {sequence}"
    )


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as source:
            yield source
    except (zipfile.BadZipFile, OSError, KeyError) as error:
        raise TownFileUnusable(file, "読み取れません") from error


def _manifest(source: zipfile.ZipFile, file: Path) -> TownFile:
    try:
        told = TownFile(**json.loads(source.read(MANIFEST)))
    except (ValueError, TypeError) as error:
        raise TownFileUnusable(file, f"{MANIFEST} を読み取れません") from error
    missing = set(told.schema) ^ set(_schema())
    if missing:
        raise TownFileUnusable(file, f"この版のデータではありません（違い: {min(missing)}）")
    return told
