"""The page of decisions on identity, and the one on which cards are linked by hand."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.registry import actions, queries
from madoguchi.ledgers.registry.town_generator import generate_town
from tests.factories_applications import FILES, small_package

pytestmark = pytest.mark.django_db
DECIDED = b"""
[identity]
practice = "copy_by_post"
reason = { ja = "\xe5\x86\x99\xe3\x81\x97\xe3\x81\xa7\xe8\xb6\xb3\xe3\x82\x8a\xe3\x82\x8b\xe3\x81\x9f\xe3\x82\x81" }
risk_note = "risk"
decided_by = "kodomo"
decided_on = 2026-04-01
review_on = 2099-03-31
"""


def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_overdue_decisions_come_first(staff_with: Any, now: datetime) -> None:
    small_package(now)
    reviewed = (
        FILES["procedure.toml"].replace(b"mihon-club", b"a-club").replace("見本クラブ".encode(), b"A-CLUB")
    )
    put_in_use(read_files(dict(FILES) | {"procedure.toml": reviewed + DECIDED}), by=SYSTEM, at=now)
    page = desk(staff_with(Role.REVIEWER)).get("/desk/identity/").content.decode().split("<tbody>", 1)[1]
    assert page.index("見本クラブ入所申請") < page.index("A-CLUB入所申請")
    assert page.count("見直してください") == 1
    assert "写しで足りるため" in page
    assert "マイナンバーカード" in page
    assert all(row in page for row in ("MB1", "MB2", "MB3"))


def test_the_desk_links_a_card_to_a_resident(staff_with: Any, town: Any, now: datetime) -> None:
    actions.enter_households(list(generate_town(60, 7)), by=SYSTEM, at=now)
    mother = queries.demo_identities(1)[0]
    assert mother.birth is not None
    claims = {"sub": "p", "name": mother.name, "birthdate": mother.birth.isoformat(), "address": "よその市"}
    seen = actions.prove_by_card(issuer="https://idp.example", claims=claims, at=now)
    client = desk(staff_with(Role.COUNTER_CLERK))
    assert "よその市" in client.get("/desk/identity/people/").content.decode()
    client.post("/desk/identity/people/", {"visitor": str(seen.id), "number": "x"})
    client.post("/desk/identity/people/", {"visitor": str(seen.id), "number": str(mother.atena_number)})
    assert "つなぐ人はいません" in client.get("/desk/identity/people/").content.decode()
    enter_municipality(town.pk)
    assert queries.visitor_of_resident(mother.id) is not None
