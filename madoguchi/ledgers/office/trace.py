"""Who did what to which record: the words of the trace and its hash chain; no queries."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

ActorKind = Literal["staff", "resident", "system", "api"]


@dataclass(frozen=True)
class Actor:
    """Who acts. `id` is the key of the staff member, of the portal visitor or of the API key."""

    kind: ActorKind
    id: str
    name: str


@dataclass(frozen=True)
class Subject:
    """What is acted on, e.g. Subject("applications.application", "12")."""

    kind: str
    id: str


@dataclass(frozen=True)
class Act:
    """One act or look that is to be written down."""

    by: Actor
    verb: str
    subject: Subject
    at: datetime
    note: dict[str, Any]


SYSTEM = Actor("system", "", "自動")


@dataclass(frozen=True)
class TraceRow:
    """One row of the trace as it stands in the database; `note` is its exact text."""

    seq: int
    happened_at: datetime
    recorded_at: datetime
    actor: Actor
    verb: str
    subject: Subject
    purpose: str
    note: str
    former_hash: str
    hash: str


@dataclass(frozen=True)
class BrokenLink:
    """The first place where a chain does not hold, in words for the auditor."""

    seq: int
    sentence: str


def chain_hash(row: TraceRow) -> str:
    """The hash that `row` must carry: SHA-256 over the former hash and every field, in order."""
    fields = [
        row.former_hash,
        str(row.seq),
        _utc(row.happened_at),
        _utc(row.recorded_at),
        row.actor.kind,
        row.actor.id,
        row.actor.name,
        row.verb,
        row.subject.kind,
        row.subject.id,
        row.purpose,
        row.note,
    ]
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def first_broken_link(rows: Iterable[TraceRow], head_seq: int, head_hash: str) -> BrokenLink | None:
    """Re-compute a whole chain; None when every row is as it was written."""
    seq, former = 0, ""
    for row in rows:
        if row.seq != seq + 1:
            return BrokenLink(seq + 1, f"{seq + 1}番の記録がありません。")
        if row.former_hash != former or chain_hash(row) != row.hash:
            return BrokenLink(row.seq, f"{row.seq}番の記録が書き換えられています。")
        seq, former = row.seq, row.hash
    if (seq, former) != (head_seq, head_hash):
        return BrokenLink(seq + 1, f"{seq + 1}番から後の記録が消されています。")
    return None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
