"""支援措置 from end to end: a mother and her child are there for whoever has the right, and for nobody else."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.notices.preparing import hold_letters
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import granting
from madoguchi.ledgers.office.queries import section_by_code, trace_matching
from madoguchi.ledgers.office.roles import ExceptionKind, Power, Role
from madoguchi.ledgers.office.session import enter_municipality, full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry.actions import prove_by_demo_card
from madoguchi.ledgers.registry.queries import demo_identities, household_facts
from madoguchi.services.applications.queries import Filters, candidates, ledger
from tests.factories_applications import received, small_package, typed
from tests.factories_protection import Family, protected_family

WORDS = ("守山", "モリヤマ", "みどり台一丁目")
PLACES = (
    "/desk/", "/desk/mihon-club/", "/desk/mihon-club/?q=守山", "/desk/mihon-club/?view=all",
    "/desk/residents/?q=守山", "/desk/residents/?q=7000001", "/desk/measures/mihon-club/", "/desk/letters/",
    "/desk/trace/", "/desk/mihon-club/allocation/",
)  # fmt: skip


class Story:
    """Everybody who takes part."""

    def __init__(self, town: Any, now: datetime, staff_with: Any) -> None:
        self.town, self.now = town, now
        self.registrar = staff_with(Role.REGISTRY_CLERK, login="registrar")
        self.clerk = staff_with(Role.REVIEWER, Role.AUDITOR, Role.COUNTER_CLERK, login="clerk")
        self.trusted = staff_with(Role.REVIEWER, Role.AUDITOR, Role.COUNTER_CLERK, login="trusted")
        chief = staff_with(Role.IT_ADMIN, login="chief")
        granting.make_exception(
            login="trusted",
            power=Power.SEE_PROTECTED,
            kind=ExceptionKind.ADD,
            reason="担当",
            by=chief,
            at=now,
        )
        self.loaded = small_package(now)
        self.family: Family = protected_family(self.registrar, now)
        self.hers = prove_by_demo_card(resident_id=self.family.mother.pk, at=now)
        self.his = prove_by_demo_card(resident_id=self.family.father.pk, at=now)
        raw = typed(
            child_name__family="守山", child_name__given="そら", child_birth="令和2年8月3日",
            applicant__family="守山", applicant__given="花子",
        )  # fmt: skip
        known = {"resident_id": self.family.mother.pk, "visitor_id": self.hers.id, "raw": raw}
        self.case = received(self.loaded, now, **known)
        self.other = received(self.loaded, now, 9)

    def desk(self, staff: Any) -> Client:
        browser = Client()
        browser.force_login(staff)
        return browser

    def portal(self, visitor: Any) -> Client:
        browser = Client()
        session = browser.session
        session["visitor_id"] = str(visitor.id)
        session.save()
        return browser

    def text(self, browser: Client, address: str, status: int = 200) -> str:
        answer = browser.get(address.format(mother=self.family.mother.pk))
        enter_municipality(self.town.pk)
        assert answer.status_code == status, address
        return answer.content.decode(errors="replace")


@pytest.fixture
def story(town: Any, now: datetime, staff_with: Any, monkeypatch: Any) -> Story:
    monkeypatch.setattr(settings, "MADOGUCHI_DEMO_IDENTITY", True)
    monkeypatch.setattr(settings, "MADOGUCHI_CLOCK", now.date().isoformat())
    return Story(town, now, staff_with)


def test_a_clerk_without_the_right_finds_404_and_no_word_anywhere(story: Story) -> None:
    clerk = story.desk(story.clerk)
    story.text(clerk, f"/desk/cases/{story.case.number}/", 404)
    story.text(clerk, "/desk/mihon-club/new/?channel=counter&resident={mother}", 404)
    for address in PLACES:
        text = without_what_was_typed(story.text(clerk, address))
        assert [word for word in WORDS if word in text] == [], address
        assert story.case.number not in text, address


def without_what_was_typed(text: str) -> str:
    """A search box repeats what one typed oneself; that tells nothing."""
    for typed_by_oneself in ('value="守山"', "q=守山"):
        text = text.replace(typed_by_oneself, "")
    return text


def test_counts_and_exports_lack_them(story: Story) -> None:
    assert ledger(Filters(procedure="mihon-club", period="r9")).total == 1
    answer = story.desk(story.clerk).post("/desk/mihon-club/export/", {"purpose": "確認", "kind": "csv"})
    enter_municipality(story.town.pk)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert story.other.number in text
    assert story.case.number not in text


def test_prefill_suggestions_and_the_other_spouse(story: Story) -> None:
    facts = household_facts(story.family.father.pk, on=story.now.date())
    assert "守山" not in str(facts)
    with full_sight():
        assert "守山" not in str(household_facts(story.family.father.pk, on=story.now.date()))
    assert "守山" not in str(demo_identities(50))
    portal = story.portal(story.his)
    assert "守山" not in story.text(portal, "/my/")
    story.text(portal, f"/applications/{story.case.number}/", 404)
    assert list(candidates([story.case.application_id])) == []


def test_with_the_right_they_are_there_and_every_look_leaves_its_purpose(story: Story) -> None:
    trusted = story.desk(story.trusted)
    assert "守山" in story.text(trusted, f"/desk/cases/{story.case.number}/")
    assert story.case.number in story.text(trusted, "/desk/mihon-club/")
    assert "守山" in story.text(trusted, "/desk/residents/?q=守山")
    assert "支援措置" in story.text(trusted, f"/desk/cases/{story.case.number}/")
    assert ledger(Filters(procedure="mihon-club", period="r9")).total == 1, "the session is plain again"


def test_she_sees_her_own_case(story: Story) -> None:
    portal = story.portal(story.hers)
    assert story.case.number in story.text(portal, "/my/")
    story.text(portal, f"/applications/{story.case.number}/")


def test_a_letter_to_the_other_spouse_that_names_them_is_stopped(story: Story) -> None:
    fathers = Letter(
        addressee="相手　太郎",
        subject_kind="applications.application",
        subject_id=str(story.other.application_id),
        text="守山　花子さんのお子さんの入所について",
        facts={},
    )
    mothers = Letter(
        addressee="守山　花子",
        subject_kind="applications.application",
        subject_id=str(story.case.application_id),
        text="守山　花子さんのお子さんの入所について",
        facts={},
    )
    hold_letters([fathers, mothers])
    assert "支援措置" in fathers.held_reason
    assert mothers.held_reason == ""


def test_the_registry_registers_changes_and_ends_on_its_page(story: Story) -> None:
    desk = story.desk(story.registrar)
    assert "何のために" in story.text(desk, "/desk/protection/")
    assert "守山" in story.text(desk, "/desk/protection/?purpose=本人からの問い合わせ")
    assert trace_matching(verb="registry.protection_looked_at").count() == 0, "out of sight with its unit"
    with full_sight():
        looks = trace_matching(verb="registry.protection_looked_at")
        assert {row.purpose for row in looks} == {"本人からの問い合わせ"}
    address = f"/desk/protection/{story.family.unit}/"
    assert "守山" in story.text(desk, address)
    story.text(desk, "/desk/protection/letters/")
    assert desk.post(address, {"verb": "renew"}).status_code == 302
    assert desk.post(address, {"verb": "end", "reason": "申出"}).status_code == 302
    enter_municipality(story.town.pk)
    assert ledger(Filters(procedure="mihon-club", period="r9")).total == 2
    asked = {"applicant": "7000001", "people": "7000002", "ground": "violence", "other_numbers": "7000003"}
    assert desk.post("/desk/protection/", asked).status_code == 302
    enter_municipality(story.town.pk)
    assert ledger(Filters(procedure="mihon-club", period="r9")).total == 1
    story.text(story.desk(story.clerk), "/desk/protection/", 403)


def test_a_connection_used_again_keeps_no_sight(story: Story) -> None:
    story.text(story.desk(story.trusted), f"/desk/cases/{story.case.number}/")
    story.text(story.desk(story.clerk), f"/desk/cases/{story.case.number}/", 404)
    story.text(story.portal(story.hers), f"/applications/{story.case.number}/")
    story.text(story.portal(story.his), f"/applications/{story.case.number}/", 404)


def test_grants_on_their_page(story: Story) -> None:
    chief = story.desk(office_chief(story))
    assert "支援措置の人を見る" in story.text(chief, "/desk/grants/")
    asked = {"login": "clerk", "what": "see_protected", "kind": "add", "reason": "代理"}
    assert chief.post("/desk/grants/", asked).status_code == 302
    enter_municipality(story.town.pk)
    story.text(story.desk(story.clerk), f"/desk/cases/{story.case.number}/")


def office_chief(story: Story) -> Any:
    section = section_by_code("kodomo")
    assert section is not None
    made = office.employ(
        login=str(uuid.uuid4())[:8], name="長", name_kana="チョウ", section=section, password="demo"
    )
    office.grant_role(staff=made, role=Role.IT_ADMIN, on=story.now.date(), by=SYSTEM, at=story.now)
    return made
