"""Files of residents for tests: a small town as its system writes it, with any cell changed."""

import csv
import io
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from madoguchi.ledgers.registry import importing
from madoguchi.ledgers.registry.import_mapping import shipped_text
from madoguchi.ledgers.registry.rows import HouseholdRow
from madoguchi.ledgers.registry.sample_file import HEADS, town_rows
from madoguchi.ledgers.registry.states import ImportScope
from tests.factories_registry import NOW, child, household, member

Change = Callable[[list[dict[str, str]]], Any]


def family() -> list[HouseholdRow]:
    """The mother and the child of tests.factories_registry.enter_family, and a neighbour."""
    return [
        household(1, member(8000001), child(8000002)),
        household(
            2, member(8000003, family="例示", family_kana="レイジ", given="一郎", given_kana="イチロウ")
        ),
    ]


def table(*households: HouseholdRow, change: Change | None = None) -> list[list[str]]:
    rows = list(town_rows(households or family()))
    records = [dict(zip(HEADS, row, strict=True)) for row in rows[1:]]
    if change:
        change(records)
    heads = list(records[0]) if records else list(HEADS)
    return [heads, *(list(record.values()) for record in records)]


def as_bytes(rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",", before: str = "") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return (before + text.getvalue()).encode(encoding)


def handed_in(
    body: bytes,
    *,
    by: Any = None,
    at: datetime = NOW,
    as_of: date | None = None,
    scope: ImportScope = ImportScope.WHOLE,
    toml: str = "",
    import_id: uuid.UUID | None = None,
) -> uuid.UUID:
    return importing.open_import(
        name="住民.csv",
        source=io.BytesIO(body),
        mapping_toml=toml or shipped_text("juki"),
        scope=scope,
        as_of=as_of or at.date(),
        by=by,
        at=at,
        import_id=import_id or uuid.uuid4(),
    )


def read_in(body: bytes, **options: Any) -> uuid.UUID:
    """Handed in and read, as the worker does."""
    import_id = handed_in(body, **options)
    importing.read(import_id=import_id, municipality_code="999999", at=options.get("at", NOW))
    return import_id


def applied(body: bytes, *, strike: bool = False, **options: Any) -> uuid.UUID:
    """Handed in, read, ordered and applied."""
    import_id = read_in(body, **options)
    at = options.get("at", NOW)
    importing.order_apply(import_id=import_id, strike_missing=strike, by=options.get("by"), at=at)
    importing.apply(import_id=import_id, at=at)
    return import_id
