"""Read a kept file into the comparison with the register: streaming, repeatable, in the worker."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction

from madoguchi.common.kana import kana_key
from madoguchi.common.names import name_key
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.session import plain_sight
from madoguchi.ledgers.registry import import_sql as sql
from madoguchi.ledgers.registry.import_mapping import lay, read_mapping
from madoguchi.ledgers.registry.import_reading import Reader
from madoguchi.ledgers.registry.import_rows import Rejected, Repaired, RowReading
from madoguchi.ledgers.registry.import_source import detect, lines
from madoguchi.ledgers.registry.models import ImportPiece, ResidentImport
from madoguchi.ledgers.registry.rules import joined_reading

CHUNK = 5000
READ_INTO = ("registry_importrow", "registry_importfinding")
WRITTEN_TO = ("registry_household", "registry_resident", "registry_residentversion", "registry_importrow")


def read_into_stage(run: ResidentImport, municipality_code: str) -> int:
    """Every line of the file into the temporary table, 5,000 at a time; says how many. Memory stays flat."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PREPARE_STAGE)
    done = 0
    with spooled(run.pk) as source:
        for chunk in _chunks(readings(source, run.mapping_toml, municipality_code, run.as_of)):
            with transaction.atomic():
                copy_rows(chunk, run.as_of)
            done += len(chunk)
            jobs.advance(run.job, done=len(chunk))
    with connection.cursor() as cursor:
        cursor.execute(sql.INDEX_STAGE)
    return done


def spooled(import_id: UUID) -> BinaryIO:
    """The kept pieces as one file, on disk and without a name, gone when closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for seq in range(ImportPiece.objects.filter(of_import=import_id).count()):
        file.write(ImportPiece.objects.values_list("body", flat=True).get(of_import=import_id, seq=seq))
    file.seek(0)
    return file  # type: ignore[return-value]


def readings(source: BinaryIO, toml: str, municipality_code: str, as_of: date) -> Iterator[RowReading]:
    """Every line below the head, read."""
    form = detect(source)
    found = lines(source, form)
    head = next(found)
    return Reader(lay(read_mapping(toml), head.cells), municipality_code, as_of).read_all(found)


def _chunks(rows: Iterator[RowReading]) -> Iterator[list[RowReading]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def copy_rows(rows: list[RowReading], as_of: date) -> None:
    """COPY rows into the temporary table."""
    with connection.cursor() as cursor, cursor.copy(sql.COPY_STAGE) as copy:
        for row in rows:
            copy.write_row(_staged(row, as_of))


def _staged(row: RowReading, as_of: date) -> tuple[Any, ...]:
    if isinstance(row, Rejected):
        nobody = [_NOTHING[column] if column != "moved_in_on" else as_of for column in sql.PERSON]
        cells = json.dumps(row.cells, ensure_ascii=False).replace("\\u0000", "")
        return (
            row.line, "rejected", row.atena_number, None, *nobody, "", "", "", "", "",
            "[]", row.column[:100], row.reason[:300], cells,
        )  # fmt: skip
    record, repairs = row.record, "[]"
    if isinstance(row, Repaired):
        repairs = json.dumps([asdict(each) for each in row.repairs], ensure_ascii=False)
    keys = search_keys(record.family_name, record.given_name, record.family_kana, record.given_kana)
    return (row.line, row.outcome.value, *record, *keys, repairs, "", "", "{}")


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(sql.PERSON, ""),
    **dict.fromkeys(("kind", "state", "relationship", "place_in_household", "sex"), 0),
    **dict.fromkeys(("birth_date", "event_on"), None),
    "kana_confirmed": False,
}


def search_keys(family: str, given: str, family_kana: str, given_kana: str) -> tuple[str, str, str, str, str]:
    """The keys in the order of the table's columns: name, reading, given name, its reading, reading joined."""
    apart = _kana(family_kana) + _kana(given_kana)
    joined = joined_reading(family_kana, given_kana, apart)
    whole = _name(family) + _name(given) if _begins_anew(given) else name_key(family + given)
    return (
        whole[:240],
        apart[:500],
        _name(given)[:120],
        _kana(given_kana)[:250],
        joined[:500],
    )


@lru_cache(maxsize=4096)
def _begins_anew(given: str) -> bool:
    """Whether the key of 氏名 is that of 氏 and that of 名: a kanji or a kana joins nothing before it, 々 does."""
    return "一" <= given[:1] <= "\u9fff" or "ぁ" <= given[:1] <= "ゖ" or "ァ" <= given[:1] <= "ヺ"


@lru_cache(maxsize=65536)
def _kana(text: str) -> str:
    return kana_key(text)


@lru_cache(maxsize=65536)
def _name(text: str) -> str:
    return name_key(text)


def compare(run: ResidentImport) -> dict[str, Any]:
    """Compare what was read with the register and keep rows and findings; counts by outcome, change and move.

    Under `plain` the same as people see it who do not see the protected.
    """
    values: dict[str, Any] = {"import": run.pk, "as_of": run.as_of, "head": "宛名番号", "strike": False}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.ROOM_TO_WORK)
        run.rows.all().delete()
        run.findings.all().delete()
        cursor.execute(sql.REJECT_TWICE, values)
        cursor.execute(sql.COMPARE, values)
        if run.scope == "whole":
            cursor.execute(sql.MISSING, values)
        cursor.execute(sql.PREPARE_HELD)
        cursor.execute(sql.FINAL, values)
        cursor.execute(sql.FINDINGS, values)
        counts = _counts(cursor, values)
        with plain_sight():
            counts["plain"] = _counts(cursor, values)
        cursor.execute(sql.DROP_STAGE)
    return counts


def _counts(cursor: Any, values: dict[str, Any]) -> dict[str, Any]:
    cursor.execute(sql.COUNTS, values)
    counts: dict[str, dict[str, int]] = {"outcome": {}, "change": {}, "move": {}}
    for outcome, change, move, count in cursor.fetchall():
        keys = [("outcome", outcome), ("change", change)]
        if change in {"new", "changed", "left"}:
            keys.append(("move", move))
        for table, key in keys:
            counts[table][key] = counts[table].get(key, 0) + count
    return counts


def hold_back(run: ResidentImport, *, strike: bool) -> list[int]:
    """Households that the file would leave with two heads or one place twice, into the temporary table.

    Leaving one out may leave somebody in another, so the round is repeated until nothing is wrong.
    """
    values: dict[str, Any] = {"import": run.pk, "strike": strike}
    with connection.cursor() as cursor:
        cursor.execute(sql.ROOM_TO_WORK)
        cursor.execute(sql.PREPARE_HELD)
        while True:
            cursor.execute(sql.FINAL, values)
            cursor.execute(sql.HOLD)
            if not cursor.rowcount:
                break
        cursor.execute("SELECT number FROM import_held ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def write_through(run: ResidentImport, *, strike: bool, at: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Versions of what was, then the new register, all by sets. Inside a transaction.

    Counts by change: of everybody, and as people see it who do not see the protected.
    """
    values: dict[str, Any] = {"import": run.pk, "strike": strike, "at": at}
    with connection.cursor() as cursor:
        for statement in sql.APPLY:
            cursor.execute(statement, values)
        counts = _applied(cursor)
        with plain_sight():
            plain = _applied(cursor)
        cursor.execute(sql.DROP_STAGE)
    return counts, plain


def _applied(cursor: Any) -> dict[str, int]:
    cursor.execute(sql.APPLIED_COUNTS)
    return {str(change): int(count) for change, count in cursor.fetchall()}


__all__ = ["compare", "hold_back", "read_into_stage", "readings", "search_keys", "write_through"]
