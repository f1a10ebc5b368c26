"""What people, networks and machines do to a running site. Every fault ends in a sentence or in one application."""

import http.client
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from demo.papers import certificate
from scenarios.browser import Browser, Page
from scenarios.stage import end_sessions
from tests.beside import beside
from tests.portal_family import Family, at_review, begun, families, number_of, press
from tests.site import Site

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


@pytest.fixture(scope="module")
def waiting(site: Site) -> Iterator[Family]:
    """Families who have not applied yet, each taken once; the browser tests take theirs from the other end."""
    return iter(reversed(families(site.ask("tests.asked_families", "24"))))


def cases_of(site: Site, family: Family) -> list[str]:
    """Receipt numbers of the applicant, read beside the product."""
    with beside(site.database) as connection:
        found = connection.execute(
            "SELECT number FROM applications_application WHERE resident_id = %s", [family.resident]
        )
        return [row[0] for row in found.fetchall()]


def twin(browser: Browser, site: Site) -> Browser:
    """Another window of the same person."""
    other = Browser(site.address)
    other._cookies = dict(browser._cookies)
    return other


def test_pressing_twice_makes_one_application(site: Site, waiting: Iterator[Family]) -> None:
    family, browser = next(waiting), Browser(site.address)
    review = at_review(browser, family)
    numbers = [number_of(press(browser, review)) for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert cases_of(site, family) == numbers[:1]


def test_pressing_at_the_same_moment_makes_one_application(site: Site, waiting: Iterator[Family]) -> None:
    family, browser = next(waiting), Browser(site.address)
    review = at_review(browser, family)
    windows = [twin(browser, site) for _ in range(3)]
    with ThreadPoolExecutor(len(windows)) as pool:
        receipts = list(pool.map(lambda window: press(window, review), windows))
    assert cases_of(site, family) == [number_of(receipts[0])]
    assert {number_of(receipt) for receipt in receipts} == {number_of(receipts[0])}


def test_kill_9_after_the_receipt_loses_nothing(site: Site, waiting: Iterator[Family]) -> None:
    family, browser = next(waiting), Browser(site.address)
    number = number_of(press(browser, at_review(browser, family)))
    site.kill_pages()
    site.start_pages()
    status = twin(browser, site).get(f"/applications/{number}/")
    assert status.status == 200
    assert number in status.text
    assert cases_of(site, family) == [number]


@contextmanager
def unreachable(site: Site) -> Iterator[None]:
    """The database refuses everybody, as when its server restarts."""
    server = urlsplit(site.database)._replace(path="/postgres").geturl()
    name = urlsplit(site.database).path.lstrip("/")
    door = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(door.format(sql.Identifier(name), sql.Literal(False)))
        try:
            end_sessions(connection, name)
            yield
        finally:
            connection.execute(door.format(sql.Identifier(name), sql.Literal(True)))


def test_without_the_database_one_sentence_and_nothing_typed_is_lost(
    site: Site, waiting: Iterator[Family]
) -> None:
    family, browser = next(waiting), Browser(site.address)
    review = at_review(browser, family)
    with unreachable(site):
        for page in (browser.get("/"), browser.get("/desk/"), press(browser, review)):
            assert page.status == 503
            assert "いま、記録の保管場所につながりません" in page.text
            assert "1分ほど待って" in page.text
            assert page.path in ("/", "/desk/", review.path)
    assert cases_of(site, family) == []
    assert number_of(press(browser, review)) in cases_of(site, family)


def test_a_full_disk_is_said_and_nothing_half_is_kept(site: Site, waiting: Iterator[Family]) -> None:
    family, browser = next(waiting), Browser(site.address)
    review = at_review(browser, family)
    with full_disk(site):
        page = press(browser, review)
    assert page.status == 503
    assert "いま、記録の保管場所がいっぱいで保存できません" in page.text
    assert cases_of(site, family) == []
    assert number_of(press(browser, review)) in cases_of(site, family)


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    """The trace, which every act writes, answers with the error of a full disk."""
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON office_trace FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )
        try:
            yield
        finally:
            connection.execute("DROP FUNCTION disk_full CASCADE")


def sent_file(browser: Browser, site: Site, page: Page, name: str, body: bytes) -> tuple[int, str]:
    """Attach one file on a form page, as a browser sends it; status and page."""
    field = "guardians-0-certificate"
    token = dict(page.form_with("csrfmiddlewaretoken", "post").fields)["csrfmiddlewaretoken"]
    boundary = uuid.uuid4().hex
    parts = [("csrfmiddlewaretoken", token), ("_attach", field)]
    text = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in parts
    )
    text += f'--{boundary}\r\nContent-Disposition: form-data; name="file-{field}"; filename="{name}"\r\n'
    payload = (
        (text + "Content-Type: application/pdf\r\n\r\n").encode() + body + f"\r\n--{boundary}--\r\n".encode()
    )
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=60)
    cookies = "; ".join(f"{key}={value}" for key, value in browser._cookies.items())
    headers = {
        "Cookie": cookies,
        "Referer": site.address,
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    connection.request("POST", page.path, payload, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("name", "body", "status", "sentence"),
    [
        (
            "大きな写真.pdf",
            certificate() + b"\x00" * (50 * 1024 * 1024),
            422,
            "1つ10MBまでの上限を超えています",
        ),
        (
            "就労証明書.pdf",
            b"<!doctype html><script>alert(1)</script>",
            422,
            "中身はHTML（ウェブページ）のため",
        ),
        ("空.pdf", b"", 422, "中身が空です"),
        ("就労証明書.pdf", certificate(), 302, ""),
    ],
    ids=["50 MB", "HTML", "empty", "sound"],
)
def test_a_file_is_judged_by_what_it_is(
    name: str, body: bytes, status: int, sentence: str, site: Site, waiting_paper: tuple[Browser, Page]
) -> None:
    browser, page = waiting_paper
    answer = sent_file(browser, site, page, name, body)
    assert answer[0] == status, answer[1][-2000:]
    assert sentence in answer[1]


@pytest.fixture(scope="module")
def waiting_paper(site: Site, waiting: Iterator[Family]) -> tuple[Browser, Page]:
    """The page of the form on which 就労証明書 is attached."""
    family, browser = next(waiting), Browser(site.address)
    first = begun(browser, family)
    at_review(browser, family)
    return browser, browser.get(first.path.rsplit("/", 2)[0] + "/guardians/")
