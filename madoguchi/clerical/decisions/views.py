"""What screens and other rooms see of a draft; no queries."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from madoguchi.clerical.decisions.states import (
    BLOCKING,
    ApprovalMode,
    Capacity,
    Disclosure,
    DraftState,
    PaperReason,
    PaperRule,
    StepKind,
    StepOutcome,
)
from madoguchi.ledgers.office.trace import Subject


@dataclass(frozen=True)
class StepView:
    """決裁の一段. `outcome` is None while it waits; `opened_at` is None until its turn comes."""

    place: int
    approver_id: int
    approver_name: str
    outcome: StepOutcome | None
    comment: str
    decided_at: datetime | None
    submission: int = 1
    stage: int = 1
    kind: StepKind = StepKind.DECIDE
    post: str = ""
    capacity: Capacity = Capacity.OWN
    stands_for: str = ""
    opened_at: datetime | None = None
    seen_sha256: str = ""
    looked_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.outcome is None and self.opened_at is not None

    @property
    def holds_up(self) -> bool:
        return self.waits and self.kind in BLOCKING


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
    kind: str = ""
    amount: int | None = None
    mode: ApprovalMode = ApprovalMode.ELECTRONIC
    urgent: bool = False
    content_sha256: str = ""
    edition: int = 1
    step_kind: StepKind = StepKind.DECIDE
    opened_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class KindCount:
    """How many drafts of a kind wait."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class KindView:
    """A kind of matter and what the town demands of its documents."""

    code: str
    name: str
    paper_rule: PaperRule = PaperRule.FREE
    paper_reason: str = ""
    class_code: str = ""
    retention: str = ""


@dataclass(frozen=True)
class TableView:
    """A route table of the town: from when, its hash, who put it in."""

    effective_from: date
    sha256: str
    put_in_by: str
    put_in_at: datetime


@dataclass(frozen=True)
class AttachmentView:
    """A file of a draft."""

    place: int
    document_id: UUID
    name: str
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class PaperView:
    """Material on paper: what, where, how many sheets."""

    what: str
    kept_at: str
    sheets: int


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
    section_id: int = 0
    submission: int = 1
    kind: str = ""
    amount: int | None = None
    class_code: str = ""
    retention: str = ""
    disclosure: Disclosure | None = None
    disclosure_reason: str = ""
    mode: ApprovalMode = ApprovalMode.ELECTRONIC
    paper_reason: PaperReason | None = None
    paper_note: str = ""
    urgent: bool = False
    important: bool = False
    route: dict[str, Any] = field(default_factory=dict)
    quoted: tuple[int, str] | None = None
    attachments: tuple[AttachmentView, ...] = ()
    papers: tuple[PaperView, ...] = ()
    step_kind: StepKind | None = None
    work: UUID | None = None
    """The job that moves what was decided, where the worker does."""
    may_look: bool = False
    may_stand_in: bool = False
    may_pull_up: bool = False
    may_take_back: bool = False
    may_remind: bool = False

    @property
    def now(self) -> tuple[StepView, ...]:
        """The steps of the present submission."""
        return tuple(step for step in self.steps if step.submission == self.submission)
