"""What screens and other rooms see of controls and exceptions; no queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.clerical.controls.states import FindingState, Result
from madoguchi.ledgers.office.trace import Subject


@dataclass(frozen=True)
class FactSource:
    """Where a fact was read and when, told by whoever supplies it."""

    source: str
    seen_at: datetime


@dataclass(frozen=True)
class FactSeen:
    """A fact as a control saw it. `value` is left out where the reader may not see it."""

    path: str
    label: str
    value: Any
    source: str
    seen_at: str
    sensitive: bool
    name: str = ""
    """Whose key the value is, where it says who did something."""


@dataclass(frozen=True)
class OverrideView:
    """例外の承認."""

    by: str
    post: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class FindingView:
    """例外 as pages and other rooms see it."""

    id: int
    subject: Subject
    case: str
    procedure: str
    version_id: int
    key: str
    label: str
    step: str
    result: Result
    state: FindingState
    sentence: str
    remedy: str
    evidence: str
    facts: tuple[FactSeen, ...]
    missing: tuple[str, ...]
    found_at: datetime
    found_by: str
    cleared_at: datetime | None
    cleared_because: str
    overridable_by: str
    override_rule: str
    override: OverrideView | None


@dataclass(frozen=True)
class ControlStanding:
    """One control of one case: what it last said, and the exception that stands, if any."""

    key: str
    label: str
    step: str
    result: Result
    run_at: datetime
    last_run_at: datetime
    finding: FindingView | None


@dataclass(frozen=True)
class ControlCount:
    """How one control of one procedure fared, counted over the cases that may be seen."""

    runs: int = 0
    passed: int = 0
    open: int = 0
    not_run: int = 0
    overridden: int = 0
    cleared: int = 0


@dataclass(frozen=True)
class ChecklistView:
    """確認表 as it was last filled in."""

    key: str
    items: tuple[tuple[str, str, bool], ...]
    is_complete: bool
    note: str
    filled_by: str
    filled_at: datetime
