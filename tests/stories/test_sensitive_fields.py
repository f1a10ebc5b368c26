"""機微な項目: a word typed into a sensitive field stands on no page of the desk for those without the power."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import granting
from madoguchi.ledgers.office.queries import section_by_code
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.sensitivity import WITHHELD
from tests.web.doors import doors
from tests.whole_case import NOW, SLUG, WholeCase, whole_case_for_a_while

WORD = "ピスタチオ"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[WholeCase]:
    with (
        django_db_blocker.unblock(),
        whole_case_for_a_while(allergy="yes", allergy_detail=WORD, epipen="no", care_note=WORD) as made,
    ):
        yield made


def desk(case: WholeCase, *roles: Role, add: tuple[Power, ...] = (), login: str = "reader") -> Client:
    """A browser of somebody with these roles, and powers added to them."""
    enter_municipality(case.town.pk)
    member = office.employ(
        login=login,
        name="見本　読",
        name_kana="ミホン　ヨミ",
        section=section_by_code("kodomo"),
        password="demo",
    )
    for role in roles:
        office.grant_role(staff=member, role=role, on=NOW.date(), by=SYSTEM, at=NOW)
    for power in add:
        granting.make_exception(
            login=login, power=power, kind=ExceptionKind.ADD, reason="試し", by=chief(), at=NOW
        )
    browser = Client(raise_request_exception=False)
    browser.force_login(member)
    return browser


def chief() -> Any:
    made = office.employ(
        login="chief",
        name="見本　長",
        name_kana="ミホン　チョウ",
        section=section_by_code("kodomo"),
        password="demo",
    )
    office.grant_role(staff=made, role=Role.IT_ADMIN, on=NOW.date(), by=SYSTEM, at=NOW)
    return made


def text_of(answer: Any, case: WholeCase) -> str:
    enter_municipality(case.town.pk)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode(errors="replace"))


def pages(case: WholeCase) -> list[str]:
    first, second = case.parameters["number"]
    return [
        *dict.fromkeys(door.address for door in doors(case) if door.on_the_desk),
        f"/desk/cases/{first}/merge/?other={second}",
        f"/desk/{SLUG}/?q={WORD[:3]}",
        f"/desk/{SLUG}/?col=number&col=a.allergy_detail&col=a.family",
        f"/desk/cases/?q={WORD[:3]}",
    ]


@pytest.mark.parametrize("roles", [(Role.COUNTER_CLERK,), (Role.COUNTER_CLERK, Role.AUDITOR, Role.IT_ADMIN)])
def test_no_page_of_the_desk_has_the_word(roles: tuple[Role, ...], case: WholeCase) -> None:
    browser = desk(case, *roles)
    opened, leaked = 0, []
    for address in pages(case):
        answer = browser.get(address)
        opened += answer.status_code == 200
        if WORD in text_of(answer, case):
            leaked.append(address)
    assert leaked == []
    assert opened > 10


def test_the_case_page_says_that_something_is_withheld_and_the_reviewer_reads_it(case: WholeCase) -> None:
    address = f"/desk/cases/{case.parameters['number'][0]}/"
    clerk = text_of(desk(case, Role.COUNTER_CLERK).get(address), case)
    assert WITHHELD in clerk
    reviewer = text_of(desk(case, Role.REVIEWER, login="second").get(address), case)
    assert WORD in reviewer
    assert WITHHELD not in reviewer


def test_points_stay_and_their_reasons_go(case: WholeCase) -> None:
    address = f"/desk/cases/{case.parameters['number'][0]}/"
    clerk = text_of(desk(case, Role.COUNTER_CLERK).get(address), case)
    reviewer = text_of(desk(case, Role.REVIEWER, login="second").get(address), case)
    assert "家の外で働く" in reviewer
    assert "家の外で働く" not in clerk
    assert "規則 G-B" not in clerk
    assert "点だけを示します" in clerk


def test_exports_and_prints_lack_the_word(case: WholeCase) -> None:
    browser = desk(case, Role.COUNTER_CLERK, add=(Power.EXPORT,))
    asked = {"purpose": "課内の確認", "kind": "csv"}
    told = text_of(browser.post(f"/desk/{SLUG}/export/?col=number&col=a.allergy_detail", asked), case)
    assert case.parameters["number"][0] in told
    assert WORD not in told
    from madoguchi.services.applications import bundles

    with pytest.MonkeyPatch.context() as patch:
        printed: list[Any] = []
        patch.setattr(bundles, "bundle", lambda cover, papers: printed.append(cover) or _pdf())
        assert browser.post(f"/desk/cases/{case.parameters['number'][0]}/bundle/", asked).status_code == 200
    assert WITHHELD in str(printed[0])
    assert WORD not in str(printed[0])


def _pdf() -> Any:
    from madoguchi.services.applications.bundle_pdf import Printed

    return Printed(b"%PDF-", 1, ())
