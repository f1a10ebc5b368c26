"""What the room hands to screens and upper rooms: frozen, without queries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.clerical.payments.states import ChangeKind, CommitmentState, OrderState
from madoguchi.ledgers.office.trace import Subject


@dataclass(frozen=True)
class AppropriationRow:
    """One 科目 with its sums. `paid` are the orders handed over; `changed` the 補正 and 流用 of the year."""

    id: int
    fiscal_year: int
    section_id: int
    subject: tuple[tuple[str, str], ...]
    name: str
    setsu: str
    initial: int
    budget: int
    committed: int
    paid: int

    @property
    def left(self) -> int:
        return self.budget - self.committed

    @property
    def changed(self) -> int:
        return self.budget - self.initial

    @property
    def unpaid(self) -> int:
        return self.committed - self.paid


@dataclass(frozen=True)
class ChangeRow:
    """補正・流用."""

    kind: ChangeKind
    amount: int
    reason: str
    decided_on: date
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class CommitmentRow:
    """支出負担行為 as lists and the case page show it."""

    id: int
    number: str
    subject: Subject
    title: str
    payee_name: str
    creditor_number: str
    amount: int
    budget_then: int
    left_then: int
    committed_on: date
    drafter: str
    approver: str
    state: CommitmentState
    appropriation_id: int
    appropriation: str
    order_number: str = ""
    order_state: OrderState | None = None
    committed_at: datetime | None = None
    approver_id: int | None = None


@dataclass(frozen=True)
class OrderRow:
    """支出命令."""

    id: int
    number: str
    commitment_number: str
    subject: Subject
    payee_name: str
    amount: int
    claimed_on: date
    due_on: date
    state: OrderState
    drafter: str
    approver: str
    payer: str
    file_id: uuid.UUID | None
    section_id: int
    drafter_id: int | None
    approver_id: int | None
    approved_at: datetime | None = None
    failed_on: date | None = None
    failed_reason: str = ""
    returned_on: date | None = None

    def is_late(self, on: date) -> bool:
        return self.state not in (OrderState.EXPORTED, OrderState.FAILED) and self.due_on < on


@dataclass(frozen=True)
class FileRow:
    """支出命令データ."""

    id: uuid.UUID
    name: str
    row_count: int
    total: int
    made_by: str
    made_at: datetime
    fetched_at: datetime | None
    apart: bool


@dataclass(frozen=True)
class Source:
    """From where a look-up answered: the list, the day it speaks of, when it was taken in."""

    name: str
    as_of: date
    taken_at: datetime


@dataclass(frozen=True)
class ArrearsFound:
    """滞納 of one person. `months` is None where the list has a line that could not be read."""

    months: int | None
    plan: str
    source: Source


@dataclass(frozen=True)
class CreditorFound:
    """債権者の登録 of one person: not there means `number` is empty."""

    number: str
    name: str
    kana: str
    bank_code: str
    branch_code: str
    deposit: str
    account_number: str
    holder_kana: str
    source: Source

    @property
    def is_registered(self) -> bool:
        return bool(self.number)
