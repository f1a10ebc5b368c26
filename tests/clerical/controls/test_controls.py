"""Findings, checklists and overrides of a case; the room knows nothing of what a case is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from madoguchi.clerical.controls import actions, bells, queries
from madoguchi.clerical.controls.bells import Found
from madoguchi.clerical.controls.errors import (
    ChecklistUnfit,
    ControlsOpen,
    OverrideRefused,
    OwnDraft,
    ReasonMissing,
    WrongState,
)
from madoguchi.clerical.controls.models import ControlRun, Finding
from madoguchi.clerical.controls.rules import post_for, require_move
from madoguchi.clerical.controls.states import NEXT, FindingState, Result
from madoguchi.clerical.controls.views import FactSource
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.appointing import appoint
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import ControlStep
from tests.factories_controls import reference_controls

CASE = Subject("test.matter", "1")
Check = Callable[..., list[Any]]


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    rung: list[Found] = []
    monkeypatch.setattr(bells.found, "_answers", [rung.append])
    return rung


def fill(version: Any, by: Any, at: datetime, key: str = "ic12", done: bool = True, **changed: Any) -> bool:
    given: dict[str, Any] = {
        "subject": CASE,
        "section_id": version.section_id,
        "version_id": version.version_id,
        "controls": version.package.controls,
        "key": key,
        "items": {"seen": done},
    }
    return actions.fill_checklist(**(given | changed), by=by, at=at)


def keys(found: list[Any]) -> list[str]:
    return [each.key for each in found]


APPLYING = (ControlStep.APPLICATION,)


def test_a_violation_is_kept_with_its_facts_sources_and_times(check: Check, now: datetime) -> None:
    asked = now - timedelta(hours=1)
    (found,) = check(
        steps=APPLYING,
        arrears_months=2,
        sources={"facts.arrears_months": FactSource("収納システム照会", asked)},
    )
    facts = {each.path: (each.value, each.source, each.seen_at) for each in found.facts}
    assert (found.key, found.state, found.result, found.case) == ("ic06", "open", "violated", "SA1")
    assert facts["facts.arrears_months"] == (2, "収納システム照会", asked.isoformat())
    assert facts["facts.arrears_plan"][1:] == ("arrears_planの記録", now.isoformat())


def test_equal_facts_change_nothing(check: Check, heard: list[Found], now: datetime) -> None:
    first = check(steps=APPLYING, arrears_months=2)
    lines = trace_of(CASE).count()
    again = check(steps=APPLYING, arrears_months=2, at=now + timedelta(days=1))
    assert keys(again) == ["ic06"]
    assert again[0].id == first[0].id
    assert (len(heard), trace_of(CASE).count(), Finding.objects.count()) == (1, lines, 1)


def test_facts_that_hold_now_clear_the_exception(check: Check, now: datetime) -> None:
    check(steps=APPLYING, arrears_months=2)
    assert check(steps=APPLYING, at=now + timedelta(days=1)) == []
    row = Finding.objects.get()
    assert (row.state, row.cleared_because, row.cleared_at) == ("cleared", "passed", now + timedelta(days=1))


def test_changed_facts_are_another_exception_and_no_second_alarm(check: Check, heard: list[Found]) -> None:
    check(steps=APPLYING, arrears_months=2)
    check(steps=APPLYING, arrears_months=3)
    states = list(Finding.objects.order_by("pk").values_list("state", "cleared_because"))
    assert states == [("cleared", "facts_changed"), ("open", "")]
    assert [each.control for each in heard] == ["ic06"]


def test_a_missing_fact_is_kept_as_not_run(check: Check, heard: list[Found]) -> None:
    (found,) = check(steps=APPLYING, creditor_registered=None)
    assert (found.key, found.result, found.missing) == ("ic11", Result.NOT_RUN, ("creditor_registered",))
    assert [each.result for each in heard] == ["not_run"]


def test_the_bell_tells_what_who_listens_needs(check: Check, heard: list[Found], section: Any) -> None:
    check(steps=APPLYING, seikyu_money=4000)
    (event,) = heard
    assert (event.subject, event.case, event.section_id, event.procedure) == (
        CASE,
        "SA1",
        section.pk,
        "sample",
    )
    assert event.finding_id == Finding.objects.get().pk


def test_a_case_that_is_clear_may_go_on(check: Check, version: Any) -> None:
    check(steps=APPLYING)
    actions.require_clear(CASE, version.package.controls, APPLYING)


def test_what_is_open_is_named_with_its_remedy(check: Check, version: Any) -> None:
    check(steps=APPLYING, seikyu_money=4000, arrears_months=2)
    with pytest.raises(ControlsOpen) as refusal:
        actions.require_clear(CASE, version.package.controls, APPLYING)
    assert "請求額がオス3,000円以内" in refusal.value.sentence
    assert "市税・使用料の滞納がない" in refusal.value.sentence
    assert "例外を認められるのは課長です（分納誓約を履行中は可。理由を記録）" in refusal.value.next_step


def test_what_was_never_run_stands_in_the_way(check: Check, version: Any) -> None:
    with pytest.raises(ControlsOpen, match="まだ調べていません"):
        actions.require_clear(CASE, version.package.controls, APPLYING)
    check(steps=APPLYING)
    with pytest.raises(ControlsOpen, match="支払者が起案者・決裁者と別人"):
        actions.require_clear(CASE, version.package.controls, (ControlStep.PAYMENT,))


def test_a_rule_that_changed_must_be_run_again(check: Check, version: Any) -> None:
    check(steps=APPLYING)
    first, *rest = version.package.controls.points
    other = replace(version.package.controls, points=(replace(first, rule=rest[1].rule), *rest))
    with pytest.raises(ControlsOpen, match="決まりが変わった後"):
        actions.require_clear(CASE, other, APPLYING)


def test_a_missing_fact_stands_in_the_way_with_its_source(check: Check, version: Any) -> None:
    check(steps=APPLYING, creditor_registered=None)
    with pytest.raises(ControlsOpen, match="creditor_registeredの記録"):
        actions.require_clear(CASE, version.package.controls, APPLYING)


def test_whoever_may_lets_an_exception_stand(check: Check, version: Any, head: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2)
    assert actions.override(finding_id=found.id, by=head, reason="分納中のため", at=now) == "section_head"
    actions.require_clear(CASE, version.package.controls, APPLYING)
    (kept,) = check(steps=APPLYING, arrears_months=2)
    assert (kept.state, kept.override.by, kept.override.reason) == ("overridden", head.name, "分納中のため")
    line = trace_of(CASE).last()
    assert line is not None
    assert (line.verb, line.note["reason"]) == ("controls.overridden", "分納中のため")


def test_an_approval_covers_the_facts_as_they_were(
    check: Check, head: Any, now: datetime, heard: list[Found]
) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2)
    actions.override(finding_id=found.id, by=head, reason="分納中のため", at=now)
    (after,) = check(steps=APPLYING, arrears_months=9)
    assert (after.state, len(heard)) == (FindingState.OPEN, 2)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"seikyu_money": 4000}, "だれも認められません"),
        ({"household_count_in_year": 4}, "認められるのは部長です"),
        ({"arrears_months": None}, "調べていない統制"),
    ],
)
def test_whoever_may_not_is_refused(
    check: Check, head: Any, now: datetime, facts: dict[str, Any], said: str
) -> None:
    (found,) = check(steps=APPLYING, **facts)
    with pytest.raises(OverrideRefused, match=said):
        actions.override(finding_id=found.id, by=head, reason="理由", at=now)
    assert queries.open_findings(CASE)


def test_people_without_the_post_are_refused(
    check: Check, clerk: Any, staff_with: Any, now: datetime
) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2)
    for by in (clerk, staff_with(Role.AUDITOR), staff_with(Role.ACCOUNTANT), staff_with(Role.IT_ADMIN)):
        with pytest.raises(OverrideRefused):
            actions.override(finding_id=found.id, by=by, reason="理由", at=now)


def test_posts_the_caller_knows_count_and_higher_ones_too(check: Check, clerk: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, household_count_in_year=4)
    post = actions.override(finding_id=found.id, by=clerk, reason="理由", at=now, posts=["department_head"])
    assert post == "department_head"
    assert post_for("unit_head", {"section_head"}) == "section_head"
    with pytest.raises(OverrideRefused):
        post_for("section_head", {"unit_head", "auditor"})


def department() -> Any:
    return office.set_up_section(
        code="kodomo-bu", fiscal_year=2026, name="子ども部", symbol="サ子", phone="000-0000-0120"
    )


@pytest.mark.parametrize(
    ("post", "above", "may"),
    [("部長", True, True), ("市長", False, True), ("課長", False, False), ("部次長", True, False)],
)
def test_posts_over_the_section_count(
    check: Check, clerk: Any, section: Any, now: datetime, post: str, above: bool, may: bool
) -> None:
    """年間の頭数上限 may be let stand by 部長: of the department above the section, not by a lower post."""
    upper = department()
    office.set_up_section(
        code="kodomo", fiscal_year=2026, name="子ども若者課", symbol="サ子青", phone="", parent="kodomo-bu"
    )
    appoint(staff=clerk, section=upper if above else section, post=post, on=now.date(), by=None, at=now)
    (found,) = check(steps=APPLYING, household_count_in_year=4)
    if may:
        assert actions.override(finding_id=found.id, by=clerk, reason="理由", at=now) == "department_head"
        return
    with pytest.raises(OverrideRefused):
        actions.override(finding_id=found.id, by=clerk, reason="理由", at=now)


def test_a_head_of_another_section_may_not(check: Check, clerk: Any, head: Any, now: datetime) -> None:
    elsewhere = department()
    appoint(staff=clerk, section=elsewhere, post="部長", on=now.date(), by=None, at=now)
    head.section = elsewhere
    head.save()
    (found,) = check(steps=APPLYING, arrears_months=2)
    for by in (head, clerk):
        with pytest.raises(OverrideRefused):
            actions.override(finding_id=found.id, by=by, reason="理由", at=now)


def test_whoever_drafted_cannot_approve(check: Check, head: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2, drafter=str(head.pk))
    with pytest.raises(OwnDraft):
        actions.override(finding_id=found.id, by=head, reason="理由", at=now)


def test_an_approval_falls_when_its_giver_drafts(check: Check, head: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2)
    actions.override(finding_id=found.id, by=head, reason="理由", at=now)
    (after,) = check(steps=APPLYING, arrears_months=2, drafter=str(head.pk))
    assert (after.state, after.id != found.id) == (FindingState.OPEN, True)
    assert Finding.objects.get(pk=found.id).cleared_because == "four_eyes"


def test_a_reason_is_needed_and_a_second_press_is_refused(check: Check, head: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2)
    with pytest.raises(ReasonMissing):
        actions.override(finding_id=found.id, by=head, reason=" ", at=now)
    actions.override(finding_id=found.id, by=head, reason="理由", at=now)
    with pytest.raises(WrongState):
        actions.override(finding_id=found.id, by=head, reason="理由", at=now)
    with pytest.raises(NotFound):
        actions.override(finding_id=found.id + 1, by=head, reason="理由", at=now)


REVIEW = (ControlStep.REVIEW,)


def test_a_checklist_settles_its_control(check: Check, version: Any, clerk: Any, now: datetime) -> None:
    assert {each.result for each in check(steps=REVIEW)} == {Result.NOT_RUN}
    assert not fill(version, clerk, now, done=False)
    assert [each.result for each in queries.open_findings(CASE) if each.key == "ic12"] == [Result.VIOLATED]
    assert fill(version, clerk, now)
    assert keys(queries.open_findings(CASE)) == ["ic13"]
    fill(version, clerk, now, key="ic13")
    actions.require_clear(CASE, version.package.controls, REVIEW)
    told = queries.checklists_of(CASE)["ic12"]
    assert (told.items, told.filled_by, told.is_complete) == ((("seen", "確かめた", True),), clerk.name, True)


def test_a_checklist_may_come_before_the_first_check(
    version: Any, clerk: Any, now: datetime, check: Check
) -> None:
    fill(version, clerk, now)
    assert keys(check(steps=REVIEW)) == ["ic13"]


def test_checklists_are_filled_by_those_they_are_for(
    version: Any, head: Any, staff_with: Any, now: datetime
) -> None:
    for by in (head, staff_with(Role.AUDITOR), staff_with(Role.ACCOUNTANT)):
        with pytest.raises(NotAllowed):
            fill(version, by, now)


@pytest.mark.parametrize("changed", [{"key": "ic01"}, {"key": "no"}, {"items": {"other": True}}])
def test_a_checklist_that_is_not_there_is_refused(
    version: Any, clerk: Any, now: datetime, changed: Any
) -> None:
    with pytest.raises(ChecklistUnfit):
        fill(version, clerk, now, **changed)


def test_standing_tells_every_control_that_was_run(check: Check) -> None:
    check(steps=APPLYING, arrears_months=2)
    told = {each.key: each for each in queries.standing(CASE)}
    assert len(told) == 11
    assert told["ic01"].result == Result.PASSED
    assert told["ic06"].finding is not None


def test_every_act_leaves_a_trace(check: Check, version: Any, clerk: Any, head: Any, now: datetime) -> None:
    (found,) = check(steps=APPLYING, arrears_months=2, by=actor_of(clerk))
    fill(version, clerk, now)
    actions.override(finding_id=found.id, by=head, reason="理由", at=now)
    assert {line.verb for line in trace_of(CASE)} == {
        "controls.checked",
        "controls.checklist_filled",
        "controls.overridden",
    }


@pytest.mark.parametrize(("now_", "to"), list(product(FindingState, FindingState)))
def test_moves_that_the_table_does_not_list_are_refused(now_: FindingState, to: FindingState) -> None:
    if to in NEXT[now_]:
        require_move(now_, to)
        return
    with pytest.raises(WrongState):
        require_move(now_, to)


def test_one_standing_exception_a_control_even_past_the_program(check: Check) -> None:
    check(steps=APPLYING, arrears_months=2)
    row = Finding.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_another_town_sees_nothing(check: Check, other_town: Any) -> None:
    check(steps=APPLYING, arrears_months=2)
    enter_municipality(other_town.pk)
    assert queries.standing(CASE) == []
    assert not ControlRun.objects.exists()


def test_the_reference_controls_are_those_of_the_version(version: Any) -> None:
    assert [point.key for point in version.package.controls] == [point.key for point in reference_controls()]
