"""Drafts as rows: entered by the database itself, past the actions. No numbering lock, no edition, no trace.

For benches and scenarios that need more drafts than the actions could lay in a few minutes. What must be true of a
draft's life is tried on those that went through the actions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import connection

from madoguchi.ledgers.office.database_role import lay_down_the_running_role, take_the_running_role

KIND = "bench.rows"
BATCH = 5_000
DRAFTS = """
INSERT INTO decisions_draft (municipality_id, number, section_id, fiscal_year, serial, title, body, figures, item_count,
  subject_kind, subject_id, subject_sha256, content_sha256, state, drafted_by_id, drafted_at, version, kind, mode,
  paper_reason, sheets, settled_at, decided_on)
SELECT current_setting('madoguchi.municipality')::bigint, '測定第' || row.key || '号', row.section, row.year,
  1000000 + row.key, row.title, '次のとおり行ってよろしいか伺います。', '[]', 1, %(kind)s, row.key::text, row.hash, row.hash,
  CASE WHEN row.decided IS NULL THEN 'submitted' ELSE 'approved' END, %(drafter)s, row.drafted, 1, row.matter, row.mode,
  row.reason, row.sheets, row.decided, row.decided_on
FROM unnest(%(key)s::int[], %(section)s::bigint[], %(year)s::int[], %(title)s::text[], %(matter)s::text[],
  %(mode)s::text[], %(reason)s::text[], %(sheets)s::int[], %(drafted)s::timestamptz[], %(decided)s::timestamptz[],
  %(decided_on)s::date[])
  AS given (key, section, year, title, matter, mode, reason, sheets, drafted, decided, decided_on)
CROSS JOIN LATERAL (SELECT given.*, encode(sha256(convert_to(given.title, 'UTF8')), 'hex') AS hash) AS row
"""
STEPS = """
INSERT INTO decisions_step (municipality_id, draft_id, place, approver_id, opened_at, outcome, comment, seen_sha256,
  decided_at, matter, urgent, on_paper)
SELECT municipality_id, id, 1, %(approver)s, drafted_at,
  CASE WHEN settled_at IS NULL THEN '' WHEN mode = 'paper' THEN 'closed' ELSE 'approved' END, '',
  CASE WHEN settled_at IS NULL OR mode = 'paper' THEN '' ELSE content_sha256 END, settled_at,
  kind, urgent, mode = 'paper'
FROM decisions_draft WHERE subject_kind = %(kind)s AND subject_id::bigint BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True)
class DraftRow:
    """One draft and its one step. `decided` is None while it waits."""

    key: int
    section: int
    year: int
    title: str
    matter: str
    mode: str
    reason: str
    sheets: int
    drafted: datetime
    decided: datetime | None
    decided_on: date | None


def enter_rows(rows: Iterable[DraftRow], *, drafter: int, approver: int) -> int:
    """Enter them for the municipality of the session; how many. Keys rise and are given once a database."""
    entered = 0
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        _enter(batch, drafter, approver)
        entered += len(batch)
    _analyse()
    return entered


def _analyse() -> None:
    """What the database does by itself after a while; only the owner of the tables may ask for it at once."""
    lay_down_the_running_role(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE decisions_draft, decisions_step")
    finally:
        take_the_running_role(connection)


def _enter(batch: Sequence[DraftRow], drafter: int, approver: int) -> None:
    columns = {name: [getattr(row, name) for row in batch] for name in DraftRow.__dataclass_fields__}
    keys = columns["key"]
    told = {"kind": KIND, "drafter": drafter, "approver": approver, "first": min(keys), "last": max(keys)}
    with connection.cursor() as cursor:
        cursor.execute(DRAFTS, columns | told)
        cursor.execute(STEPS, told)
