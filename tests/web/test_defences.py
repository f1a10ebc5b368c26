"""CSRF, content security, headers, redirects, host names and numbers nobody can try out: over the whole URL table."""

import re
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from tests.web.doors import doors, form, kept_in, one_each
from tests.web.pages_read import faults_in
from tests.web.test_attack_table import said
from tests.web.test_doors import Intruder, case, employed, in_the_town, signed_in
from tests.whole_case import WholeCase, families

__all__ = ["case", "in_the_town"]
pytestmark = pytest.mark.django_db
# Answered by programs that carry a key of their own instead of a cookie.
WITHOUT_COOKIES = ("api:", ":api-")
EVIL = (
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "https:evil.example", "///evil.example",
    "javascript:alert(1)", "/desk/\r\nSet-Cookie: a=b", "http://localhost@evil.example/", " //evil.example",
)  # fmt: skip
LEADING = ("next", "back", "return", "return_to", "url", "to", "redirect", "set")


def all_readers(case: WholeCase) -> list[Intruder]:
    return [
        Intruder(case),
        Intruder(case).visiting(case.visitor),
        signed_in(case, case.town, "localhost", *Role),
    ]


@pytest.fixture
def readers(case: WholeCase, in_the_town: None) -> list[Intruder]:
    return all_readers(case)


def one_by_one(browser: Intruder, case: WholeCase, *, posting: bool = True) -> Any:
    """Every door with GET and POST, and as if nobody had been there."""
    for door in one_each(doors(case)):
        if door.name in ("desk:logout", "resident:leave"):
            continue
        with transaction.atomic():
            yield door, browser.get(door.address)
            if posting:
                yield door, browser.post(door.address, form(case))
            transaction.set_rollback(True)


def test_no_form_is_taken_without_its_token(case: WholeCase) -> None:
    before, wrong = kept_in(case.town.pk), []
    for staff in (False, True):
        browser = Intruder(case).visiting(case.visitor)
        browser.handler.enforce_csrf_checks = True
        if staff:
            browser.force_login(employed(case.town, *Role))
        before = kept_in(case.town.pk)
        for door in one_each(doors(case)):
            if staff != door.on_the_desk or door.name.startswith(WITHOUT_COOKIES):
                continue
            for method in ("post", "put", "patch", "delete"):
                answer = getattr(browser, method)(door.address, form(case) if method == "post" else "")
                if answer.status_code != 403:
                    wrong.append(said(answer, door))
        assert kept_in(case.town.pk) == before
    assert wrong == []


def test_the_page_without_a_token_says_what_to_do(case: WholeCase) -> None:
    browser = Intruder(case)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/prove/", {"way": "email"})
    assert "前の画面に戻って" in answer.content.decode()
    assert faults_in(answer.content.decode()) == []


def faults_of(answer: Any) -> list[str]:
    """What is wrong with the headers and the markup of one answer."""
    told, found = answer.headers, []
    wanted = {
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    found += [f"{name}: {told.get(name)}" for name, value in wanted.items() if told.get(name) != value]
    if "camera=()" not in told.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    policy = told.get("Content-Security-Policy", "")
    if "default-src" not in policy or "unsafe" in policy or "*" in policy:
        found.append(f"CSP: {policy}")
    if "no-store" not in told.get("Cache-Control", "") and not told.get("Content-Type", "").startswith(
        "text/calendar"
    ):
        found.append(f"Cache-Control: {told.get('Cache-Control')}")
    if told.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        found += faults_in(answer.content.decode())
    found += faults_of_file(answer)
    return found + faults_of_cookies(answer)


def faults_of_file(answer: Any) -> list[str]:
    told = answer.headers
    kind = told.get("Content-Type", "").partition(";")[0]
    if kind in ("text/html", "application/json", "") or answer.status_code != 200:
        return []
    if "Content-Disposition" not in told and kind != "text/calendar":
        return [f"{kind} without Content-Disposition"]
    if kind != "application/pdf" and "sandbox" not in told["Content-Security-Policy"]:
        return [f"{kind} outside of the sandbox"]
    return []


def faults_of_cookies(answer: Any) -> list[str]:
    return [
        f"cookie {name}"
        for name, cookie in answer.cookies.items()
        if cookie.value and (not cookie["httponly"] or cookie["samesite"] != "Lax" or cookie["domain"])
    ]


@pytest.mark.parametrize("which", [0, 1, 2], ids=["nobody", "resident", "staff"])
def test_every_answer_is_closed_in_markup_and_headers(
    which: int, readers: list[Intruder], case: WholeCase
) -> None:
    wrong = {
        f"{said(answer, door)} {fault}"
        for door, answer in one_by_one(readers[which], case)
        for fault in faults_of(answer)
    }
    assert wrong == set()


def test_errors_and_static_files_carry_the_headers_too(case: WholeCase) -> None:
    browser = Intruder(case)
    missing = browser.get("/no-such-page/")
    assert (missing.status_code, faults_of(missing)) == (404, [])
    many = browser.post("/prove/", {f"a{number}": "" for number in range(5000)})
    assert (many.status_code, faults_of(many)) == (400, [])
    static = browser.get("/static/madoguchi/js/busy.js")
    assert static.status_code == 200
    assert (static["X-Content-Type-Options"], static["X-Frame-Options"]) == ("nosniff", "DENY")
    assert static["Cross-Origin-Resource-Policy"] == "same-origin"


def test_https_is_demanded_once_it_is_there(case: WholeCase) -> None:
    assert "Strict-Transport-Security" not in Intruder(case).get("/").headers
    with override_settings(MADOGUCHI_HTTPS=True, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        answer = Intruder(case).get("/prove/")
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert all(cookie["secure"] for cookie in answer.cookies.values())
    assert answer.cookies


def leads_out(answer: Any) -> bool:
    where = answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
    parts = urlsplit(where)
    odd = where.startswith(("//", "/\\", "\\")) or "\n" in where or "\r" in where
    return bool(where) and (odd or parts.netloc not in ("", "localhost") or parts.scheme not in ("", "http"))


def led(browser: Intruder, door: Any, case: WholeCase, where: str) -> list[Any]:
    """What GET and POST answer when every parameter that may lead somewhere leads there."""
    told = dict.fromkeys(LEADING, where)
    with transaction.atomic():
        answers = [
            browser.get(door.address, told, headers={"referer": where}),
            browser.post(door.address, form(case) | told, headers={"referer": where}),
        ]
        transaction.set_rollback(True)
    return answers


def test_no_parameter_leads_out_of_the_site(readers: list[Intruder], case: WholeCase) -> None:
    """Every door is tried once; those that can be led at all are tried with every trick."""
    wrong, leading = [], set()
    for browser, door in product(readers, one_each(doors(case))):
        answers = led(browser, door, case, "/desk/?mark=1") + led(browser, door, case, EVIL[1])
        if any("mark" in answer.headers.get("Location", "") for answer in answers):
            answers += [answer for evil in EVIL for answer in led(browser, door, case, evil)]
            leading.add(door.name)
        wrong += [said(answer, door) for answer in answers if leads_out(answer)]
    assert wrong == []
    assert {"resident:aids", "desk:accept"} <= leading, "the test would prove nothing"


def test_after_signing_in_one_is_at_home_and_nowhere_else(case: WholeCase) -> None:
    for evil in EVIL:
        browser = Intruder(case)
        employed_once(case)
        answer = browser.post(
            f"/desk/login/?next={evil}", {"login": "intruder", "password": "demo", "next": evil}
        )
        assert answer.status_code == 302, evil
        assert not leads_out(answer), evil
        browser = Intruder(case)
        browser.get("/prove/", {"next": evil})
        assert browser.session["next"] == "/my/", evil


def employed_once(case: WholeCase) -> None:
    from madoguchi.ledgers.office.queries import staff_by_login

    if staff_by_login("intruder") is None:
        employed(case.town, Role.AUDITOR)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "a b", ""]
)
def test_an_unknown_host_name_is_not_answered(host: str, case: WholeCase) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost", ".localhost"]):
        for address in ("/", "/prove/", "/desk/login/"):
            answer = Client(raise_request_exception=False).get(address, headers={"host": host})
            assert answer.status_code in {400, 404}, (host, address)
            assert host not in answer.content.decode() or not host.strip()
    enter_municipality(case.town.pk)


def test_a_forwarded_host_is_not_believed(case: WholeCase) -> None:
    answer = Intruder(case).get("/prove/", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer.content.decode()
    assert not settings.USE_X_FORWARDED_HOST


def seen(browser: Intruder, address: str) -> tuple[int, str, int]:
    """Status, page without what differs by request, and how many questions went to the database."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = browser.get(address)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, text.replace(address.split("/")[2], "N"), len(asked)


def test_numbers_cannot_be_tried_out(case: WholeCase) -> None:
    """Somebody else's number, a number that was never given and nonsense look alike and cost the same."""
    real, other = case.parameters["number"]
    never = real[:-1] + ("1" if real[-1] != "1" else "2")
    browser = Intruder(case).visiting(case.stranger)
    seen(browser, f"/applications/{never}/")
    for page in ("", "receipt/", "receipt.pdf", "messages/", "documents/", "withdraw/"):
        answers = {seen(browser, f"/applications/{number}/{page}") for number in (real, other, never, "x-1")}
        assert len(answers) == 1, page
        assert answers.pop()[0] == 404


def test_a_number_alone_opens_nothing(case: WholeCase) -> None:
    """The receipt number is on paper that lies about: without a sitting it leads to the proof only."""
    for number in case.parameters["number"]:
        answer = Intruder(case).get(f"/applications/{number}/")
        assert answer["Location"].startswith("/prove/")
        found = Intruder(case).get("/search", {"q": number})
        assert case.words[0] not in found.content.decode()


def test_what_opens_a_file_cannot_be_counted_up(case: WholeCase) -> None:
    """Papers, letters, releases, drafts and exports are named by random UUIDs."""
    for parameter in (
        "document_id",
        "letter_id",
        "release_id",
        "unsent_id",
        "proof_id",
        "job_id",
        "file_id",
        "import_id",
    ):
        for value in case.parameters[parameter]:
            assert value.version == 4, parameter


def test_a_planted_sitting_is_worth_nothing(case: WholeCase) -> None:
    """Whoever knew the key of a sitting before the proof or the sign-in holds an empty one afterwards."""
    resident, _ = families(1)[0], employed_once(case)
    for address, told in (
        ("/prove/", {"way": "card", "resident": str(resident.id)}),
        ("/desk/login/", {"login": "intruder", "password": "demo"}),
    ):
        browser = Intruder(case)
        browser.get("/prove/")
        planted = browser.session.session_key
        assert browser.post(address, told).status_code == 302
        assert browser.session.session_key != planted
        thief = Intruder(case)
        thief.cookies["sessionid"] = planted
        assert thief.get("/my/")["Location"].startswith("/prove/")
        assert thief.get("/desk/")["Location"].startswith("/desk/login/")
