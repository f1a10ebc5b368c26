"""The lines this room leaves in the trace."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from madoguchi.clerical.records.models import CaseFile, DisposalList
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.trace import Actor, Subject

FILE, LIST = "records.file", "records.list"


def trace_file(by: Actor, verb: str, file: CaseFile, at: datetime, *, purpose: str = "", **note: Any) -> None:
    known = {"title": file.title, "class": file.class_code, "year": file.fiscal_year}
    subject = Subject(FILE, str(file.pk))
    leave_trace(by, f"records.{verb}", subject, at=at, purpose=purpose, note=known | note)


def trace_list(by: Actor, verb: str, row: DisposalList, at: datetime, **note: Any) -> None:
    known = {"files": row.total, "sha256": row.list_sha256, "kind": row.kind}
    leave_trace(by, f"records.{verb}", Subject(LIST, str(row.pk)), at=at, note=known | note)
