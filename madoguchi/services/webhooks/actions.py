"""Every write of the webhooks room but the sending itself (delivering.py)."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from procrastinate.types import JSONValue

from madoguchi.ledgers.office.bells import acts_left
from madoguchi.ledgers.office.keys import KeyView
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import current_municipality_id, plain_sight
from madoguchi.ledgers.office.strongbox import seal
from madoguchi.ledgers.office.trace import Act, Subject
from madoguchi.ledgers.office.tracing import leave_trace
from madoguchi.services.applications.queries import Standing, standing_of
from madoguchi.services.webhooks.errors import NoSuchWebhook, WebhookUnfit
from madoguchi.services.webhooks.models import Webhook, WebhookNotice
from madoguchi.services.webhooks.queries import WebhookView, view_of
from madoguchi.services.webhooks.rules import refuse_unfit_url
from madoguchi.services.webhooks.states import EVENTS, Event

MOST_A_KEY = 10
CHUNK = 50
CASE = "applications.application"


@dataclass(frozen=True)
class NewWebhook:
    """`secret` is told once."""

    view: WebhookView
    secret: str


@transaction.atomic
def add_webhook(*, key: KeyView, url: str, events: Iterable[Event], at: datetime) -> NewWebhook:
    """Tell this key's system of these events from now on. Raises WebhookUnfit."""
    refuse_unfit_url(url, closed_network=bool(settings.MADOGUCHI_WEBHOOK_NETWORKS))
    if Webhook.objects.filter(api_key_id=key.id, removed_at__isnull=True).count() >= MOST_A_KEY:
        raise WebhookUnfit(
            f"宛先は1つの鍵に{MOST_A_KEY}件までです。", next_step="使わない宛先を外してください。"
        )
    secret = secrets.token_urlsafe(32)
    webhook = Webhook.objects.create(
        api_key_id=key.id, url=url, events=sorted(set(events)), sealed_secret=seal(secret), created_at=at
    )
    note = {"url": url, "events": webhook.events}
    leave_trace(key.actor, "webhooks.added", subject_of(webhook), at=at, purpose=key.purpose, note=note)
    return NewWebhook(view_of(webhook, {}), secret)


@transaction.atomic
def remove_webhook(*, key: KeyView, webhook_id: UUID, at: datetime) -> None:
    """Tell it nothing more. Raises NoSuchWebhook, also for another key's."""
    rows = Webhook.objects.select_for_update().filter(api_key_id=key.id, removed_at__isnull=True)
    webhook = rows.filter(pk=webhook_id).first()
    if webhook is None:
        raise NoSuchWebhook
    webhook.removed_at = at
    webhook.save(update_fields=["removed_at"])
    leave_trace(key.actor, "webhooks.removed", subject_of(webhook), at=at, note={"url": webhook.url})


def subject_of(webhook: Webhook) -> Subject:
    return Subject("webhooks.webhook", str(webhook.pk))


@acts_left.answer
def announce(acts: Sequence[Act]) -> None:
    """Write down and queue what other systems are told, in the transaction of what happened."""
    told = [act for act in acts if act.verb in EVENTS and act.subject.kind == CASE]
    if not told:
        return
    webhooks = list(Webhook.objects.filter(removed_at__isnull=True).select_related("api_key"))
    if webhooks:
        # Seen as everybody sees: a protected person's case is not there, and nothing is told of it.
        with transaction.atomic(), plain_sight():
            _queue([notice for each in webhooks for notice in _notices(each, told)])


def _notices(webhook: Webhook, acts: Sequence[Act]) -> Iterable[WebhookNotice]:
    standing = standing_of(int(act.subject.id) for act in acts)
    for act in acts:
        found = standing.get(int(act.subject.id))
        event = EVENTS[act.verb]
        if found and event in webhook.events and found.section_id == webhook.api_key.section_id:
            yield _notice(webhook, event, act, found)


def _notice(webhook: Webhook, event: Event, act: Act, found: Standing) -> WebhookNotice:
    return WebhookNotice(
        webhook=webhook,
        event_id=uuid4(),
        application_id=found.id,
        event=event,
        number=found.number,
        stage=found.stage,
        happened_at=act.at,
        next_at=act.at,
    )


def _queue(notices: list[WebhookNotice]) -> None:
    made = WebhookNotice.objects.bulk_create(notices, batch_size=1000)
    ids: list[JSONValue] = [notice.pk for notice in made]
    for start in range(0, len(ids), CHUNK):
        app.configure_task("webhooks.deliver").defer(
            municipality_id=current_municipality_id(), notice_ids=[*ids[start : start + CHUNK]]
        )
