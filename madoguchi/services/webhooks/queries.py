"""Where notices go, and which did not arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from madoguchi.services.webhooks.models import Webhook, WebhookNotice
from madoguchi.services.webhooks.states import Event, NoticeState


@dataclass(frozen=True)
class WebhookView:
    """One address, with how many notices wait and how many failed."""

    id: UUID
    url: str
    events: tuple[Event, ...]
    created_at: datetime
    waiting: int
    failed: int


@dataclass(frozen=True)
class FailedNotice:
    """A notice that did not arrive within a day."""

    key_id: int
    url: str
    event: Event
    number: str
    happened_at: datetime
    tries: int
    reason: str


def webhooks_of(key_id: int) -> list[WebhookView]:
    """The addresses of one key, the oldest first."""
    rows = Webhook.objects.filter(api_key_id=key_id, removed_at__isnull=True).order_by("created_at", "pk")
    counted: dict[UUID, dict[str, int]] = {}
    open_ones = WebhookNotice.objects.filter(webhook__in=rows).exclude(state=NoticeState.DELIVERED)
    for webhook_id, state, count in open_ones.values_list("webhook_id", "state").annotate(Count("pk")):
        counted.setdefault(webhook_id, {})[state] = count
    return [view_of(row, counted.get(row.pk, {})) for row in rows]


def view_of(webhook: Webhook, counted: Mapping[str, int]) -> WebhookView:
    return WebhookView(
        webhook.pk,
        webhook.url,
        tuple(Event(event) for event in webhook.events),
        webhook.created_at,
        counted.get(NoticeState.WAITING, 0),
        counted.get(NoticeState.FAILED, 0),
    )


def failed_notices(limit: int = 50) -> list[FailedNotice]:
    """What did not arrive, the newest first."""
    rows = WebhookNotice.objects.filter(state=NoticeState.FAILED).select_related("webhook")
    return [
        FailedNotice(
            row.webhook.api_key_id,
            row.webhook.url,
            Event(row.event),
            row.number,
            row.happened_at,
            row.tries,
            row.reason,
        )
        for row in rows.order_by("-happened_at", "-pk")[:limit]
    ]
