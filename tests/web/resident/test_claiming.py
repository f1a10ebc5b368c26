"""請求 on the telephone: the account is checked, a receipt stands there, and the payment is told."""

import uuid
from typing import Any

import pytest
from django.test import Client

from madoguchi.clerical.notices.actions import release_all
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.clerical.payments import queries as payments
from madoguchi.clerical.payments.actions import fail_transfer
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.services.applications.models import Application
from madoguchi.services.subsidies import actions
from madoguchi.services.subsidies.letters import prepare_chunk
from madoguchi.services.subsidies.models import Batch
from tests.factories_payments import creditors
from tests.factories_subsidies import Hall, accepted, decided, draft, hall, listed
from tests.web.resident.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(staff_with: Any, now: Any) -> Hall:
    """Pages ask the clock, and so does everything here, or a page would lie before its letter."""
    clock._shift.cache_clear()
    return hall(staff_with, clock.now())


class Portal:
    """A browser of the applicant; after each page the test is in the town again."""

    def __init__(self, client: Client, town: Any, number: str) -> None:
        self.client, self.town, self.address = client, town, f"/applications/{number}/"

    def get(self, path: str = "") -> str:
        return self._text(self.client.get(self.address + path), 200)

    def post(self, status: int, told: dict[str, str]) -> str:
        return self._text(self.client.post(f"{self.address}claim/", told), status)

    def _text(self, answer: Any, status: int) -> str:
        enter_municipality(self.town.pk)
        assert answer.status_code == status, answer.content.decode()[:500]
        return str(answer.content.decode())


@pytest.fixture
def granted(scene: Hall) -> Application:
    case = accepted(scene)
    decided(scene, draft(scene, case))
    return case


@pytest.fixture
def portal(scene: Hall, granted: Application, town: Any) -> Portal:
    client = signed_in("hikari@example.jp", scene.now)
    told = {"visitor_id": client.visitor.id, "email": "hikari@example.jp"}  # type: ignore[attr-defined]
    Application.objects.filter(pk=granted.pk).update(**told)
    batch = Batch.objects.get()
    release_id = actions.order_letters(batch.pk, by=scene.reviewer, at=clock.now())
    prepare_chunk(batch_id=batch.pk, release_id=release_id, ids=[granted.pk], at=clock.now())
    release_all(release_id=release_id, by=scene.reviewer, at=clock.now())
    return Portal(client, town, granted.number)


def paid(scene: Hall, case: Application) -> None:
    now = clock.now()
    listed(scene, case, "ic28_accounting", ("claim", "decision", "payee"), scene.payer)
    ids = [row.id for row in payments.orders(None, state="claimed")]
    told = {"order_ids": ids, "approver": scene.head, "by": scene.reviewer, "at": now}
    decided(scene, actions.submit_payments(**told), clock.now())
    actions.export_payments(press=uuid.uuid4(), by=scene.payer, at=clock.now())


def test_from_the_letter_to_the_money(scene: Hall, granted: Application, portal: Portal) -> None:
    assert "口座を確かめて請求する" in portal.get()
    page = portal.get("claim/")
    for shown in ("5,000円", "9999-997", "****000", "ミホン ハナコ"):
        assert shown in page
    assert "0000000" not in page, "of the number only the end"
    assert "口座を確かめて、印を付けてください" in portal.post(422, {})
    assert payments.orders(None) == []
    portal.post(302, {"confirm": "yes"})
    (order,) = payments.orders(None)
    receipt = portal.get("claim/")
    assert "請求を受け付けました" in receipt
    assert order.number in receipt
    portal.post(200, {"confirm": "yes"})
    assert len(payments.orders(None)) == 1
    paid(scene, granted)
    assert "支払の手続きが済みました。5,000円を" in portal.get()
    (mail,) = QueuedMail.objects.filter(address="hikari@example.jp", subject__contains="振り込みます")
    assert granted.number in mail.subject
    assert "5,000" not in mail.body
    fail_transfer(
        order_id=order.id, failed_on=clock.today(), reason="該当口座なし", by=scene.payer, at=clock.now()
    )
    assert "登録されている口座に振り込めませんでした" in portal.get()
    portal.post(302, {"confirm": "yes"})
    assert len(payments.orders(None)) == 2


def test_an_account_in_another_name_is_not_paid_to(scene: Hall, portal: Portal) -> None:
    number = scene.residents[0].atena_number
    line = f"K{number},{number},見本　花子,ミホン ハナコ,9999,997,普通,0000123,ベツノ ヒト\n"
    creditors(line, clock.now(), as_of=clock.today())
    page = portal.get("claim/")
    assert "口座の名義が、申請した人と違います" in page
    assert "confirm" not in page
    portal.post(302, {"confirm": "yes"})
    assert payments.orders(None) == []


def test_nothing_is_claimed_before_the_letter_and_by_nobody_else(
    granted: Application, town: Any, scene: Hall
) -> None:
    client = signed_in("hikari@example.jp", scene.now)
    told = {"visitor_id": client.visitor.id}  # type: ignore[attr-defined]
    Application.objects.filter(pk=granted.pk).update(**told)
    for answer in (
        client.get(f"/applications/{granted.number}/claim/"),
        client.post(f"/applications/{granted.number}/claim/", {"confirm": "yes"}),
    ):
        assert answer.headers["Location"] == f"/applications/{granted.number}/"
    enter_municipality(town.pk)
    assert payments.orders(None) == []
    stranger = signed_in("stranger@example.jp", scene.now)
    assert stranger.get(f"/applications/{granted.number}/claim/").status_code == 404
