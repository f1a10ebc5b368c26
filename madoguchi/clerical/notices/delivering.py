"""Handing mails over, one by one, so that a crash at any point loses none and doubles none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from madoguchi.clerical.notices import ports
from madoguchi.clerical.notices.errors import MailNotSent, MailUnclear
from madoguchi.clerical.notices.models import Delivery
from madoguchi.clerical.notices.rules import MAIL_TRIES, mail_about, message_id
from madoguchi.clerical.notices.states import DeliveryState, Route
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.trace import SYSTEM, Subject

_DELIVERY_LOCK = 7303
_SETTLED = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCLEAR})
_REASON_LENGTH = 200


def send_mail(*, to: str, subject: str, body: str, message_id: str | None = None) -> None:
    """Hand over one mail that is not a letter, such as a code; call it after commit.

    Raises MailNotSent, MailUnclear, MailAddressRefused.
    """
    ports.mail().send(ports.MailMessage(to, subject, body, message_id or new_message_id()))


def new_message_id() -> str:
    return message_id(uuid4(), "")


def deliver(delivery_ids: list[int], *, job_id: UUID, at: datetime) -> int:
    """Deliver these mails and count them in the job; returns how many were settled by this call."""
    settled = [delivery_id for delivery_id in delivery_ids if _deliver_one(delivery_id, at)]
    if settled:
        _account_for(settled, job_id, at)
    return len(settled)


def _deliver_one(delivery_id: int, at: datetime) -> bool:
    with _alone_with(delivery_id) as is_mine:
        delivery = _take(delivery_id, at) if is_mine else None
        if delivery is None:
            return False
        if delivery.state == DeliveryState.SENDING:
            _hand_over(delivery, at)
        delivery.save(update_fields=["state", "reason", "sent_at"])
        return delivery.state in _SETTLED


@contextmanager
def _alone_with(delivery_id: int) -> Iterator[bool]:
    """Only one worker at a time; the lock falls with the connection when its holder dies."""
    key = delivery_id % 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_DELIVERY_LOCK, key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_DELIVERY_LOCK, key])


def _take(delivery_id: int, at: datetime) -> Delivery | None:
    """Commit "sending" before anything leaves the house; None when nothing is left to do.

    A mail found in "sending" was left by a worker that died: only the connector can know whether it went.
    """
    with transaction.atomic(durable=True):
        waiting = Delivery.objects.select_for_update(of=["self"]).filter(pk=delivery_id, route=Route.EMAIL)
        delivery = waiting.select_related("letter__release", "letter__municipality").first()
        if delivery is None or delivery.state in _SETTLED:
            return None
        if delivery.state == DeliveryState.SENDING and not _surely_not_sent(delivery, at):
            return delivery
        delivery.state, delivery.tries = DeliveryState.SENDING, delivery.tries + 1
        delivery.save(update_fields=["state", "tries"])
    return delivery


def _surely_not_sent(delivery: Delivery, at: datetime) -> bool:
    was_sent = ports.mail().was_sent(delivery.message_id)
    if was_sent is None:
        delivery.state = DeliveryState.UNCLEAR
        delivery.reason = (
            "送信中に処理が止まりました。届いたかどうかを、宛先かメールサーバーで確かめてください。"
        )
    elif was_sent:
        delivery.state, delivery.reason, delivery.sent_at = DeliveryState.SENT, "", at
    return was_sent is False


def _hand_over(delivery: Delivery, at: datetime) -> None:
    letter = delivery.letter
    url = str(letter.facts.get("status_url") or settings.MADOGUCHI_PUBLIC_URL)
    subject, body = mail_about(letter.municipality.name, letter.number, str(letter.facts["contact"]), url)
    delivery.state, delivery.reason, delivery.sent_at = DeliveryState.SENT, "", at
    try:
        ports.mail().send(ports.MailMessage(delivery.address, subject, body, delivery.message_id))
    except MailUnclear as error:
        delivery.state, delivery.reason = DeliveryState.UNCLEAR, str(error)[:_REASON_LENGTH]
    except MailNotSent as error:
        given_up = error.for_good or delivery.tries >= MAIL_TRIES
        delivery.state = DeliveryState.FAILED if given_up else DeliveryState.WAITING
        delivery.reason, delivery.sent_at = str(error)[:_REASON_LENGTH], None


def _failures(settled: list[int]) -> list[str]:
    bad = Delivery.objects.filter(pk__in=settled).exclude(state=DeliveryState.SENT).select_related("letter")
    return [f"{row.letter.number}：{DeliveryState(row.state).label}" for row in bad.order_by("pk")]


@transaction.atomic
def _account_for(settled: list[int], job_id: UUID, at: datetime) -> None:
    failures = _failures(settled)
    jobs.advance(job_id, done=len(settled), failures=failures)
    _finish(job_id, at)
    note = {"settled": len(settled), "failed": len(failures)}
    leave_trace(SYSTEM, "notices.mails_delivered", Subject("office.job", str(job_id)), at=at, note=note)


def _finish(job_id: UUID, at: datetime) -> None:
    mails = Delivery.objects.filter(route=Route.EMAIL, letter__release__delivery_job=job_id)
    if mails.exclude(state__in=_SETTLED).exists():
        return
    result = {state.value: mails.filter(state=state).count() for state in sorted(_SETTLED)}
    jobs.finish(job_id, at=at, result=result)
