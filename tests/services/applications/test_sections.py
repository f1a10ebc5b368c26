"""A case belongs to a section: the section and those above it handle it, everybody else does not find it."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.applications import access, actions, queries
from madoguchi.services.applications.ledger import Filters
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.states import Stage
from tests.factories_applications import received


def _section(code: str, parent: str = "") -> Any:
    return office.set_up_section(
        code=code, fiscal_year=2026, name=code, symbol="サ", phone="000-0000-0000", parent=parent
    )


def member(of: Any, now: datetime, *roles: Role) -> Any:
    staff = office.employ(login=of.code, name="別　職員", name_kana="ベツ", section=of, password="demo")
    for role in roles:
        office.grant_role(staff=staff, role=role, on=now.date(), by=SYSTEM, at=now)
    return staff


def test_the_section_above_sees_and_the_one_beside_does_not(loaded: Any, section: Any, now: datetime) -> None:
    number = received(loaded, now).number
    above, beside = _section("bu"), _section("zeimu")
    office.set_up_section(
        code="kodomo", fiscal_year=2026, name="課", symbol="サ", phone="000-0000-0000", parent="bu"
    )
    head, other = member(above, now, Role.REVIEWER), member(beside, now, Role.REVIEWER)
    assert sections_seen(head, now.date()) == {above.pk, section.pk}
    assert access.application_for(head, number, at=now, purpose="審査").number == number
    assert queries.ledger(Filters(sections=sections_seen(other, now.date()))).total == 0


def test_no_act_reaches_into_another_section(loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    other = member(_section("zeimu"), now, Role.REVIEWER)
    for act in (
        lambda: access.application_for(other, number, at=now, purpose="審査"),
        lambda: access.document_for(other, number, "x", at=now, purpose="審査"),
        lambda: actions.start_review(number=number, by=other, at=now, edition=1),
        lambda: actions.accept(number=number, by=other, at=now, edition=1),
        lambda: actions.settle_check(number=number, code="in_city", by=other, at=now, reason="見た"),
        lambda: actions.withdraw(number=number, by=actor_of(other), at=now, reason="申出"),
    ):
        with pytest.raises(NotFound):
            act()
    assert actions.assign(numbers=[number], to=other, by=other, at=now) == 0
    assert actions.accept_chunk(numbers=[number], by=other, at=now).ready == []
    assert Application.objects.get(number=number).stage == Stage.RECEIVED


def test_who_handles_every_section(loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    everywhere = member(_section("kansa"), now, Role.AUDITOR, Role.SECTION_HEAD)
    assert sections_seen(everywhere, now.date()) is None
    assert access.application_for(everywhere, number, at=now, purpose="監査").number == number
