"""Another town's and another person's ids on every URL: the list is the URL table itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from demo.papers import certificate
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.queries import section_by_code
from madoguchi.ledgers.office.roles import POWERS, Role
from madoguchi.ledgers.office.session import enter_municipality, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM
from tests.factories_keys import key_for
from tests.web.doors import Door, doors, form, kept_in
from tests.whole_case import NOW, WholeCase, whole_case_for_a_while

OTHER_HOST = "mihon.localhost"
SIGN_IN = ("/desk/login/", "/prove/")
SHUT = {403, 404, 405}
# One's own account: open to everybody who is signed in, or on the way in. Nothing of anybody else is there.
OWN_ACCOUNT = {
    "desk:login", "desk:logout", "desk:second", "desk:passkey-options", "desk:passkey", "desk:sso", "desk:sso-back",
    "desk:factors", "desk:passkey-offer", "desk:passkey-add", "desk:kept", "desk:stay",
}  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[WholeCase]:
    """Made once: no test of this file may change anything, and each is rolled back."""
    with django_db_blocker.unblock(), whole_case_for_a_while() as made:
        yield made


@pytest.fixture(autouse=True)
def in_the_town(case: WholeCase, db: None) -> None:
    enter_municipality(case.town.pk)


class Intruder(Client):
    """A browser at one town's door; afterwards the test is in サンプル市 again."""

    def __init__(self, case: WholeCase, host: str = "localhost") -> None:
        super().__init__(headers={"host": host}, raise_request_exception=False)
        self.case = case

    def request(self, **asked: Any) -> Any:
        try:
            return super().request(**asked)
        finally:
            enter_municipality(self.case.town.pk)

    def visiting(self, visitor: Any) -> "Intruder":
        session = self.session
        session["visitor_id"] = str(visitor.id)
        session.save()
        return self


def employed(town: Any, *roles: Role) -> Any:
    """A member of staff of this town with exactly these roles."""
    with municipality_session(town.pk):
        member = office.employ(
            login="intruder",
            name="見本　職員",
            name_kana="ミホン　ショクイン",
            section=section_by_code("kodomo"),
            password="demo",
        )
        for role in roles:
            office.grant_role(staff=member, role=role, on=NOW.date(), by=SYSTEM, at=NOW)
    return member


def signed_in(case: WholeCase, town: Any, host: str, *roles: Role) -> Intruder:
    browser = Intruder(case, host)
    with municipality_session(town.pk):
        browser.force_login(employed(town, *roles))
    return browser


def tried(browser: Intruder, door: Door, posted: dict[str, Any]) -> list[Any]:
    return [browser.get(door.address), browser.post(door.address, posted)]


def faults_of(browser: Intruder, case: WholeCase, closed: list[Door]) -> list[str]:
    """What was wrong with the answers: one sentence for each."""
    found, before = [], kept_in(case.town.pk)
    for door in closed:
        for answer in tried(browser, door, form(case)):
            said = f"{answer.wsgi_request.method} {door.address}: {answer.status_code}"
            sent_away = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
            shut = SHUT | {401} if door.address.startswith("/api/") else SHUT
            if (
                door.closed and answer.status_code not in shut and not sent_away
            ) or answer.status_code >= 500:
                found.append(said)
            if leaked := leaks(answer, case):
                found.append(f"{said} says {leaked}")
    after = kept_in(case.town.pk)
    return found + [f"{table} changed" for table, held in before.items() if after[table] != held]


def leaks(answer: Any, case: WholeCase) -> list[str]:
    text = answer.content.decode(errors="replace") if not answer.streaming else ""
    return [word for word in case.words if word in text or word.replace("　", " ") in text]


def test_every_parameter_of_the_url_table_is_tried(case: WholeCase) -> None:
    """A new URL with a new parameter must join: `doors` knows no value for it and fails."""
    table = doors(case)
    assert len({door.name for door in table}) > 50
    assert {door.name for door in table if door.closed} >= {"desk:case", "desk:draft", "resident:letter-pdf"}


def test_the_owner_and_the_staff_do_get_in(case: WholeCase) -> None:
    """Otherwise a closed door would prove nothing."""
    own = Intruder(case).visiting(case.visitor)
    seen = {door.name for door in doors(case) if door.closed and own.get(door.address).status_code == 200}
    assert seen >= {
        "resident:status",
        "resident:receipt",
        "resident:correct",
        "resident:letter",
        "resident:page",
    }
    desk = signed_in(case, case.town, "localhost", *Role)
    opened = {door.name for door in doors(case) if door.closed and desk.get(door.address).status_code == 200}
    assert opened >= {
        "desk:case",
        "desk:draft",
        "desk:release",
        "desk:case-letter",
        "desk:document",
        "desk:job",
    }


@pytest.mark.parametrize("roles", [*[(role,) for role in Role], tuple(Role)], ids="-".join)
def test_another_towns_staff_find_nothing(roles: tuple[Role, ...], case: WholeCase) -> None:
    browser = signed_in(case, case.other_town, OTHER_HOST, *roles)
    assert browser.get("/desk/").status_code == 200
    assert faults_of(browser, case, doors(case)) == []


def test_another_resident_finds_nothing(case: WholeCase) -> None:
    browser = Intruder(case).visiting(case.stranger)
    assert browser.get("/my/").status_code == 200
    assert faults_of(browser, case, [door for door in doors(case) if door.closed]) == []


@pytest.mark.parametrize("host", ["localhost", OTHER_HOST])
def test_nobody_finds_anything(host: str, case: WholeCase) -> None:
    assert faults_of(Intruder(case, host), case, doors(case)) == []


def test_ones_own_session_is_worth_nothing_at_another_towns_door(case: WholeCase) -> None:
    browser = Intruder(case, OTHER_HOST).visiting(case.visitor)
    assert faults_of(browser, case, [door for door in doors(case) if door.closed]) == []
    staff = Intruder(case, OTHER_HOST)
    staff.force_login(employed(case.town, *Role))
    assert faults_of(staff, case, [door for door in doors(case) if door.on_the_desk]) == []


@pytest.mark.parametrize(
    "roles", [(), *[(role,) for role in Role]], ids=lambda roles: "-".join(roles) or "none"
)
def test_staff_without_the_power_are_refused(roles: tuple[Role, ...], case: WholeCase) -> None:
    """Every page of the desk names its powers; whoever has none of them gets 403 and changes nothing."""
    browser = signed_in(case, case.town, "localhost", *roles)
    held = frozenset().union(*(POWERS[role] for role in roles))
    desk = [door for door in doors(case) if door.on_the_desk and door.name not in OWN_ACCOUNT]
    shut = [door for door in desk if not held & set(door.callback.needs)]
    assert shut or roles == (Role.REVIEWER,)
    before = kept_in(case.town.pk)
    wrong = [
        f"{answer.wsgi_request.method} {door.address}: {answer.status_code} {leaks(answer, case)}"
        for door in shut
        for answer in tried(browser, door, form(case))
        if answer.status_code not in {403, 405} or leaks(answer, case)
    ]
    assert wrong == []
    assert kept_in(case.town.pk) == before


def test_papers_and_letters_open_only_with_their_own_case(case: WholeCase) -> None:
    desk = signed_in(case, case.town, "localhost", *Role)
    _, other = case.parameters["number"]
    for kind in ("document", "letter"):
        address = f"/desk/cases/{other}/{kind}s/{case.parameters[f'{kind}_id'][0]}/?purpose=x"
        assert desk.get(address).status_code == 404, address


def with_key(case: WholeCase, town: Any, host: str, section: str) -> Intruder:
    """Another system of this town, with a key of that section that may do everything."""
    browser = Intruder(case, host)
    with municipality_session(town.pk):
        made = key_for(section_by_code(section), employed(town, Role.IT_ADMIN), NOW)
    browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {made.secret}"
    return browser


def api_doors(case: WholeCase) -> list[Door]:
    return [door for door in doors(case) if door.closed and door.address.startswith("/api/")]


def test_a_key_of_the_section_does_get_in(case: WholeCase) -> None:
    own = with_key(case, case.town, "localhost", "kodomo")
    opened = {door.name for door in api_doors(case) if own.get(door.address).status_code == 200}
    assert opened == {"api:add", "api:get_application", "api:get_gif", "api:listed", "api:download"}


@pytest.mark.parametrize(("host", "section"), [(OTHER_HOST, "kodomo"), ("localhost", "dx")])
def test_a_key_of_another_town_or_section_finds_nothing(host: str, section: str, case: WholeCase) -> None:
    town = case.other_town if host == OTHER_HOST else case.town
    browser = with_key(case, town, host, section)
    # The count of the intruder's own key moves; a request without a file is misshapen, whatever it names.
    expected = re.compile(r"office_apikey changed|POST \S+/documents: 422")
    found = faults_of(browser, case, api_doors(case))
    assert [fault for fault in found if not expected.fullmatch(fault)] == []
    for number in case.parameters["number"]:
        file = SimpleUploadedFile("a.pdf", certificate())
        assert browser.post(f"/api/v1/applications/{number}/documents", {"file": file}).status_code == 404
    before = kept_in(case.town.pk)
    hook = case.parameters["webhook_id"][0]
    assert browser.delete(f"/api/v1/webhooks/{hook}").status_code == 404
    assert kept_in(case.town.pk)["webhooks_webhook"] == before["webhooks_webhook"]
