from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from madoguchi.clerical.notices import actions, ports, queries
from madoguchi.clerical.notices.errors import MailNotSent
from madoguchi.clerical.notices.mailing import resume_mails, send_queued_mail
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.clerical.notices.rules import MAIL_TRIES
from madoguchi.clerical.notices.states import DeliveryState
from tests.clerical.notices.test_delivering import Postbox
from tests.clerical.notices.test_delivering import postbox as postbox

ID = "<receipt@madoguchi.invalid>"
pytestmark = pytest.mark.django_db


def queue(now: datetime, **changes: str) -> None:
    said = {"to": "hikari@example.jp", "subject": "受け付けました", "body": "GK0000001", "message_id": ID}
    actions.queue_mail(**(said | changes), at=now)


def the_mail() -> QueuedMail:
    return QueuedMail.objects.get()


def test_queued_twice_it_is_sent_once_and_its_text_is_forgotten(
    town: Any, now: datetime, postbox: Postbox
) -> None:
    queue(now)
    queue(now)
    mail = the_mail()
    send_queued_mail(mail.pk, at=now)
    send_queued_mail(mail.pk, at=now)
    assert [(sent.to, sent.body, sent.message_id) for sent in postbox.given] == [
        ("hikari@example.jp", "GK0000001", ID)
    ]
    assert (the_mail().state, the_mail().body, the_mail().sent_at) == (DeliveryState.SENT, "", now)
    assert queries.address_of_mail(ID) == "hikari@example.jp"


def test_it_is_queued_only_with_the_change_it_tells_of(town: Any, now: datetime, postbox: Postbox) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        queue(now)
        raise RuntimeError
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize(
    ("was_sent", "state", "sent"),
    [(True, DeliveryState.SENT, 0), (False, DeliveryState.SENT, 1), (None, DeliveryState.UNCLEAR, 0)],
)
def test_what_a_killed_worker_left_is_settled_by_what_the_connector_knows(
    town: Any, now: datetime, postbox: Postbox, was_sent: bool | None, state: str, sent: int
) -> None:
    queue(now)
    QueuedMail.objects.update(state=DeliveryState.SENDING, tries=1)
    postbox.knows = lambda _: was_sent
    assert resume_mails(queued_before=now + timedelta(minutes=5)) == 1
    send_queued_mail(the_mail().pk, at=now)
    assert (the_mail().state, len(postbox.given)) == (state, sent)


def test_a_mail_server_out_of_order_is_tried_again_and_given_up_in_the_end(
    town: Any, now: datetime, postbox: Postbox
) -> None:
    queue(now)
    postbox.trouble = MailNotSent("送れませんでした。", next_step="待ちます。")
    states = []
    for _ in range(MAIL_TRIES + 1):
        send_queued_mail(the_mail().pk, at=now)
        states.append(the_mail().state)
    assert states == [DeliveryState.WAITING] * (MAIL_TRIES - 1) + [DeliveryState.FAILED] * 2
    assert queries.address_of_mail(ID) == ""
    assert ports.mail() is postbox
