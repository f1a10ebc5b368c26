"""The life of money that is spent; no queries."""

from django.db.models import TextChoices


class ChangeKind(TextChoices):
    """How a budget changes during the year."""

    SUPPLEMENTARY = "supplementary", "補正"
    TRANSFER = "transfer", "流用"


class CommitmentState(TextChoices):
    STANDING = "standing", "負担済み"
    CANCELLED = "cancelled", "取消"


NEXT_COMMITMENT: dict[CommitmentState, frozenset[CommitmentState]] = {
    CommitmentState.STANDING: frozenset({CommitmentState.CANCELLED}),
    CommitmentState.CANCELLED: frozenset(),
}


class OrderState(TextChoices):
    CLAIMED = "claimed", "請求受付"
    SUBMITTED = "submitted", "決裁待ち"
    APPROVED = "approved", "命令済み"
    EXPORTED = "exported", "書出し済み"
    FAILED = "failed", "振込不能"


NEXT_ORDER: dict[OrderState, frozenset[OrderState]] = {
    OrderState.CLAIMED: frozenset({OrderState.SUBMITTED}),
    OrderState.SUBMITTED: frozenset({OrderState.CLAIMED, OrderState.APPROVED}),
    OrderState.APPROVED: frozenset({OrderState.EXPORTED}),
    OrderState.EXPORTED: frozenset({OrderState.FAILED}),
    OrderState.FAILED: frozenset(),
}


class SnapshotKind(TextChoices):
    ARREARS = "arrears", "収納"
    CREDITORS = "creditors", "債権者"


class Plan(TextChoices):
    """分納の約束."""

    NONE = "none", "なし"
    KEPT = "kept", "履行中"
    BROKEN = "broken", "不履行"


class Deposit(TextChoices):
    """預金種目, as bank files number them."""

    ORDINARY = "1", "普通"
    CURRENT = "2", "当座"
    SAVINGS = "4", "貯蓄"
