"""The life of a draft; no queries."""

from django.db.models import TextChoices


class DraftState(TextChoices):
    SUBMITTED = "submitted", "決裁待ち"
    APPROVED = "approved", "決裁済み"
    REJECTED = "rejected", "却下"
    RETURNED = "returned", "差し戻し"


NEXT: dict[DraftState, frozenset[DraftState]] = {
    DraftState.SUBMITTED: frozenset({DraftState.APPROVED, DraftState.REJECTED, DraftState.RETURNED}),
    DraftState.RETURNED: frozenset({DraftState.SUBMITTED}),
    DraftState.APPROVED: frozenset(),
    DraftState.REJECTED: frozenset(),
}
