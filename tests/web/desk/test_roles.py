from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from madoguchi.ledgers.office.roles import Role
from tests.factories_applications import received

PAGES = {
    "/desk/mihon-club/": {Role.COUNTER_CLERK, Role.REVIEWER, Role.SECTION_HEAD},
    "/desk/mihon-club/new/": {Role.COUNTER_CLERK, Role.REVIEWER},
    "/desk/mihon-club/export/": {Role.REVIEWER, Role.SECTION_HEAD},
    "/desk/mihon-club/allocation/": {Role.REVIEWER, Role.SECTION_HEAD},
    "/desk/residents/": {Role.COUNTER_CLERK, Role.REVIEWER, Role.REGISTRY_CLERK},
    "/desk/decisions/": {Role.COUNTER_CLERK, Role.REVIEWER, Role.SECTION_HEAD},
    "/desk/letters/": {Role.REVIEWER, Role.SECTION_HEAD},
    "/desk/measures/mihon-club/": {Role.REVIEWER, Role.SECTION_HEAD, Role.IT_ADMIN, Role.AUDITOR},
    "/desk/trace/?verify=1": {Role.AUDITOR, Role.ACCOUNTANT},
    "/desk/controls/": {Role.SECTION_HEAD, Role.AUDITOR, Role.ACCOUNTANT},
    "/desk/controls/findings/": {Role.SECTION_HEAD, Role.AUDITOR, Role.ACCOUNTANT},
    "/desk/controls/runs/": {Role.SECTION_HEAD, Role.AUDITOR, Role.ACCOUNTANT},
    "/desk/controls/subscriptions/": {Role.SECTION_HEAD, Role.AUDITOR, Role.ACCOUNTANT},
    "/desk/controls/samples/": {Role.AUDITOR, Role.ACCOUNTANT},
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_page__opens_only_with_its_power(page: str, role: Role, desk_of: Any) -> None:
    answer = desk_of(role).get(page)
    assert answer.status_code == (200 if role in PAGES[page] else 403)
    if answer.status_code == 403:
        assert "権限がありません" in answer.content.decode()


ACTS = ["review", "accept", "settle", "assign", "correct"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.COUNTER_CLERK, Role.SECTION_HEAD, Role.AUDITOR])
def test_act__is_refused_without_its_power(
    act: str, role: Role, desk_of: Any, loaded: Any, now: datetime
) -> None:
    number = received(loaded, now).number
    assert desk_of(role).post(f"/desk/cases/{number}/{act}/", {"edition": 1}).status_code == 403


@pytest.mark.parametrize(
    "address", ["/desk/cases/MC0000000/", "/desk/nothing-here/", "/desk/measures/nothing/"]
)
def test_missing_and_foreign_are_the_same_answer(address: str, desk_of: Any) -> None:
    assert desk_of(Role.REVIEWER).get(address).status_code == 404


def test_another_towns_session_is_no_session(desk_of: Any, other_town: Any) -> None:
    answer = desk_of(Role.REVIEWER).get("/desk/", headers={"host": "mihon.example"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/login/")


def test_menu__shows_only_what_the_powers_open(desk_of: Any) -> None:
    page = desk_of(Role.AUDITOR).get("/desk/").content.decode()
    assert "記録と鎖" in page
    assert "住民を探す" not in page


def test_sign_in__says_one_sentence_for_every_failure(staff_with: Any) -> None:
    staff_with(Role.REVIEWER, login="sato")
    sentences = [
        Client().post("/desk/login/", {"login": login, "password": "wrong"}).context["sentence"]
        for login in ("sato", "nobody")
    ]
    assert len(set(sentences)) == 1


def test_sign_in__never_leads_outside(staff_with: Any) -> None:
    staff_with(Role.REVIEWER, login="sato")
    form = {"login": "sato", "password": "demo", "next": "//evil.example/desk/"}
    assert Client().post("/desk/login/", form)["Location"] == "/desk/"


def test_sign_out__takes_a_post(desk_of: Any) -> None:
    desk = desk_of(Role.REVIEWER)
    assert desk.get("/desk/logout/").status_code == 405
    desk.post("/desk/logout/")
    assert desk.get("/desk/").status_code == 302
