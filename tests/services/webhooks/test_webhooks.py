"""Notices: queued with what happened, signed, sent again, and never about a protected person."""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.connectors.courier import HttpCourier, is_public
from madoguchi.ledgers.office.actions import leave_traces, set_up_section
from madoguchi.ledgers.office.keys import revoke_key
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications.actions import withdraw
from madoguchi.services.applications.models import Application
from madoguchi.services.webhooks import actions, delivering, ports, queries, rules
from madoguchi.services.webhooks.errors import NoSuchWebhook, NotDelivered, WebhookUnfit
from madoguchi.services.webhooks.models import Webhook, WebhookNotice
from madoguchi.services.webhooks.states import Event, NoticeState
from tests.factories_applications import received, small_package
from tests.factories_keys import key_for
from tests.factories_protection import protected_family
from tests.services.webhooks.counterpart import Counterpart, counterpart

LOCAL = (ip_network("127.0.0.0/8"),)
pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Iterator[Counterpart]:
    with counterpart() as started:
        yield started


@pytest.fixture
def plugged(settings: Any) -> Iterator[None]:
    """The closed network: the machine itself may be told."""
    settings.MADOGUCHI_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    before = ports.courier()
    ports.plug_courier(HttpCourier(LOCAL, seconds=0.8))
    yield
    ports.plug_courier(before)


@pytest.fixture
def key(section: Any, staff_with: Any, now: datetime) -> Any:
    return key_for(section, staff_with(Role.IT_ADMIN), now).view


@pytest.fixture
def webhook(key: Any, other: Counterpart, plugged: None, now: datetime) -> Any:
    return actions.add_webhook(key=key, url=other.url, events=list(Event), at=now)


def queued() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = 'webhooks.deliver'"
        )
        return [args if isinstance(args, dict) else json.loads(args) for args, _ in cursor.fetchall()]


def test_an_event_is_told_signed_and_without_personal_data(
    webhook: Any, other: Counterpart, section: Any, now: datetime
) -> None:
    receipt = received(small_package(now), now)
    notice = WebhookNotice.objects.get()
    assert queued()[0]["notice_ids"] == [notice.pk]
    delivering.deliver(notice.pk, at=now)
    headers, body = other.told[0]
    assert rules.is_genuine(webhook.secret, headers["Madoguchi-Signature"], body, now)
    told = json.loads(body)
    assert told["id"] == headers["Madoguchi-Event-Id"] == str(notice.event_id)
    assert (told["event"], told["number"], told["stage"]) == (
        "application.received",
        receipt.number,
        "received",
    )
    assert set(told) == {"id", "event", "number", "stage", "happened_at", "link"}
    assert "見本" not in body.decode()
    notice.refresh_from_db()
    assert notice.state == NoticeState.DELIVERED
    delivering.deliver(notice.pk, at=now)
    assert len(other.told) == 1


def test_a_failure_is_tried_again_with_the_same_id(
    webhook: Any, other: Counterpart, section: Any, now: datetime
) -> None:
    received(small_package(now), now)
    notice = WebhookNotice.objects.get()
    other.answers = [500, "slow", "trickle", "http://127.0.0.1:1/inside"]
    at = now
    for tries in range(1, 5):
        delivering.deliver(notice.pk, at=at)
        notice.refresh_from_db()
        assert (notice.state, notice.tries) == (NoticeState.WAITING, tries)
        assert notice.reason
        at = notice.next_at
    delivering.deliver(notice.pk, at=at)
    assert {headers["Madoguchi-Event-Id"] for headers, _ in other.told} == {str(notice.event_id)}
    assert len(other.told) == 5
    notice.refresh_from_db()
    assert notice.state == NoticeState.DELIVERED


def test_after_a_day_it_has_failed_and_is_shown(
    webhook: Any, other: Counterpart, section: Any, now: datetime
) -> None:
    received(small_package(now), now)
    notice, at = WebhookNotice.objects.get(), now
    other.answers = [500] * 100
    while notice.state == NoticeState.WAITING:
        delivering.deliver(notice.pk, at=at)
        notice.refresh_from_db()
        at = notice.next_at
    assert now + timedelta(hours=23) < at
    assert 15 < notice.tries < 40
    shown = queries.failed_notices()[0]
    assert (shown.number, shown.reason) == (notice.number, "相手の答えが 500 でした")


def test_what_was_rolled_back_is_never_told(webhook: Any, section: Any, now: datetime) -> None:
    package = small_package(now)
    with transaction.atomic():
        received(package, now)
        assert WebhookNotice.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookNotice.objects.exists()
    assert queued() == []


def test_a_protected_persons_case_is_not_told(
    webhook: Any, other: Counterpart, section: Any, now: datetime, staff_with: Any
) -> None:
    number = received(small_package(now), now).number
    waiting = WebhookNotice.objects.get()
    with full_sight():
        unit = protected_family(staff_with(Role.REGISTRY_CLERK), now).unit
        Application.objects.filter(number=number).update(protection_id=unit)
        subject = Subject("applications.application", str(waiting.application_id))
        leave_traces(SYSTEM, "applications.decided", [(subject, {})], at=now)
        assert WebhookNotice.objects.count() == 1
    delivering.deliver(waiting.pk, at=now)
    assert other.told == []


def test_only_the_keys_section_and_the_wanted_events_are_told(
    key: Any, other: Counterpart, plugged: None, section: Any, staff_with: Any, now: datetime
) -> None:
    zeimu = set_up_section(code="zeimu", fiscal_year=2026, name="税務課", symbol="税", phone="000-0000-0001")
    stranger = key_for(zeimu, staff_with(Role.IT_ADMIN, login="other"), now).view
    actions.add_webhook(key=stranger, url=other.url, events=list(Event), at=now)
    actions.add_webhook(key=key, url=other.url, events=[Event.DECIDED], at=now)
    receipt = received(small_package(now), now)
    withdraw(number=receipt.number, by=SYSTEM, at=now)
    assert not WebhookNotice.objects.exists()


def test_many_events_are_queued_in_chunks(webhook: Any, section: Any, now: datetime) -> None:
    package = small_package(now)
    cases = [received(package, now, number) for number in range(1, 4)]
    before = len(queued())
    subjects = [(Subject("applications.application", str(each.application_id)), {}) for each in cases]
    leave_traces(SYSTEM, "notices.released", subjects, at=now)
    assert len(queued()) == before + 1
    assert WebhookNotice.objects.filter(event=Event.LETTER_RELEASED).count() == 3


def test_nothing_goes_out_for_a_revoked_key_or_a_removed_address(
    webhook: Any, key: Any, other: Counterpart, section: Any, staff_with: Any, now: datetime
) -> None:
    received(small_package(now), now)
    notice = WebhookNotice.objects.get()
    revoke_key(key_id=key.id, by=staff_with(Role.IT_ADMIN, login="second"), at=now)
    delivering.deliver(notice.pk, at=now)
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == (NoticeState.FAILED, delivering.NO_LONGER_WANTED)
    assert other.told == []


def test_a_worker_that_died_leaves_nothing_behind(webhook: Any, section: Any, now: datetime) -> None:
    received(small_package(now), now)
    before = len(queued())
    assert delivering.resume(at=now) == 0
    assert delivering.resume(at=now + timedelta(minutes=5)) == 1
    assert len(queued()) == before + 1


def test_another_keys_address_is_not_there(
    webhook: Any, section: Any, staff_with: Any, now: datetime
) -> None:
    stranger = key_for(section, staff_with(Role.IT_ADMIN, login="x"), now).view
    assert queries.webhooks_of(stranger.id) == []
    with pytest.raises(NoSuchWebhook):
        actions.remove_webhook(key=stranger, webhook_id=webhook.view.id, at=now)
    assert webhook.secret not in Webhook.objects.get().sealed_secret


@pytest.mark.parametrize("url", ["http://other.example/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/",
    "https://user:word@other.example/", "https://169.254.169.254/latest", "https://10.0.0.1/", "ftp://other.example/",
    "https://[::ffff:10.0.0.1]/", "https://other.example:99999/", "https:///x", "https://[/"])  # fmt: skip
def test_addresses_inside_the_house_are_refused(url: str, key: Any, now: datetime) -> None:
    with pytest.raises(WebhookUnfit):
        actions.add_webhook(key=key, url=url, events=[Event.RECEIVED], at=now)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_a_name_that_leads_inside_is_not_told(host: str, other: Counterpart) -> None:
    with pytest.raises(NotDelivered):
        HttpCourier().post(f"https://{host}:{other.port}/", b"{}", {})
    assert other.told == []


def test_plain_http_goes_only_inside(other: Counterpart) -> None:
    HttpCourier(LOCAL).post(other.url, b"{}", {})
    assert len(other.told) == 1
    with pytest.raises(NotDelivered):
        HttpCourier((ip_network("10.0.0.0/8"),)).post(other.url, b"{}", {})


def test_which_addresses_are_outside() -> None:
    from ipaddress import ip_address

    inside = [
        "10.1.2.3",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "fe80::1",
        "fc00::1",
        "::",
        "2002:0a00:0001::",
    ]
    assert [text for text in inside if is_public(ip_address(text))] == []
    assert is_public(ip_address("93.184.215.14"))


@given(st.binary(max_size=200), st.integers(0, 2**31), st.integers(-900, 900))
def test_a_signature_holds_for_its_body_and_five_minutes(body: bytes, second: int, later: int) -> None:
    at = datetime.fromtimestamp(second).astimezone()
    header = rules.signature("secret", body, at)
    fresh = abs(later) <= 300
    assert rules.is_genuine("secret", header, body, at + timedelta(seconds=later)) is fresh
    assert not rules.is_genuine("other", header, body, at)
    assert not rules.is_genuine("secret", header, body + b"x", at)


def test_the_trace_names_the_key(webhook: Any, key: Any) -> None:
    from madoguchi.ledgers.office.models import Trace

    act = Trace.objects.get(verb="webhooks.added")
    assert (act.actor_kind, act.actor_id) == ("api", str(key.id))
    assert uuid.UUID(act.subject_id) == webhook.view.id
