"""What is told to other systems, and how far a notice is; no queries."""

from django.db.models import TextChoices


class Event(TextChoices):
    RECEIVED = "application.received", "受付"
    CORRECTED = "application.corrected", "補正"
    DECIDED = "application.decided", "決定"
    LETTER_RELEASED = "application.letter_released", "通知"


class NoticeState(TextChoices):
    WAITING = "waiting", "送るところ"
    DELIVERED = "delivered", "届いた"
    FAILED = "failed", "届かなかった"


EVENTS: dict[str, Event] = {
    "applications.received": Event.RECEIVED,
    "applications.correction_answered": Event.CORRECTED,
    "applications.decided": Event.DECIDED,
    "notices.released": Event.LETTER_RELEASED,
}
"""Which act of the trace is which event."""
