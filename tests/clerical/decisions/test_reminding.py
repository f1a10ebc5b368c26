"""催促: whoever holds a draft up for too long is reminded, by the drafter or by the morning."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.clerical.decisions import access, actions, adoption_facts, queries
from madoguchi.clerical.decisions.errors import NotYetLong
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.states import ApprovalMode, DraftState, PaperReason
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit

PAPER = Terms(kind="K02", mode=ApprovalMode.PAPER, paper_reason=PaperReason.HABIT)
ELECTRONIC = Terms(kind="K02")
YEAR = (date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    made = staff_with(Role.SECTION_HEAD, login="head")
    made.email = "head@sample.example"
    made.save()
    return made


def laid(terms: Terms, clerk: Any, head: Any, at: datetime, serial: str) -> int:
    return submit(by=clerk, approver=head, at=at, subject=Subject("test.matter", serial), terms=terms)


def decide(draft_id: int, head: Any, at: datetime) -> None:
    draft = Draft.objects.get(pk=draft_id)
    actions.approve(
        draft_id=draft_id, by=head, at=at, seen_sha256=draft.content_sha256, edition=draft.version
    )


def test_a_long_wait_is_reminded_of_once_and_by_mail(clerk: Any, head: Any, now: datetime) -> None:
    draft_id = laid(ELECTRONIC, clerk, head, now, "slow")
    paper = laid(PAPER, clerk, head, now, "slow on paper")
    assert actions.remind_all(at=now + timedelta(days=3)) == 0
    later = now + timedelta(days=3, minutes=1)
    assert actions.remind_all(at=later) == 1
    assert actions.remind_all(at=later) == 0
    (mail,) = QueuedMail.objects.all()
    assert mail.address == "head@sample.example"
    number = Draft.objects.get(pk=draft_id).number
    assert number in mail.subject
    assert "学童クラブ" not in mail.subject + mail.body
    assert Step.objects.get(draft_id=paper).reminded_at is None
    assert queries.inbox(head)[0].reminded_at == later
    assert actions.remind_all(at=later + timedelta(days=3)) == 1
    verbs = trace_of(Subject("decisions.draft", str(draft_id))).values_list("verb", flat=True)
    assert list(verbs).count("decisions.reminded") == 2


def test_the_drafter_reminds_by_hand_but_not_too_soon(clerk: Any, head: Any, now: datetime) -> None:
    draft_id = laid(ELECTRONIC, clerk, head, now, "slow")
    with pytest.raises(NotYetLong, match="まだ3日を超えて待っていません"):
        actions.remind(draft_id=draft_id, by=clerk, at=now + timedelta(days=1))
    later = now + timedelta(days=4)
    with pytest.raises(NotFound):
        actions.remind(draft_id=draft_id, by=head, at=later)
    assert access.draft_for(clerk, draft_id, later).may_remind
    assert actions.remind(draft_id=draft_id, by=clerk, at=later) == 1
    with pytest.raises(NotYetLong, match="3日以内に催促しています"):
        actions.remind(draft_id=draft_id, by=clerk, at=later + timedelta(hours=1))
    decide(draft_id, head, later)
    assert Draft.objects.get(pk=draft_id).state == DraftState.APPROVED
    assert adoption_facts.long_waits(later) == []
    (step,) = adoption_facts.step_days(*YEAR)
    assert step.reminded == 1
