"""Sending notices: taken, posted outside of any transaction, settled; again later when they did not arrive."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from madoguchi.ledgers.office.keys import key_by_id
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.ledgers.office.strongbox import open_sealed
from madoguchi.services.webhooks.errors import NotDelivered
from madoguchi.services.webhooks.models import WebhookNotice
from madoguchi.services.webhooks.ports import courier
from madoguchi.services.webhooks.rules import EVENT_ID, SIGNATURE, body_of, next_try, signature
from madoguchi.services.webhooks.states import NoticeState

LEASE = timedelta(minutes=2)
NO_LONGER_WANTED = "宛先が外されたか、鍵が使えなくなりました"


def deliver(notice_id: int, *, at: datetime) -> None:
    """Send one notice that is due. Sending again carries the same id; one that was settled is left alone."""
    notice = _taken(notice_id, at)
    if notice is None:
        return
    try:
        _post(notice, at)
    except NotDelivered as failure:
        _try_later(notice, failure.reason, at)
    else:
        notice.state, notice.reason, notice.delivered_at = NoticeState.DELIVERED, "", at
    notice.save(update_fields=["state", "reason", "delivered_at", "next_at"])
    if notice.state == NoticeState.WAITING:
        queue(notice, notice.next_at - at)


def _taken(notice_id: int, at: datetime) -> WebhookNotice | None:
    """None when it is settled, not due, or in other hands: whoever takes it has it for two minutes."""
    with transaction.atomic():
        due = WebhookNotice.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            pk=notice_id, state=NoticeState.WAITING, next_at__lte=at
        )
        notice = due.select_related("webhook").first()
        if notice is not None:
            notice.tries, notice.next_at = notice.tries + 1, at + LEASE
            notice.save(update_fields=["tries", "next_at"])
    return notice


def _post(notice: WebhookNotice, at: datetime) -> None:
    webhook = notice.webhook
    if webhook.removed_at is not None or not _still_wanted(webhook.api_key_id, at):
        raise NotDelivered(NO_LONGER_WANTED)
    body = body_of(
        notice.event_id,
        notice.event,
        notice.number,
        notice.stage,
        notice.happened_at,
        settings.MADOGUCHI_PUBLIC_URL.rstrip("/"),
    )
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        EVENT_ID: str(notice.event_id),
        SIGNATURE: signature(open_sealed(webhook.sealed_secret), body, at),
    }
    courier().post(webhook.url, body, headers)


def _still_wanted(key_id: int, at: datetime) -> bool:
    key = key_by_id(key_id)
    return key.is_good(at.date()) and Scope.WEBHOOKS_MANAGE in key.scopes


def _try_later(notice: WebhookNotice, reason: str, at: datetime) -> None:
    later = None if reason == NO_LONGER_WANTED else next_try(notice.tries, notice.happened_at, at)
    notice.reason = reason[:200]
    if later is None:
        notice.state = NoticeState.FAILED
    else:
        notice.next_at = later


def queue(notice: WebhookNotice, pause: timedelta) -> None:
    task = app.configure_task("webhooks.deliver", schedule_in={"seconds": int(pause.total_seconds()) + 1})
    task.defer(municipality_id=notice.municipality_id, notice_ids=[notice.pk])


def resume(*, at: datetime, limit: int = 500) -> int:
    """Queue again what a worker that died has left; says how many."""
    left = WebhookNotice.objects.filter(state=NoticeState.WAITING, next_at__lt=at - LEASE).order_by("pk")
    for notice in left[:limit]:
        queue(notice, timedelta())
    return len(left[:limit])
