"""What screens and other rooms see of a draft; no queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office.trace import Subject


@dataclass(frozen=True)
class StepView:
    """決裁の一段. `outcome` is None while it waits."""

    place: int
    approver_id: int
    approver_name: str
    outcome: DraftState | None
    comment: str
    decided_at: datetime | None


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list."""

    id: int
    number: str
    title: str
    item_count: int
    state: DraftState
    drafted_by: str
    drafted_at: datetime
    section_id: int


@dataclass(frozen=True)
class DraftView:
    """A draft as a page shows it. `content_sha256` and `edition` go back with the decision."""

    id: int
    number: str
    title: str
    body: str
    figures: list[dict[str, Any]]
    item_count: int
    state: DraftState
    content_sha256: str
    edition: int
    steps: tuple[StepView, ...]
    subject: Subject
    drafted_by_id: int
    drafted_by: str
    drafted_at: datetime
    may_decide: bool
    also_needs: str = ""
