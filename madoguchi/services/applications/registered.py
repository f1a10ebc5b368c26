"""Facts of the resident record that an application starts from."""

from datetime import date
from typing import Any

from madoguchi.ledgers.registry.queries import household_facts


def registry_facts(resident_id: int | None, *, on: date) -> dict[str, Any]:
    """What the registry knows of the applicant's household; nothing for a person not proven."""
    return household_facts(resident_id, on=on) if resident_id else {}
