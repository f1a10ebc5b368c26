"""What staff added to a case, as the case page reads it: frozen, without queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

NEVER = datetime.min.replace(tzinfo=UTC)
EDITED_WITHIN = timedelta(minutes=10)
"""How long after writing a comment its author may change the words; afterwards it can only be struck through."""


@dataclass(frozen=True)
class CommentView:
    """メモ. `told` are the names of the colleagues it calls for; `calls` those who have not yet seen it, by id."""

    id: int
    author_id: int
    author: str
    text: str
    written_at: datetime
    edited_at: datetime | None
    struck_at: datetime | None
    told: tuple[str, ...]
    calls: tuple[int, ...]

    def may_edit(self, staff_id: int, at: datetime) -> bool:
        return self.may_strike(staff_id) and at <= self.written_at + EDITED_WITHIN

    def may_strike(self, staff_id: int) -> bool:
        return self.author_id == staff_id and self.struck_at is None


@dataclass(frozen=True)
class FactView:
    """A fact a member of staff entered, with where it comes from. `row` counts from 0 within the group."""

    name: str
    row: int | None
    value: Any
    source: str
    dated_on: date
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class ColleagueView:
    id: int
    login: str
    name: str


@dataclass(frozen=True)
class MergeView:
    """重複の統合 as it stands: the case that stays and the one that went into it."""

    id: int
    kept: str
    gone: str
    reason: str
    merged_at: datetime


def comment_view(row: Mapping[str, Any]) -> CommentView:
    return CommentView(
        row["id"],
        row["author_id"],
        row["author"],
        row["text"],
        moment(row["written_at"]) or NEVER,
        moment(row["edited_at"]),
        moment(row["struck_at"]),
        tuple(call["name"] for call in row["calls"] or ()),
        tuple(call["staff"] for call in row["calls"] or () if not call["seen"]),
    )


def fact_view(row: Mapping[str, Any]) -> FactView:
    return FactView(
        row["name"],
        row["row"],
        row["value"],
        row["source"],
        date.fromisoformat(row["dated_on"]),
        row["entered_by"],
        moment(row["entered_at"]) or NEVER,
    )


def merge_view(row: Mapping[str, Any]) -> MergeView:
    when = moment(row["merged_at"]) or NEVER
    return MergeView(row["id"], row["kept"], row["gone"], row["reason"], when)


def moment(text: str | None) -> datetime | None:
    """An instant as PostgreSQL writes it in JSON."""
    return datetime.fromisoformat(text) if text else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
