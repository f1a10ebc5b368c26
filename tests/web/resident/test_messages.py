"""The messages page of an applicant, and the section's answer on the desk, as browsers without scripts."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications.models import Message
from tests.web.resident.walking import apply

pytestmark = pytest.mark.django_db
KEY = "6a0f6a55-0d5c-4c5e-9f0e-0d0f5d3b8a11"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def number(hikari: Any) -> str:
    return apply(hikari)


def test_writing_and_being_answered(
    hikari: Any, number: str, client: Any, staff_with: Any, town: Any, now: datetime, settings: Any
) -> None:
    settings.MADOGUCHI_CLOCK = now.date().isoformat()
    clock._shift.cache_clear()
    address = f"/applications/{number}/messages/"
    form = {"text": "勤め先が変わりました。", "key": KEY}
    for _ in range(2):
        assert hikari.post(address, form).status_code == 302
    page = hikari.get(address).content.decode()
    assert page.count("勤め先が変わりました。") == 1
    assert "まだ読まれていません" in page

    with municipality_session(town.pk):
        client.force_login(staff_with(Role.REVIEWER))
    desk = f"/desk/cases/{number}/messages/"
    assert "未読 1通" in client.get(desk).content.decode()
    file = SimpleUploadedFile("案内.pdf", PDF)
    assert (
        client.post(f"{desk}answer/", {"text": "証明書を出してください。", "file": file}).status_code == 302
    )
    assert "未読 1通" not in client.get(desk).content.decode()

    status = hikari.get(f"/applications/{number}/").content.decode()
    assert "新しい連絡が1通" in status
    assert "案内.pdf" not in status
    page = hikari.get(address).content.decode()
    assert "証明書を出してください。" in page
    assert "新しい連絡" in page
    with municipality_session(town.pk):
        document = Message.objects.get(direction="section").documents[0]
    opened = hikari.get(f"{address}{document}/")
    assert opened.content == PDF
    assert "新しい連絡が" not in hikari.get(f"/applications/{number}/").content.decode()


@pytest.mark.parametrize(("text", "said"), [("", "連絡の文がありません"), ("あ" * 2001, "2001文字あります")])
def test_what_was_typed_stays_when_it_is_refused(hikari: Any, number: str, text: str, said: str) -> None:
    answer = hikari.post(f"/applications/{number}/messages/", {"text": text, "key": KEY})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert text in page
    assert KEY in page


def test_refused_in_the_readers_language(hikari: Any, number: str) -> None:
    hikari.cookies["language"] = "en"
    page = hikari.post(f"/applications/{number}/messages/", {"text": ""}).content.decode()
    assert "The message is empty." in page


def test_markup_in_a_message_stays_text(hikari: Any, number: str) -> None:
    address = f"/applications/{number}/messages/"
    hikari.post(address, {"text": "<script>alert(1)</script>"})
    assert "<script>alert" not in hikari.get(address).content.decode()


def test_a_stranger_finds_no_messages(hikari: Any, stranger: Any, number: str) -> None:
    address = f"/applications/{number}/messages/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"text": "こんにちは"}).status_code == 404
