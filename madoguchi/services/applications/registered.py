"""Facts of the resident record that an application starts from."""

from datetime import date
from typing import Any

from madoguchi.ledgers.office.remembering import once
from madoguchi.ledgers.registry.queries import household_facts


def registry_facts(resident_id: int | None, *, on: date) -> dict[str, Any]:
    """What the registry knows of the applicant's household; nothing for a person not proven."""
    if not resident_id:
        return {}
    # Whoever asks, with whatever sight, is told the same: protected members only to their own unit.
    return once(("registry_facts", resident_id, on), lambda: household_facts(resident_id, on=on))
