"""The life of a letter and of its delivery; no queries."""

from django.db.models import TextChoices


class LetterState(TextChoices):
    PREPARED = "prepared", "発送待ち"
    RELEASED = "released", "発送済み"


class ReleaseState(TextChoices):
    PREPARING = "preparing", "作成中"
    READY = "ready", "発送できます"
    RELEASED = "released", "発送済み"


class Route(TextChoices):
    STATUS_PAGE = "status_page", "申請状況のページ"
    EMAIL = "email", "メール"
    POST = "post", "郵送"


class DeliveryState(TextChoices):
    WAITING = "waiting", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送れませんでした"
    UNCLEAR = "unclear", "届いたか確かめてください"


NEXT_DELIVERY: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.WAITING: frozenset({DeliveryState.SENDING, DeliveryState.SENT}),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCLEAR, DeliveryState.WAITING}
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset({DeliveryState.WAITING, DeliveryState.SENT}),
    DeliveryState.UNCLEAR: frozenset({DeliveryState.WAITING, DeliveryState.SENT}),
}
