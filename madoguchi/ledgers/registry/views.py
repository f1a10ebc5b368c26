"""What other rooms see of residents and portal visitors; no queries."""

from dataclasses import dataclass
from datetime import date
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
    """利用者 of the portal. `identity_level` is the highest 身元確認保証レベル shown so far (1 to 3)."""

    id: UUID
    email: str
    resident_id: int | None
    name: str
    identity_level: int


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


IDENTITY_LEVEL: dict[ProofMethod, int] = {
    ProofMethod.EMAIL: 1,
    ProofMethod.COUNTER: 3,
    ProofMethod.DEMO_CARD: 3,
}


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
