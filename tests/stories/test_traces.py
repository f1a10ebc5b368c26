"""Every reading, print, export and copy of docs/explanation/who-sees-what.md leaves its verb with the purpose."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.queries import section_by_code, staff_by_login, trace_matching
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality, full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from tests.web.doors import doors
from tests.whole_case import NOW, WholeCase, whole_case_for_a_while

LINE = re.compile(r"^\| `(desk:[a-z-]+)` \| (GET|POST) \| `([a-z_.]+)` \|$", re.M)
PAGE = Path("docs/explanation/who-sees-what.md")
PURPOSE = "表の確認"
OF_ITS_MAKER = {"desk:file"}
"""Files that only the person who ordered them may fetch."""
OWN_WORDS = {
    "desk:case",
    "desk:merge",
    "desk:messages",
    "desk:correct",
    "desk:case-example",
    "desk:draft",
    "desk:control-finding",
}
"""Pages that say by themselves what they are opened for."""
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[WholeCase]:
    with django_db_blocker.unblock(), whole_case_for_a_while() as made:
        yield made


def told() -> list[tuple[str, str, str]]:
    return LINE.findall(PAGE.read_text(encoding="utf-8"))


def everybody(case: WholeCase) -> Any:
    """Somebody with every role."""
    enter_municipality(case.town.pk)
    made = office.employ(
        login="all",
        name="見本　全",
        name_kana="ミホン　ゼン",
        section=section_by_code("kodomo"),
        password="demo",
    )
    for role in Role:
        office.grant_role(staff=made, role=role, on=NOW.date(), by=SYSTEM, at=NOW)
    return made


def newest(verb: str) -> list[Any]:
    with full_sight():
        return list(trace_matching(verb=verb).order_by("-seq")[:3])


def test_every_line_of_the_table_leaves_its_trace(case: WholeCase) -> None:
    assert len(told()) > 20
    addresses: dict[str, str] = {}
    for door in doors(case):
        addresses.setdefault(door.name, door.address)
    person, missing = everybody(case), []
    second = case.parameters["number"][1]
    asked = {"desk:merge": {"other": second}, "desk:residents": {"q": "見本"}}
    for name, method, verb in told():
        desk = Client()
        desk.force_login(staff_by_login("shinsa") if name in OF_ITS_MAKER else person)
        before = [row.seq for row in newest(verb)]
        send = desk.get if method == "GET" else desk.post
        body = {"purpose": PURPOSE, "kind": "csv", **asked.get(name, {})}
        answer = send(addresses[name], body)
        enter_municipality(case.town.pk)
        rows = [row for row in newest(verb) if row.seq not in before]
        purposes = {row.purpose for row in rows}
        good = purposes == {PURPOSE} or (name in OWN_WORDS | OF_ITS_MAKER and "" not in purposes)
        if not rows or not good:
            missing.append((name, answer.status_code, verb, purposes))
    assert missing == []


@pytest.mark.parametrize("name", ["case-letter", "protection", "document"])
def test_without_a_purpose_the_page_asks_and_shows_nothing(name: str, case: WholeCase) -> None:
    desk = Client()
    desk.force_login(everybody(case))
    address = next(door.address for door in doors(case) if door.name == f"desk:{name}")
    answer = desk.get(address)
    enter_municipality(case.town.pk)
    assert answer["Content-Type"].startswith("text/html")
    assert "何のために" in answer.content.decode()
    assert newest("registry.protection_looked_at") == []


def test_the_button_for_copies_takes_the_purpose_down(case: WholeCase) -> None:
    desk = Client()
    desk.force_login(everybody(case))
    number = case.parameters["number"][0]
    assert "写したと記録する" in desk.get(f"/desk/cases/{number}/").content.decode()
    assert desk.post(f"/desk/cases/{number}/copied/", {"purpose": "学校への引き継ぎ"}).status_code == 302
    enter_municipality(case.town.pk)
    row = newest("applications.copied")[0]
    assert (row.purpose, row.actor_name) == ("学校への引き継ぎ", "見本　全")
    assert desk.post("/desk/cases/GK0000000/copied/", {"purpose": "x"}).status_code == 404
    enter_municipality(case.town.pk)
