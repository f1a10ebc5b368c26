"""Mails that are not letters: queued in the transaction of what they tell of, sent by the worker, once."""

from datetime import datetime

from django.db import transaction

from madoguchi.clerical.notices import ports
from madoguchi.clerical.notices.errors import MailNotSent, MailUnclear
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.clerical.notices.rules import MAIL_TRIES
from madoguchi.clerical.notices.states import DeliveryState
from madoguchi.ledgers.office.prepared import run
from madoguchi.ledgers.office.queue import app

_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
_REASON_LENGTH = 200
CHUNK = 200


QUEUE = """
INSERT INTO notices_queuedmail (message_id, address, subject, body, state, tries, reason, queued_at)
VALUES ($1, $2, $3, $4, $5, 0, '', $6) ON CONFLICT DO NOTHING RETURNING municipality_id, id
"""


@transaction.atomic(savepoint=False)
def queue_mail(*, to: str, subject: str, body: str, message_id: str, at: datetime) -> None:
    """Have a mail sent once the change that needs it is committed. The same `message_id` is queued once."""
    for town, mail in run(QUEUE, [message_id, to, subject, body, DeliveryState.WAITING, at]):
        app.configure_task("notices.send_queued_mail").defer(municipality_id=town, mail_id=mail)


def send_queued_mail(mail_id: int, *, at: datetime) -> None:
    """Send one queued mail; sending again sends nothing."""
    mail, was_under_way = _taken(mail_id)
    if mail is None or (was_under_way and _went_before(mail, at)):
        return
    _hand_over(mail, at)
    if mail.state == DeliveryState.SENT:
        # What it said is on the portal; the copy here would only be one more place to guard.
        mail.body = ""
    mail.save(update_fields=["state", "reason", "sent_at", "body"])


def _taken(mail_id: int) -> tuple[QueuedMail | None, bool]:
    """Commit "sending" before anything leaves the house; None when it is settled or in other hands.

    The second tells whether a worker that died had taken it before.
    """
    with transaction.atomic(durable=True):
        waiting = QueuedMail.objects.select_for_update(skip_locked=True)
        mail = waiting.filter(pk=mail_id, state__in=_OPEN).first()
        if mail is None:
            return None, False
        was_under_way = mail.state == DeliveryState.SENDING
        mail.state, mail.tries = DeliveryState.SENDING, mail.tries + 1
        mail.save(update_fields=["state", "tries"])
    return mail, was_under_way


def _went_before(mail: QueuedMail, at: datetime) -> bool:
    """A worker died while it was sending this mail: only the connector can know whether it went."""
    was_sent = ports.mail().was_sent(mail.message_id)
    if was_sent is False:
        return False
    mail.state = DeliveryState.SENT if was_sent else DeliveryState.UNCLEAR
    mail.sent_at = at if was_sent else None
    mail.save(update_fields=["state", "sent_at"])
    return True


def _hand_over(mail: QueuedMail, at: datetime) -> None:
    mail.state, mail.reason, mail.sent_at = DeliveryState.SENT, "", at
    try:
        ports.mail().send(ports.MailMessage(mail.address, mail.subject, mail.body, mail.message_id))
    except MailUnclear as error:
        mail.state, mail.reason, mail.sent_at = DeliveryState.UNCLEAR, str(error)[:_REASON_LENGTH], None
    except MailNotSent as error:
        given_up = error.for_good or mail.tries >= MAIL_TRIES
        mail.state = DeliveryState.FAILED if given_up else DeliveryState.WAITING
        mail.reason, mail.sent_at = str(error)[:_REASON_LENGTH], None


def resume_mails(*, queued_before: datetime) -> int:
    """Queue again what a crash or a mail server out of order has left; says how many."""
    left = QueuedMail.objects.filter(state__in=_OPEN, queued_at__lt=queued_before).order_by("pk")[:CHUNK]
    for mail in left:
        app.configure_task("notices.send_queued_mail").defer(
            municipality_id=mail.municipality_id, mail_id=mail.pk
        )
    return len(left)
