"""How staff look at residents: with a purpose, and leaving a trace."""

from datetime import datetime

from django.db import transaction

from madoguchi.ledgers.office.actions import leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry import queries
from madoguchi.ledgers.registry.errors import PurposeMissing
from madoguchi.ledgers.registry.views import ResidentView, SearchResult


@transaction.atomic
def search_residents(text: str, *, by: Actor, at: datetime, purpose: str, limit: int = 50) -> SearchResult:
    """Search and write down who was shown to whom and why; what was typed is not kept."""
    _insist_on_purpose(purpose)
    result = queries.search_residents(text, on=at.date(), limit=limit)
    leave_trace(
        by,
        "registry.searched",
        Subject("registry.search", result.kind),
        at=at,
        purpose=purpose,
        note={"residents": [hit.id for hit in result.hits if hit.protection is None]},
    )
    protected = [hit for hit in result.hits if hit.protection is not None]
    leave_traces(
        by,
        "registry.looked_at",
        [(Subject("registry.resident", str(hit.id)), {}) for hit in protected],
        at=at,
        purpose=purpose,
    )
    return result


@transaction.atomic
def resident_for(resident_id: int, *, by: Actor, at: datetime, purpose: str) -> ResidentView:
    """One person, for somebody who says why. NotFound when missing or another town's."""
    _insist_on_purpose(purpose)
    found = queries.resident(resident_id)
    if found is None:
        raise NotFound("住民")
    leave_trace(
        by, "registry.looked_at", Subject("registry.resident", str(resident_id)), at=at, purpose=purpose
    )
    return found


def _insist_on_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise PurposeMissing(
            "住民を見る目的が書かれていません。", next_step="目的を選ぶか書いてから、もう一度お試しください。"
        )
