"""The visitor of the portal behind a request: the account, the resident and the proofs, with one question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from madoguchi.ledgers.office.prepared import prepared, slot
from madoguchi.ledgers.office.remembering import remember, remembered
from madoguchi.ledgers.registry.models import Proof, Resident, Visitor
from madoguchi.ledgers.registry.states import ProofMethod

LOOKED_AT = {
    *("id", "municipality_id", "atena_number", "household_id", "state", "protection_id"),
    *("family_name", "given_name", "family_kana", "given_kana", "birth_date", "birth_text", "sex"),
    *("relationship", "relationship_text", "postcode", "town", "block", "building", "school_district"),
}
"""What a page needs of a person; the rest is read when somebody looks at it."""
RESIDENT = [field.attname for field in Resident._meta.concrete_fields if field.attname in LOOKED_AT]
VISITOR = [field.attname for field in Visitor._meta.concrete_fields]


@dataclass(frozen=True)
class Proven:
    """One proof that was given: read with its visitor, because every page of the portal asks for both."""

    id: str
    method: ProofMethod
    at: datetime

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Proven":
        return cls(told["id"], ProofMethod(told["method"]), datetime.fromisoformat(told["at"]))


@dataclass(frozen=True)
class Seen:
    """A visitor with the resident behind and every proof that was given."""

    row: Visitor
    proven: list[Proven]

    @property
    def lacks_its_resident(self) -> bool:
        return self.row.resident_id is not None and self.row.resident is None


def _everything_of_one() -> Any:
    given = Proof.objects.filter(visitor_id=OuterRef("pk"), proven_at__isnull=False)
    told = given.values(told=JSONObject(id="id", method="method", at="proven_at"))
    people = (f"resident__{name}" for name in RESIDENT)
    rows = Visitor.objects.filter(pk=slot("id", "uuid"))
    return rows.values(*VISITOR, *people, proven=ArraySubquery(told))


_ask_visitor = prepared(_everything_of_one)


def seen(visitor_id: UUID | str) -> Seen | None:
    """The visitor; asked once a request, unless the sight leaves the visitor or the resident behind out."""
    key = ("visitor_seen", str(visitor_id))
    found: Seen | None = remembered(key) or _read_visitor(visitor_id)
    if found is not None and not found.lacks_its_resident:
        remember(key, found)
        remember(("resident_row", found.row.resident_id), found.row.resident)
    return found


def _read_visitor(visitor_id: UUID | str) -> Seen | None:
    found = _ask_visitor(id=str(visitor_id))
    if not found:
        return None
    *told, proven = found[0].values()
    row: Visitor = Visitor.from_db(DEFAULT_DB_ALIAS, VISITOR, told[: len(VISITOR)])
    person = told[len(VISITOR) :]
    row.resident = Resident.from_db(DEFAULT_DB_ALIAS, RESIDENT, person) if person[0] is not None else None
    return Seen(row, [Proven.of(each) for each in proven])
