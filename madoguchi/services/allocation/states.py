"""The life of an allocation round; no queries."""

from django.db.models import TextChoices


class RoundState(TextChoices):
    OPEN = "open", "準備中"
    COMPUTED = "computed", "計算済み"
    SUBMITTED = "submitted", "決裁中"
    SETTLED = "settled", "決定"


NEXT: dict[RoundState, frozenset[RoundState]] = {
    RoundState.OPEN: frozenset({RoundState.COMPUTED}),
    RoundState.COMPUTED: frozenset({RoundState.COMPUTED, RoundState.SUBMITTED}),
    RoundState.SUBMITTED: frozenset({RoundState.COMPUTED, RoundState.SETTLED}),
    RoundState.SETTLED: frozenset(),
}
