"""After applying: the own list, withdrawal, papers that follow, and nobody else's business."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import Application
from tests.web.resident.walking import apply, begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(hikari: Any) -> str:
    return apply(hikari)


def test_the_status_page_says_where_the_case_is(hikari: Any, number: str) -> None:
    page = hikari.get(f"/applications/{number}/").content.decode()
    assert 'aria-current="step"' in page
    assert "申請を受け付けました" in page
    assert "見本　そら1" in page


def test_withdrawing_asks_once_and_is_told(hikari: Any, number: str) -> None:
    address = f"/applications/{number}/withdraw/"
    assert hikari.post(address).status_code == 422

    assert hikari.post(address, {"confirm": "yes"}).status_code == 302
    assert "取り下げました" in hikari.get(f"/applications/{number}/").content.decode()
    assert hikari.get(address).status_code == 302


def test_a_paper_may_follow(hikari: Any, number: str) -> None:
    address = f"/applications/{number}/documents/"
    assert hikari.post(address).status_code == 422

    file = SimpleUploadedFile("証明.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    assert hikari.post(address, {"file": file}).status_code == 302
    assert "証明.pdf" in hikari.get(f"/applications/{number}/").content.decode()


def test_a_correction_asks_only_for_what_was_named(
    hikari: Any, number: str, town: Any, staff_with: Any, now: datetime
) -> None:
    with municipality_session(town.pk):
        actions.ask_correction(
            number=number,
            by=staff_with(Role.REVIEWER),
            at=now,
            edition=Application.objects.get(number=number).edition,
            fields=["work_days"],
            message="日数を確かめてください。",
            due_on=now.date(),
        )
    address = f"/applications/{number}/correct/"
    page = hikari.get(address).content.decode()
    assert 'name="work_days"' in page
    assert 'name="child_name-family"' not in page
    assert "日数を確かめてください。" in page

    wrong = hikari.post(address, {"work_days": "たくさん"})
    assert wrong.status_code == 422
    assert 'value="たくさん"' in wrong.content.decode()

    assert hikari.post(address, {"work_days": "18"}).status_code == 302
    with municipality_session(town.pk):
        assert Application.objects.get(number=number).answers["work_days"] == 18


def addresses(number: str, paper: str) -> list[str]:
    """Every address of the portal that names an application, from the table of addresses itself."""
    names = [
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", "") == "resident"
        for pattern in resolver.url_patterns
    ]
    own = paper.strip("/").split("/")[1]
    filled = [
        name.replace("<str:number>", number).replace("<uuid:unsent_id>", own).replace("<slug:page>", "child")
        for name in names
        if name.startswith(("applications/", "apply/"))
    ]
    return ["/" + each for each in filled]


def test_somebody_elses_application_is_not_there(hikari: Any, stranger: Any, number: str) -> None:
    paper = begin(hikari)
    tried = addresses(number, paper)
    assert len(tried) >= 11
    for address in tried:
        assert stranger.get(address).status_code in (404, 405), address
        assert stranger.post(address).status_code in (404, 405), address


def test_what_is_not_there_looks_like_what_is_not_yours(stranger: Any, number: str) -> None:
    theirs = stranger.get(f"/applications/{number}/")
    missing = stranger.get("/applications/MC9999999/")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content.replace(number.encode(), b"") == missing.content.replace(b"MC9999999", b"")


def test_a_letter_that_is_not_there(hikari: Any) -> None:
    for end in ("/", ".pdf"):
        address = f"/letters/00000000-0000-4000-8000-000000000000{end}"
        assert hikari.get(address).status_code == 404


def test_no_survey_before_the_letter(hikari: Any, number: str) -> None:
    assert hikari.post(f"/applications/{number}/survey/", {"score": "4"}).status_code == 404
