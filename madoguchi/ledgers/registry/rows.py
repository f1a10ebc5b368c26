"""A household as it is handed to the registry, from a file or from the generator; no queries."""

from dataclasses import dataclass
from datetime import date

from madoguchi.ledgers.registry.states import Relationship, ResidentKind, Sex


@dataclass(frozen=True)
class Address:
    """住所 within the municipality; `postcode` is seven digits without hyphen."""

    postcode: str
    town: str
    block: str
    building: str
    school_district: str


@dataclass(frozen=True)
class MemberRow:
    """One member of a household, in the order of 記載順位 from 1."""

    atena_number: int
    relationship: Relationship
    relationship_text: str
    place: int
    family: str
    given: str
    family_kana: str
    given_kana: str
    sex: Sex
    birth: date | None
    moved_in_on: date
    kind: ResidentKind = ResidentKind.JAPANESE
    kana_confirmed: bool = True
    birth_text: str = ""


@dataclass(frozen=True)
class HouseholdRow:
    """One household and everybody in it."""

    number: int
    address: Address
    members: tuple[MemberRow, ...]
