"""The case for one person: looking leaves a trace, nobody sees another's, no result before its letter."""

import uuid
from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.services.applications import access, actions, queries
from madoguchi.services.applications.errors import ControlFailed, WrongStage
from madoguchi.services.applications.states import CheckResult, Outcome, Stage
from tests.factories_applications import received, typed
from tests.factories_visitors import visitor_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_the_case_page_shows_everything_and_leaves_a_trace(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    receipt = received(loaded, now, raw=typed(1, work_days="0"))
    actions.start_review(number=receipt.number, by=reviewer, at=now, edition=1)
    case = access.application_for(reviewer, receipt.number, at=now, purpose="審査")
    assert (case.stage, case.assigned_to_name, case.edition) == (Stage.REVIEWING, "佐藤　例", 2)
    assert [check.code for check in case.checks if check.result == CheckResult.LOOK] == ["work_days"]
    assert case.checks[-2].correction == "就労日数を直してください。"
    assert [line.sentence for line in case.timeline] == ["確認を始めた", "受け付けた（ネット）"]
    assert Stage.ACCEPTED in case.may_go_to
    last = trace_of(Subject("applications.application", str(case.id))).last()
    assert last is not None
    assert (last.verb, last.purpose, last.actor_id) == ("applications.looked_at", "審査", str(reviewer.pk))


def test_without_the_power_or_in_another_town_there_is_nothing(
    loaded: Any, staff_with: Any, other_town: Any, now: datetime
) -> None:
    receipt = received(loaded, now)
    auditor, reviewer = staff_with(Role.AUDITOR), staff_with(Role.REVIEWER)
    with pytest.raises(NotAllowed):
        access.application_for(auditor, receipt.number, at=now, purpose="監査")
    with pytest.raises(NotFound):
        access.application_for(reviewer, "MC9999999", at=now, purpose="審査")
    with municipality_session(other_town.pk), pytest.raises((NotFound, NotAllowed)):
        access.application_for(reviewer, receipt.number, at=now, purpose="審査")


def test_a_visitor_sees_the_own_case_only(loaded: Any, now: datetime) -> None:
    visitor, stranger = visitor_of("a@example.jp", now), visitor_of("b@example.jp", now)
    receipt = received(loaded, now, visitor_id=visitor.id)
    status = access.application_of(visitor, receipt.number)
    assert (status.number, status.stage, status.may_withdraw) == (receipt.number, Stage.RECEIVED, True)
    with pytest.raises(NotFound):
        access.application_of(stranger, receipt.number)
    with pytest.raises(NotFound):
        queries.status_for(uuid.uuid4(), receipt.number)


def test_a_decision_shows_only_with_its_letter(
    loaded: Any, staff_with: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, reviewer = visitor_of("a@example.jp", now), staff_with(Role.REVIEWER)
    receipt = received(loaded, now, visitor_id=visitor.id)
    actions.accept(number=receipt.number, by=reviewer, at=now, edition=1)
    actions.put_under_decision(application_ids=[receipt.application_id], by=actor_of(reviewer), at=now)
    decided = [actions.Decided(receipt.application_id, Outcome.REFUSED, {})]
    actions.decide_many(decided=decided, by=SYSTEM, at=now)
    before = access.application_of(visitor, receipt.number)
    assert (before.stage, before.outcome, before.may_withdraw) == (Stage.DECIDING, None, False)
    assert before.steps[-1] == (Stage.DECIDED, None)
    monkeypatch.setattr(access, "released_letters_of", lambda subject: ["letter"])
    after = access.application_of(visitor, receipt.number)
    assert (after.stage, after.outcome, after.letters) == (Stage.DECIDED, Outcome.REFUSED, ("letter",))
    assert after.steps[-1] == (Stage.DECIDED, now)


def test_two_cases_of_one_child_hold_each_other_up(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    first, second = received(loaded, now), received(loaded, now)
    case = access.application_for(reviewer, first.number, at=now, purpose="審査")
    assert case.same_person == (second.number,)
    with pytest.raises(ControlFailed, match="2件"):
        actions.accept(number=first.number, by=reviewer, at=now, edition=1)
    actions.withdraw(number=second.number, by=actor_of(reviewer), at=now, reason="重複")
    actions.accept(number=first.number, by=reviewer, at=now, edition=1)


def test_a_namesake_born_on_the_same_day_may_go_on_once_somebody_has_looked(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    reviewer = staff_with(Role.REVIEWER)
    first, second = received(loaded, now), received(loaded, now)
    actions.settle_check(
        number=second.number, code="duplicates", by=reviewer, at=now, reason="同姓同名の別のお子さん"
    )
    actions.accept(number=first.number, by=reviewer, at=now, edition=1)
    case = access.application_for(reviewer, second.number, at=now, purpose="審査")
    actions.accept(number=second.number, by=reviewer, at=now, edition=case.edition)


def test_a_paper_sent_later_joins_the_case(loaded: Any, staff_with: Any, now: datetime) -> None:
    visitor, stranger, reviewer = (
        visitor_of("a@example.jp", now),
        visitor_of("b@example.jp", now),
        staff_with(Role.REVIEWER),
    )
    receipt = received(loaded, now, visitor_id=visitor.id)
    mine, theirs = (Actor("resident", str(each.id), "例") for each in (visitor, stranger))
    with pytest.raises(NotFound):
        actions.attach_file(number=receipt.number, by=theirs, name="a.pdf", body=PDF, at=now)
    kept = actions.attach_file(number=receipt.number, by=mine, name="証明書.pdf", body=PDF, at=now)
    case = access.application_for(reviewer, receipt.number, at=now, purpose="審査")
    assert [document.id for document in case.documents] == [kept.id]
    opened = access.document_for(reviewer, receipt.number, kept.id, at=now, purpose="確認")
    assert opened.body == PDF
    actions.withdraw(number=receipt.number, by=mine, at=now)
    with pytest.raises(WrongStage):
        actions.attach_file(number=receipt.number, by=mine, name="b.pdf", body=PDF, at=now)
