"""What the room hands to screens and upper rooms: frozen, without queries."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from madoguchi.services.applications.casework_views import ColleagueView, CommentView, FactView, MergeView
from madoguchi.services.applications.clock_rules import Pause
from madoguchi.services.applications.rules import Raw
from madoguchi.services.applications.states import Channel, CheckResult, Direction, Outcome, Stage


@dataclass(frozen=True)
class Receipt:
    """What the applicant takes home. `again` tells that this submission had been received before."""

    application_id: int
    number: str
    received_at: datetime
    due_on: date
    procedure: str
    period_code: str
    channel: Channel
    person_name: str
    checks_to_look_at: int
    again: bool = False


@dataclass(frozen=True)
class UnsentView:
    """An application being typed, exactly as typed so far."""

    id: uuid.UUID
    version_id: int
    procedure: str
    period_code: str
    raw: Raw
    pages_done: tuple[str, ...]
    saved_at: datetime
    expires_on: date
    look_up: Callable[[], dict[str, Any]] = field(compare=False, repr=False)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the register knows of whoever types; asked when somebody looks."""
        return self.look_up()


@dataclass(frozen=True)
class PageOutcome:
    """One page as it was read when saved; what was typed is kept even when it has errors."""

    reading: Any
    saved_at: datetime
    unsent: "UnsentView"

    @property
    def is_good(self) -> bool:
        return not self.reading.errors


@dataclass(frozen=True)
class CheckView:
    code: str
    label: str
    result: CheckResult
    sentence: str
    about: str
    correction: str
    settled_by: str
    settled_reason: str


@dataclass(frozen=True)
class CorrectionView:
    """補正 as asked and as answered; `changes` are (field, before, after), `check_changes` (check, result before, after)."""

    fields: tuple[str, ...]
    message: str
    asked_at: datetime
    due_on: date
    answered_at: datetime | None
    changes: tuple[tuple[str, Any, Any], ...]
    score_before: Decimal | None
    score_after: Decimal | None
    check_changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class TimelineRow:
    """One line of 記録. `actor_kind` keeps people and the machine apart."""

    at: datetime
    actor_kind: str
    actor_name: str
    verb: str
    sentence: str
    purpose: str
    note: dict[str, Any]
    actor_id: str = ""


@dataclass(frozen=True)
class CaseView:
    """Everything the case page shows."""

    id: int
    number: str
    version_id: int
    procedure: str
    section_id: int
    period_code: str
    channel: Channel
    stage: Stage
    outcome: Outcome | None
    outcome_facts: dict[str, Any]
    person_name: str
    person_kana: str
    applicant_name: str
    proxy: dict[str, Any]
    email: str
    grade: int | None
    first_wish: str
    score: Decimal | None
    score_sheet: dict[str, Any]
    raw: Raw
    answers: dict[str, Any]
    facts: dict[str, Any]
    visitor_id: uuid.UUID | None
    resident_id: int | None
    checks: tuple[CheckView, ...]
    corrections: tuple[CorrectionView, ...]
    documents: tuple[Any, ...]
    timeline: tuple[TimelineRow, ...]
    same_person: tuple[str, ...]
    assigned_to_id: int | None
    assigned_to_name: str
    received_at: datetime
    due_on: date
    clock_stopped_on: date | None
    decided_at: datetime | None
    edition: int
    may_go_to: frozenset[Stage]
    package: Any = None
    delay_reason: str = ""
    pauses: tuple[Pause, ...] = ()
    comments: tuple[CommentView, ...] = ()
    staff_facts: tuple[FactView, ...] = ()
    colleagues: tuple[ColleagueView, ...] = ()
    went_into: MergeView | None = None
    took_in: tuple[MergeView, ...] = ()
    messages: tuple["MessageView", ...] = ()
    has_moved: bool = False
    is_protected: bool = False

    @property
    def open_correction(self) -> CorrectionView | None:
        return next((each for each in self.corrections if each.answered_at is None), None)

    @property
    def checks_to_look_at(self) -> int:
        return sum(check.result == CheckResult.LOOK for check in self.checks)


@dataclass(frozen=True)
class StatusView:
    """What an applicant sees of the own case. The outcome is told only with a released letter.

    `merged`: the case went into another one that somebody else handed in. `merged_from`: the own number that was
    asked for, when it now leads to this case.
    """

    application_id: int
    number: str
    version_id: int
    procedure: str
    period_code: str
    channel: Channel
    person_name: str
    stage: Stage
    outcome: Outcome | None
    received_at: datetime
    due_on: date
    raw: Raw
    answers: dict[str, Any]
    correction: CorrectionView | None
    letters: tuple[Any, ...]
    may_withdraw: bool
    edition: int
    steps: tuple[tuple[Stage, datetime | None], ...]
    proxy: dict[str, Any] = field(default_factory=dict)
    merged: bool = False
    merged_from: str = ""


@dataclass(frozen=True)
class Candidate:
    """An accepted application as the allocation takes it."""

    application_id: int
    number: str
    answers: dict[str, Any]
    facts: dict[str, Any]
    score_sheet: dict[str, Any]
    person_key: str
    household_key: str
    person_name: str
    grade: int | None
    visitor_id: uuid.UUID | None
    email: str
    received_at: datetime
    applicant_name: str


@dataclass(frozen=True)
class Decided:
    """The outcome of one application and the facts its letter needs."""

    application_id: int
    outcome: Outcome
    facts: dict[str, Any]


@dataclass(frozen=True)
class MessageView:
    """One message of a case; `documents` are the files sent with it."""

    id: int
    direction: Direction
    author_name: str
    text: str
    documents: tuple[Any, ...]
    sent_at: datetime
    read_at: datetime | None

    @property
    def from_resident(self) -> bool:
        return self.direction == Direction.RESIDENT


@dataclass(frozen=True)
class UnreadCase:
    """A case whose applicant waits for an answer, with the number of unread messages."""

    number: str
    procedure: str
    person_name: str
    count: int
    first_at: datetime
