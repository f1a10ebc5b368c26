"""The life of a batch; no queries."""

from django.db.models import TextChoices


class BatchKind(TextChoices):
    GRANT = "grant", "交付決定"
    PAYMENT = "payment", "支出命令"


class BatchState(TextChoices):
    SUBMITTED = "submitted", "決裁中"
    SETTLED = "settled", "決定"
    TAKEN_BACK = "taken_back", "差し戻し"


NEXT: dict[BatchState, frozenset[BatchState]] = {
    BatchState.SUBMITTED: frozenset({BatchState.SETTLED, BatchState.TAKEN_BACK}),
    BatchState.SETTLED: frozenset(),
    BatchState.TAKEN_BACK: frozenset({BatchState.SUBMITTED}),
}

MATTER = {BatchKind.GRANT: "K06", BatchKind.PAYMENT: "K16"}
"""専決事項 of a batch: 補助金の交付決定, 支出命令."""
