"""支援措置 in the ledger of cases: hidden with their people, whatever the channel and whenever the unit begins."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.documents.models import Document
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import Sight, full_sight, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.registry import actions as registry
from madoguchi.ledgers.registry.errors import ProtectionRefused
from madoguchi.ledgers.registry.models import ProtectionUnit, Visitor
from madoguchi.ledgers.registry.rules import last_day_of_protection, may_renew_on
from madoguchi.services.applications import actions
from madoguchi.services.applications.errors import ControlFailed
from madoguchi.services.applications.models import Application, Check, UnsentApplication
from madoguchi.services.applications.queries import Filters, ledger, my_applications
from madoguchi.services.applications.states import Channel
from tests.factories_applications import received, small_package, typed
from tests.factories_protection import Family, protected_family


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REGISTRY_CLERK)


@pytest.fixture
def family(clerk: Any, now: datetime) -> Family:
    return protected_family(clerk, now)


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return small_package(now)


def child_of_the_family(**changed: str) -> dict[str, list[str]]:
    return typed(
        **{
            "child_name__family": "守山",
            "child_name__given": "そら",
            "child_birth": "令和2年8月3日",
            "applicant__family": "守山",
            "applicant__given": "花子",
            **changed,
        }
    )


def total() -> int:
    return ledger(Filters(procedure="mihon-club", period="r9")).total


def test_a_case_is_hidden_with_its_resident(loaded: Any, family: Family, now: datetime) -> None:
    receipt = received(loaded, now, resident_id=family.mother.pk)
    assert receipt.number
    assert not Application.objects.exists()
    assert not Check.objects.exists()
    assert not Trace.objects.filter(subject_kind="applications.application").exists()
    assert total() == 0
    with full_sight():
        assert Application.objects.get().protection_id == family.unit
        assert total() == 1


def test_a_paper_form_is_hidden_by_its_names(loaded: Any, family: Family, now: datetime) -> None:
    received(loaded, now, raw=child_of_the_family(), channel=Channel.PAPER)
    assert not Application.objects.exists()


def test_the_other_parent_keeps_the_own_case_and_staff_ask_the_registry(
    loaded: Any, family: Family, now: datetime
) -> None:
    received(loaded, now, resident_id=family.mother.pk, raw=child_of_the_family())
    fathers = child_of_the_family(applicant__family="相手", applicant__given="太郎")
    receipt = received(loaded, now, resident_id=family.father.pk, raw=fathers)
    check = Check.objects.get(code="ask_registry")
    assert check.application.number == receipt.number
    assert "支援" not in check.sentence
    hers = str(Check.objects.filter(code="duplicates").get().sentence)
    assert hers == ""
    with full_sight():
        mothers = Application.objects.get(resident_id=family.mother.pk)
    case = Application.objects.get()
    assert case.facts["duplicates"] == []
    assert mothers.number not in str((case.facts, list(case.checks.values_list("sentence", flat=True))))


def test_a_case_with_an_open_question_to_the_registry_is_not_accepted(
    loaded: Any, family: Family, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    fathers = child_of_the_family(applicant__family="相手", applicant__given="太郎")
    number = received(loaded, now, resident_id=family.father.pk, raw=fathers).number
    actions.start_review(number=number, by=reviewer, at=now, edition=1)
    with pytest.raises(ControlFailed, match="住民記録担当"):
        actions.accept(number=number, by=reviewer, at=now, edition=2)
    actions.settle_check(number=number, code="ask_registry", by=reviewer, at=now, reason="確認しました。")
    actions.accept(number=number, by=reviewer, at=now, edition=3)


def test_cases_follow_a_unit_that_begins_later_and_come_back_when_it_ends(
    loaded: Any, clerk: Any, now: datetime
) -> None:
    family = protected_family(clerk, now)
    registry.end_protection(unit_id=family.unit, by=clerk, at=now, reason="申出による")
    receipt = received(loaded, now, resident_id=family.mother.pk)
    owner = Subject("applications.application", str(receipt.application_id))
    keep_file(name="a.pdf", body=b"%PDF-1.4 x", owner=owner, by=SYSTEM, at=now)
    assert Document.objects.count() == 1
    unit = registry.register_protection(
        applicant_id=family.mother.pk,
        resident_ids=[family.child.pk],
        ground="violence",
        begins_on=now.date(),
        by=clerk,
        at=now,
    )
    assert not Application.objects.exists()
    assert not Document.objects.exists()
    registry.end_protection(unit_id=unit, by=clerk, at=now, reason="申出による")
    assert Application.objects.count() == Document.objects.count() == 1


def test_she_sees_her_own_case_and_her_unsent_one(
    loaded: Any, family: Family, town: Any, now: datetime, settings: Any
) -> None:
    settings.MADOGUCHI_DEMO_IDENTITY = True
    hers = registry.prove_by_demo_card(resident_id=family.mother.pk, at=now)
    his = registry.prove_by_demo_card(resident_id=family.father.pk, at=now)
    with municipality_session(town.pk, Sight.OWN, family.unit):
        actions.begin(slug="mihon-club", period_code="r9", visitor=hers, staff=None, at=now)
        received(loaded, now, resident_id=family.mother.pk, visitor_id=hers.id)
        assert len(my_applications(hers.id)) == 1
        assert UnsentApplication.objects.count() == 1
    assert not UnsentApplication.objects.exists()
    assert not Visitor.objects.filter(pk=hers.id).exists()
    assert my_applications(his.id) == []


def test_a_lapsed_unit_ends_by_itself_and_is_announced_before(
    loaded: Any, family: Family, now: datetime
) -> None:
    received(loaded, now, resident_id=family.mother.pk)
    early, late = now + timedelta(days=340), now + timedelta(days=366)
    assert registry.announce_lapsing(on=early.date(), at=early) == 1
    assert registry.announce_lapsing(on=early.date(), at=early) == 0
    assert registry.end_lapsed_protections(on=early.date(), at=early) == 0
    assert registry.end_lapsed_protections(on=late.date(), at=late) == 1
    assert Application.objects.count() == 1


def test_the_same_submission_again_gives_the_same_receipt(loaded: Any, family: Family, now: datetime) -> None:
    key = uuid.uuid4()
    first = received(loaded, now, resident_id=family.mother.pk, submission_key=key)
    assert received(loaded, now, resident_id=family.mother.pk, submission_key=key).number == first.number


def test_a_unit_is_renewed_from_one_month_before_its_last_day(
    family: Family, clerk: Any, now: datetime
) -> None:
    with full_sight():
        unit = ProtectionUnit.objects.get(pk=family.unit)
    opens = may_renew_on(unit.ends_on)
    early = now + (opens - now.date()) - timedelta(days=1)
    office.grant_role(staff=clerk, role=Role.REGISTRY_CLERK, on=early.date(), by=SYSTEM, at=early)
    with pytest.raises(ProtectionRefused, match="延長を受け付けられるのは"):
        registry.renew_protection(unit_id=unit.pk, by=clerk, at=early)
    in_time = early + timedelta(days=1)
    registry.announce_lapsing(on=in_time.date() + timedelta(days=2), at=in_time)
    until = registry.renew_protection(unit_id=unit.pk, by=clerk, at=in_time)
    assert (until.year, until.month, until.day) == (
        unit.ends_on.year + 1,
        unit.ends_on.month,
        unit.ends_on.day,
    )
    with full_sight():
        assert ProtectionUnit.objects.get(pk=unit.pk).announced_on is None
    assert registry.end_lapsed_protections(on=unit.ends_on + timedelta(days=1), at=in_time) == 0


@pytest.mark.parametrize(
    ("ends", "opens"),
    [
        (date(2028, 3, 31), date(2028, 2, 29)),
        (date(2027, 3, 31), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2028, 1, 29)),
        (date(2028, 1, 15), date(2027, 12, 15)),
        (date(2028, 12, 31), date(2028, 11, 30)),
    ],
)
def test_the_month_before_ends_with_the_month(ends: date, opens: date) -> None:
    assert may_renew_on(ends) == opens


def test_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert last_day_of_protection(date(2028, 2, 29)) == date(2029, 2, 28)
    assert last_day_of_protection(date(2028, 2, 29), renewed=True) == date(2029, 2, 28)
