"""The page of the keys: made, shown once, revoked."""

from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office.models import ApiKey, Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.strongbox import seal
from madoguchi.services.webhooks.models import Webhook, WebhookNotice
from tests.factories_applications import received, small_package
from tests.factories_keys import key_for

pytestmark = pytest.mark.django_db
FORM = {
    "name": "県の窓口アプリ",
    "purpose": "申請の取次ぎ",
    "section": "kodomo",
    "scopes": ["procedures.read", "applications.write"],
    "per_minute": "60",
}


@pytest.fixture
def desk(staff_with: Any, monkeypatch: Any, settings: Any) -> Client:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(staff_with(Role.IT_ADMIN))
    return browser


def answered(town: Any, answer: Any) -> str:
    enter_municipality(town.pk)
    return answer.content.decode()


def test_a_key_is_shown_once_and_revoked(desk: Client, town: Any) -> None:
    page = desk.post("/desk/keys/", FORM)
    told = answered(town, page)
    key = ApiKey.objects.get()
    assert f"mdg_{key.prefix}_" in told
    assert page["Cache-Control"] == "no-store"
    assert (key.per_minute, key.scopes) == (60, ["applications.write", "procedures.read"])
    secret = told.split(f"mdg_{key.prefix}_")[1].split("<")[0]
    again = answered(town, desk.get("/desk/keys/"))
    assert "県の窓口アプリ" in again
    assert secret not in again
    desk.post(f"/desk/keys/{key.pk}/revoke/")
    enter_municipality(town.pk)
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert [act.verb for act in Trace.objects.filter(subject_kind="office.apikey")] == [
        "office.key_made",
        "office.key_revoked",
    ]


@pytest.mark.parametrize(
    "changed", [{"section": "nowhere"}, {"section": "a\x00"}, {"scopes": []}, {"name": ""}]
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    changed: dict[str, Any], desk: Client, town: Any
) -> None:
    page = desk.post("/desk/keys/", FORM | changed)
    told = answered(town, page)
    assert page.status_code == 422
    assert "申請の取次ぎ" in told
    assert not ApiKey.objects.exists()


def test_notices_that_did_not_arrive_are_shown(
    desk: Client, town: Any, section: Any, staff_with: Any, now: Any
) -> None:
    key = key_for(section, staff_with(Role.IT_ADMIN, login="second"), now)
    webhook = Webhook.objects.create(
        api_key_id=key.view.id,
        url="https://other.example/hook",
        events=[],
        sealed_secret=seal("x"),
        created_at=now,
    )
    case = received(small_package(now), now)
    WebhookNotice.objects.create(
        webhook=webhook, event_id="11111111-1111-4111-8111-111111111111", application_id=case.application_id,
        event="application.received", number=case.number, stage="received", happened_at=now, next_at=now,
        state="failed", tries=21, reason="相手の答えが 500 でした",
    )  # fmt: skip
    told = answered(town, desk.get("/desk/keys/"))
    assert "届かない 1件" in told
    assert "相手の答えが 500 でした" in told


def test_others_are_refused(town: Any, section: Any, staff_with: Any, now: Any) -> None:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(staff_with(Role.REVIEWER, Role.SECTION_HEAD))
    assert browser.get("/desk/keys/").status_code == 403
    enter_municipality(town.pk)
