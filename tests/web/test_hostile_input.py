"""Markup, formulas, broken bytes and nonsense in every place where somebody can type."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from tests.web.doors import Door, doors, form
from tests.web.test_doors import Intruder, signed_in
from tests.whole_case import SLUG, WholeCase, whole_case_for_a_while
from tests.whole_case import staff as member

pytestmark = pytest.mark.django_db
MARKUP = '<img src=x onerror="alert(1)">'
FORMULA = '=HYPERLINK("http://evil.example")'
TYPST = '#read("/etc/passwd")'
TYPED = {
    "child_name__family": FORMULA,
    "child_name__given": f"+1{MARKUP}",
    "applicant_name__family": f"@SUM(1){TYPST}",
    "applicant_name__given": MARKUP,
    "guardians__0__employer": f"-1+1{MARKUP}",
}


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[WholeCase]:
    """A case whose every name is an attack; letters and all."""
    with django_db_blocker.unblock(), whole_case_for_a_while(**TYPED) as made:
        yield made


@pytest.fixture(autouse=True)
def in_the_town(case: WholeCase, db: None) -> None:
    enter_municipality(case.town.pk)


@pytest.fixture
def people(case: WholeCase) -> list[Intruder]:
    """Those who may see everything: the applicant and staff with every role."""
    return [Intruder(case).visiting(case.visitor), signed_in(case, case.town, "localhost", *Role)]


def text_of(answer: Any) -> str:
    kind = answer.headers.get("Content-Type", "")
    return answer.content.decode(errors="replace") if "html" in kind else ""


def test_markup_is_shown_as_text_on_every_page(case: WholeCase, people: list[Intruder]) -> None:
    pages = [(door.address, text_of(who.get(door.address))) for who in people for door in doors(case)]
    assert [address for address, text in pages if "<img src=x" in text] == []
    shown = {address for address, text in pages if "&lt;img src=x" in text}
    number, letter = case.parameters["number"][0], case.parameters["letter_id"][0]
    assert shown >= {f"/letters/{letter}/", f"/applications/{number}/"}
    assert shown >= {f"/desk/cases/{number}/", f"/desk/{SLUG}/"}


def exported(browser: Intruder, kind: str) -> bytes:
    answer = browser.post(f"/desk/{SLUG}/export/", {"purpose": "課内の確認", "kind": kind})
    assert answer.status_code == 200
    return bytes(answer.content)


def test_no_exported_cell_is_a_formula(case: WholeCase, people: list[Intruder]) -> None:
    _, staff = people
    rows = list(csv.reader(io.StringIO(exported(staff, "csv").decode("utf-8-sig"))))
    named = [cell for row in rows for cell in row if "HYPERLINK" in cell]
    assert named
    assert all(cell.startswith("'=") for cell in named)
    assert not [cell for row in rows[1:] for cell in row if cell[:1] in set("=+@\t\r")]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(exported(staff, "xlsx"))).get_sheet_by_index(0)
    cells = [cell for row in sheet.to_python() for cell in row if isinstance(cell, str)]
    assert [cell for cell in cells if "HYPERLINK" in cell] == named
    assert b"<f>" not in exported_sheet(exported(staff, "xlsx"))


def exported_sheet(book: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


NONSENSE = ("abc", "-1", "99999999999999999999", "\x00", "'; DROP TABLE x; --" * 9)
ASKED = (
    "page", "period", "view", "sort", "q", "channel", "stage", "first_wish", "grade", "assigned_to", "received_from",
    "received_to", "outcome", "club", "resident", "child", "purpose", "next", "back", "set", "event", "day", "verb",
    "who", "subject", "verify", "open", "from", "focus", "code", "field", "saved", "text",
)  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_in_the_address_is_never_our_fault(
    nonsense: str, case: WholeCase, people: list[Intruder]
) -> None:
    asked = dict.fromkeys(ASKED, nonsense)
    broken = [
        f"{door.address} {answer.status_code}"
        for who in people
        for door in doors(case)
        if (answer := who.get(door.address, asked)).status_code >= 500
    ]
    assert broken == []


BUTTONS = (
    "_up",
    "_down",
    "_clear",
    "_more",
    "_add",
    "_remove",
    "_postcode",
    "_attach",
    "_drop",
    "_aid",
    "_child",
)
HIDDEN = (
    "edition",
    "due",
    "score",
    "code",
    "to",
    "period",
    "job",
    "key",
    "opened",
    "resident",
    "scope",
    "query",
)


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_in_a_form_is_never_our_fault(
    nonsense: str, case: WholeCase, people: list[Intruder]
) -> None:
    everything = dict.fromkeys([*form(case), *ASKED, *HIDDEN, "email", "way", "kind"], nonsense)
    nearly_right = form(case) | dict.fromkeys(HIDDEN, nonsense)
    pressed = [{button: nonsense} for button in BUTTONS]
    broken = [
        f"{door.address} {sorted(posted)[:2]}"
        for who in people
        for door in doors(case)
        for posted in [everything, nearly_right, *(pressed if door.name == "resident:page" else [])]
        if posted_to(who, door, posted).status_code >= 500
    ]
    assert broken == []


def posted_to(who: Intruder, door: Door, posted: dict[str, Any]) -> Any:
    """One form sent; what it changed is taken back."""
    mark = transaction.savepoint()
    try:
        return who.post(door.address, posted)
    finally:
        transaction.savepoint_rollback(mark)


def test_broken_bytes_are_read_as_far_as_they_can_be(case: WholeCase, people: list[Intruder]) -> None:
    visitor, staff = people
    assert visitor.get("/search", QUERY_STRING="q=%ff%fe%80").status_code == 200
    assert staff.get(f"/desk/{SLUG}/", QUERY_STRING="q=%ff%fe").status_code == 200
    address = f"/apply/{case.parameters['unsent_id'][0]}/{case.parameters['page'][0]}/"
    body = b"applicant_name-family=%ff%fe&applicant_name-given=%00"
    answer = visitor.generic("POST", address, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


def test_a_form_with_too_many_fields_is_refused_with_a_sentence(
    case: WholeCase, people: list[Intruder]
) -> None:
    answer = people[0].post("/prove/", {f"x{number}": "1" for number in range(5000)})
    assert answer.status_code == 400
    assert "この内容は受け取れません" in answer.content.decode()


@pytest.mark.parametrize("address", ["/prove/", "/desk/login/"])
def test_a_form_of_another_site_is_refused_with_a_sentence(address: str, case: WholeCase) -> None:
    answer = Client(enforce_csrf_checks=True).post(address, {"login": "shinsa", "password": "demo"})
    enter_municipality(case.town.pk)
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()


def test_a_case_cannot_be_changed_from_another_site(case: WholeCase) -> None:
    staff = Client(enforce_csrf_checks=True)
    staff.force_login(member("shinsa"))
    answer = staff.post(
        f"/desk/cases/{case.parameters['number'][1]}/withdraw/", {"reason": "x", "edition": "3"}
    )
    enter_municipality(case.town.pk)
    assert answer.status_code == 403
