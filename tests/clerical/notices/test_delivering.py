from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from madoguchi.clerical.notices import actions, ports, queries
from madoguchi.clerical.notices.errors import MailNotSent, MailRefused, MailUnclear, WrongDeliveryState
from madoguchi.clerical.notices.models import Delivery
from madoguchi.clerical.notices.rules import MAIL_TRIES, mail_about, require_delivery_move
from madoguchi.clerical.notices.states import NEXT_DELIVERY, DeliveryState, Route
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.states import JobState
from madoguchi.ledgers.office.trace import Subject
from tests.factories_notices import order


class Postbox:
    """Keeps what it is given, and answers as the test says."""

    def __init__(self) -> None:
        self.given: list[ports.MailMessage] = []
        self.trouble: Exception | None = None
        self.knows: Callable[[str], bool | None] = lambda message_id: None

    def send(self, message: ports.MailMessage) -> None:
        if self.trouble:
            raise self.trouble
        self.given.append(message)

    def was_sent(self, message_id: str) -> bool | None:
        return self.knows(message_id)


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    box = Postbox()
    monkeypatch.setattr(ports, "_plugged", [box])
    return box


@pytest.fixture
def released(section: Any, staff_with: Any, now: datetime) -> Any:
    subject = Subject("test.round", "1")
    release_id = actions.open_release(
        title="発送", section_id=section.pk, subject=subject, expected=2, by=None, at=now
    )
    actions.prepare_letters(release_id=release_id, orders=[order(1), order(2, "refused")], at=now)
    return actions.release_all(release_id=release_id, by=staff_with(Role.REVIEWER), at=now)


def mails() -> list[int]:
    return list(Delivery.objects.filter(route=Route.EMAIL).order_by("pk").values_list("pk", flat=True))


def deliver(released: Any, now: datetime) -> int:
    return actions.deliver(mails(), job_id=released.delivery_job, at=now)


def states() -> set[str]:
    return set(Delivery.objects.filter(route=Route.EMAIL).values_list("state", flat=True))


def trouble(kind: type[Any]) -> Any:
    return kind("渡せませんでした。", next_step="確かめてください。")


def test_deliver__each_mail_once_and_the_job_says_so(released: Any, postbox: Postbox, now: datetime) -> None:
    assert deliver(released, now) == 2
    assert deliver(released, now) == 0
    assert [mail.to for mail in postbox.given] == ["hikari1@example.jp", "hikari2@example.jp"]
    assert states() == {DeliveryState.SENT}
    progress = job_progress(released.delivery_job)
    assert progress is not None
    assert (progress.state, progress.done, progress.result["sent"]) == (JobState.FINISHED, 2, 2)


def test_the_mail_says_nothing_of_the_letter(released: Any, postbox: Postbox, now: datetime) -> None:
    deliver(released, now)
    for mail in postbox.given:
        said = mail.subject + mail.body
        assert not any(word in said for word in ("承認", "見本", "そら", "学童"[:2] + "クラブ入所"))
    assert "https://x" in mail_about("サンプル市", "第1号", "電話", "https://x")[1]


@pytest.mark.parametrize(
    ("knows", "state", "given"),
    [
        (True, DeliveryState.SENT, 0),
        (False, DeliveryState.SENT, 2),
        (None, DeliveryState.UNCLEAR, 0),
    ],
)
def test_a_mail_left_in_sending_is_settled_by_what_the_connector_knows(
    released: Any, postbox: Postbox, now: datetime, knows: bool | None, state: DeliveryState, given: int
) -> None:
    Delivery.objects.filter(route=Route.EMAIL).update(state=DeliveryState.SENDING, tries=1)
    postbox.knows = lambda message_id: knows
    assert deliver(released, now) == 2
    assert deliver(released, now) == 0
    assert states() == {state}
    assert len(postbox.given) == given
    assert bool(queries.deliveries_to_look_after(released.id)) == (state == DeliveryState.UNCLEAR)


@pytest.mark.parametrize(("kind", "state"), [(MailRefused, "failed"), (MailUnclear, "unclear")])
def test_trouble_that_trying_again_does_not_mend_is_shown_to_staff(
    released: Any, postbox: Postbox, now: datetime, kind: type[Any], state: str
) -> None:
    postbox.trouble = trouble(kind)
    deliver(released, now)
    postbox.trouble = None
    assert deliver(released, now) == 0
    shown = queries.deliveries_to_look_after(released.id)
    assert {row.state for row in shown} == {state}
    assert all("渡せませんでした" in row.reason for row in shown)
    progress = job_progress(released.delivery_job)
    assert progress is not None
    assert len(progress.failures) == 2


def test_a_server_out_of_order_is_tried_again_and_given_up_in_the_end(
    released: Any, postbox: Postbox, now: datetime
) -> None:
    postbox.trouble = trouble(MailNotSent)
    assert deliver(released, now) == 0
    assert states() == {DeliveryState.WAITING}
    assert actions.resume_deliveries() == 2
    for _ in range(MAIL_TRIES - 1):
        deliver(released, now)
    assert states() == {DeliveryState.FAILED}
    assert actions.resume_deliveries() == 0


@pytest.mark.parametrize(("route", "state", "to"), list(product(Route, DeliveryState, DeliveryState)))
def test_every_pair_of_delivery_states_that_a_person_may_ask_for(
    route: Route, state: DeliveryState, to: DeliveryState
) -> None:
    by_hand = {DeliveryState.FAILED, DeliveryState.UNCLEAR}
    if route == Route.POST:
        by_hand.add(DeliveryState.WAITING)
    if state in by_hand and to in NEXT_DELIVERY[state]:
        require_delivery_move(route, state, to)
        return
    with pytest.raises(WrongDeliveryState):
        require_delivery_move(route, state, to)


def test_staff_settle_what_may_not_have_arrived_or_send_it_again(
    released: Any, postbox: Postbox, now: datetime, staff_with: Any
) -> None:
    clerk = staff_with(Role.SECTION_HEAD)
    first, second = mails()
    with pytest.raises(WrongDeliveryState):
        actions.send_again(delivery_id=first, by=clerk, at=now, reason="")
    postbox.trouble = trouble(MailUnclear)
    deliver(released, now)
    actions.settle_delivery(delivery_id=first, by=clerk, at=now, reason="電話で確かめました")
    postbox.trouble = None
    actions.send_again(delivery_id=second, by=clerk, at=now, reason="届いていないとのこと")
    deliver(released, now)
    assert [mail.to for mail in postbox.given] == ["hikari2@example.jp"]
    assert states() == {DeliveryState.SENT}
    with pytest.raises(WrongDeliveryState):
        actions.send_again(delivery_id=second, by=clerk, at=now, reason="")
    with pytest.raises(NotAllowed):
        actions.settle_delivery(delivery_id=first, by=staff_with(Role.AUDITOR), at=now, reason="")
    with pytest.raises(NotFound):
        actions.settle_delivery(delivery_id=0, by=clerk, at=now, reason="")


def test_send_mail__goes_by_the_port(postbox: Postbox, db: None) -> None:
    actions.send_mail(to="a@example.jp", subject="確認番号", body="123456")
    actions.send_mail(to="a@example.jp", subject="確認番号", body="123456", message_id="<1@example.jp>")
    assert [mail.to for mail in postbox.given] == ["a@example.jp"] * 2
    assert postbox.given[1].message_id == "<1@example.jp>"
