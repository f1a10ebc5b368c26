"""What other rooms see of residents and portal visitors; no queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from madoguchi.ledgers.registry.states import ProofMethod, Relationship, ResidentState


@dataclass(frozen=True)
class ResidentView:
    """住民 as one line of a list or the head of a page."""

    id: int
    atena_number: int
    household_id: int
    family: str
    given: str
    family_kana: str
    given_kana: str
    birth: date | None
    birth_text: str
    sex: str
    relationship: Relationship
    relationship_text: str
    state: ResidentState
    postcode: str
    town: str
    block: str
    building: str
    school_district: str
    protection: int | None = None

    @property
    def name(self) -> str:
        return f"{self.family}　{self.given}"

    @property
    def kana(self) -> str:
        return f"{self.family_kana}　{self.given_kana}"

    @property
    def address(self) -> str:
        """Address within the municipality on one line."""
        return f"{self.town}{self.block}" + (f"　{self.building}" if self.building else "")


@dataclass(frozen=True)
class SearchResult:
    """What the one search box found. `searched_as` says in Japanese how the text was read."""

    kind: str
    searched_as: str
    hits: list[ResidentView]
    more: bool


@dataclass(frozen=True)
class VisitorView:
    """利用者 of the portal. The levels are those shown in this sitting: 身元確認 (IAL) and 当人認証 (AAL), 1 to 3."""

    id: UUID
    email: str
    resident_id: int | None
    name: str
    identity_level: int
    sign_in_level: int = 1
    phone: str = ""
    proof_id: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True)
class CardPerson:
    """Somebody whose card was read but who was found in the register not exactly once; the desk looks."""

    visitor_id: UUID
    name: str
    birth: date | None
    address: str
    proven_at: datetime


@dataclass(frozen=True)
class AskedProof:
    """A code to be sent to the address; the code is kept nowhere else."""

    proof_id: UUID
    code: str


@dataclass(frozen=True)
class ProtectedFigure:
    """What machine work compares with: a protected person by name key, birth date and address within the town."""

    unit: int
    resident_id: int
    name_key: str
    birth: date | None
    address: str


LEVELS: dict[ProofMethod, tuple[int, int]] = {
    ProofMethod.EMAIL: (1, 1),
    ProofMethod.SMS: (1, 1),
    ProofMethod.CARD: (3, 3),
    ProofMethod.COUNTER: (3, 3),
    ProofMethod.DEMO_CARD: (3, 3),
}
"""IAL and AAL of each method; e-mail and SMS together reach AAL 2, being two different channels."""


def levels_of(methods: Iterable[ProofMethod]) -> tuple[int, int]:
    """IAL and AAL of everything one sitting has shown; nothing shown is (0, 0)."""
    shown = frozenset(methods)
    ial = max((LEVELS[method][0] for method in shown), default=0)
    aal = max((LEVELS[method][1] for method in shown), default=0)
    both = {ProofMethod.EMAIL, ProofMethod.SMS} <= shown
    return ial, max(aal, 2) if both else aal


@dataclass(frozen=True)
class ProtectionView:
    """支援措置 as its page shows it."""

    id: int
    number: int
    ground: str
    begins_on: date
    ends_on: date
    ended_on: date | None
    announced_on: date | None
    renewable_from: date
    note: str
    applicant: ResidentView
    people: tuple[ResidentView, ...]
    protected_from: tuple[str, ...]
