"""What is counted of decided drafts."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.clerical.decisions import access, actions, adoption_facts
from madoguchi.clerical.decisions.adoption_facts import Behind
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason, StepKind
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from tests.factories_decisions import submit

MIXED = Terms(
    kind="K02",
    mode=ApprovalMode.MIXED,
    paper_reason=PaperReason.LARGE,
    papers=(Paper("平面図", "棚3"),),
    sheets=40,
)
PAPER = Terms(kind="K02", mode=ApprovalMode.PAPER, paper_reason=PaperReason.HABIT, sheets=9)
ELECTRONIC = Terms(kind="K02", sheets=12)
YEAR = (date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


def laid(terms: Terms, clerk: Any, head: Any, at: datetime, serial: str) -> int:
    return submit(by=clerk, approver=head, at=at, subject=Subject("test.matter", serial), terms=terms)


def decide(draft_id: int, head: Any, at: datetime) -> None:
    draft = Draft.objects.get(pk=draft_id)
    actions.approve(
        draft_id=draft_id, by=head, at=at, seen_sha256=draft.content_sha256, edition=draft.version
    )


@pytest.fixture
def decided(clerk: Any, head: Any, now: datetime) -> dict[str, int]:
    """One of each way: after two days, after one, and on paper after five, entered after eight."""
    found = {
        name: laid(terms, clerk, head, now, name)
        for name, terms in (("electronic", ELECTRONIC), ("mixed", MIXED), ("paper", PAPER))
    }
    decide(found["electronic"], head, now + timedelta(days=2))
    decide(found["mixed"], head, now + timedelta(days=1))
    actions.record_paper_decision(
        draft_id=found["paper"],
        decided_on=now.date() + timedelta(days=5),
        by=clerk,
        at=now + timedelta(days=8),
    )
    laid(ELECTRONIC, clerk, head, now, "still waiting")
    return found


def test_decided_drafts_are_counted_by_way_reason_and_sheets(decided: dict[str, int], clerk: Any) -> None:
    rows = adoption_facts.decided_counts(*YEAR)
    assert {(row.mode, row.reason, row.drafts, row.sheets) for row in rows} == {
        (ApprovalMode.ELECTRONIC, None, 1, 12),
        (ApprovalMode.MIXED, PaperReason.LARGE, 1, 40),
        (ApprovalMode.PAPER, PaperReason.HABIT, 1, 9),
    }
    assert {(row.month, row.section_id, row.kind) for row in rows} == {
        (date(2026, 11, 1), clerk.section_id, "K02")
    }
    assert adoption_facts.decided_counts(date(2027, 1, 1), date(2027, 3, 31)) == []


def test_days_of_a_paper_draft_end_with_the_day_on_the_seal(decided: dict[str, int]) -> None:
    assert adoption_facts.days_to_decision(*YEAR) == {
        ApprovalMode.ELECTRONIC: {2: 1},
        ApprovalMode.MIXED: {1: 1},
        ApprovalMode.PAPER: {5: 1},
    }
    (step,) = adoption_facts.step_days(*YEAR)
    assert (step.kind, step.steps, step.median) == (StepKind.DECIDE, 2, pytest.approx(1.5))


def test_a_draft_that_came_back_is_not_decided(clerk: Any, head: Any, now: datetime) -> None:
    draft_id = laid(ELECTRONIC, clerk, head, now, "back")
    draft = Draft.objects.get(pk=draft_id)
    actions.return_draft(
        draft_id=draft_id,
        by=head,
        at=now,
        seen_sha256=draft.content_sha256,
        edition=draft.version,
        comment="積算を直してください。",
    )
    assert Draft.objects.get(pk=draft_id).decided_on is None
    assert adoption_facts.decided_counts(*YEAR) == []


def test_behind_a_figure_stand_its_drafts_and_only_those_in_sight_are_shown(
    decided: dict[str, int], clerk: Any, head: Any, section: Any, now: datetime
) -> None:
    asked = Behind(*YEAR, kind="K02", modes=frozenset({ApprovalMode.MIXED, ApprovalMode.PAPER}))
    total, seen, rows = adoption_facts.drafts_behind(clerk, asked, now, most=50)
    assert (total, seen, {row.id for row in rows}) == (2, 2, {decided["mixed"], decided["paper"]})
    other = office.set_up_section(code="shimin", fiscal_year=2026, name="市民課", symbol="市", phone="0")
    stranger = office.employ(login="x", name="見本　外", name_kana="ミ", section=other, password="demo")
    office.grant_role(staff=stranger, role=Role.AUDITOR, on=now.date(), by=SYSTEM, at=now)
    assert adoption_facts.drafts_behind(stranger, asked, now, most=50) == (2, 0, [])
    narrowed = Behind(*YEAR, sections=frozenset({other.pk}), reason=PaperReason.LARGE)
    assert adoption_facts.drafts_behind(clerk, narrowed, now, most=50)[0] == 0


def test_whoever_may_see_a_decided_draft_finds_it_in_the_list_and_nobody_else(
    decided: dict[str, int], clerk: Any, head: Any, staff_with: Any, now: datetime
) -> None:
    """The list asks by SQL what the page asks one by one."""
    for staff in (clerk, head, staff_with(Role.IT_ADMIN, login="it"), staff_with(login="none")):
        _, _, rows = adoption_facts.drafts_behind(staff, Behind(*YEAR), now, most=50)
        listed = {row.id for row in rows}
        for draft_id in decided.values():
            try:
                access.draft_for(staff, draft_id, now)
                opened = True
            except NotFound:
                opened = False
            assert opened == (draft_id in listed)
