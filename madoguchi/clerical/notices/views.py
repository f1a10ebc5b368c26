"""What screens and other rooms see of letters and releases; no queries."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from madoguchi.clerical.notices.states import DeliveryState, LetterState, ReleaseState, Route
from madoguchi.ledgers.office.trace import Subject


@dataclass(frozen=True)
class LetterView:
    """通知 without its PDF; `text` is the whole letter as plain text."""

    id: UUID
    kind: str
    number: str
    title: str
    addressee: str
    text: str
    dated_on: date
    state: LetterState
    released_at: datetime | None
    first_read_at: datetime | None
    subject: Subject
    is_signed: bool = False
    """Whether its PDF carries the electronic signature of the municipality."""


@dataclass(frozen=True)
class ReleaseView:
    """一斉発送. `deliveries` counts them by route and state; the job shows how far the mails are."""

    id: UUID
    title: str
    subject: Subject
    expected: int
    prepared: int
    state: ReleaseState
    released_at: datetime | None
    delivery_job: UUID | None
    deliveries: dict[tuple[Route, DeliveryState], int]

    def count(self, route: Route, state: DeliveryState) -> int:
        """How many deliveries on this route are in this state."""
        return self.deliveries.get((route, state), 0)


@dataclass(frozen=True)
class DeliveryView:
    """One delivery that staff have to look after."""

    id: int
    number: str
    addressee: str
    route: Route
    address: str
    state: DeliveryState
    reason: str
    tries: int


@dataclass(frozen=True)
class HeldLetter:
    """A letter that was stopped because it tells of a protected person."""

    id: UUID
    number: str
    title: str
    addressee: str
    text: str
    reason: str
    over: str
    release_is_out: bool
