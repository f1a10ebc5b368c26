from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.decisions import access, actions, bells, queries
from madoguchi.clerical.decisions.bells import Settled
from madoguchi.clerical.decisions.errors import (
    AlreadyDrafted,
    CommentMissing,
    ContentChanged,
    EditionOutdated,
    NotTheApprover,
    OwnDraft,
    SectionUnnamed,
    WrongState,
)
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.rules import document_number, require_move
from madoguchi.clerical.decisions.states import NEXT, DraftState
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.models import Grant
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import SEEN, submit

DECIDE = {
    DraftState.APPROVED: actions.approve,
    DraftState.RETURNED: actions.return_draft,
    DraftState.REJECTED: actions.reject,
}


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Settled]:
    rung: list[Settled] = []
    monkeypatch.setattr(bells.settled, "_answers", [rung.append])
    return rung


@pytest.fixture
def draft_id(clerk: Any, head: Any, now: datetime) -> int:
    return submit(by=clerk, approver=head, at=now)


def press(draft_id: int, head: Any, now: datetime, **changes: Any) -> dict[str, Any]:
    shown = Draft.objects.filter(pk=draft_id).first()
    seen = {"seen_sha256": shown.content_sha256 if shown else SEEN, "edition": 1, "comment": "確かめました"}
    return {"draft_id": draft_id, "by": head, "at": now} | seen | changes


@pytest.mark.parametrize(("former", "to"), list(product(DraftState, repeat=2)))
def test_every_pair_of_states_follows_the_table(former: DraftState, to: DraftState) -> None:
    if to in NEXT[former]:
        require_move(former, to)
        return
    with pytest.raises(WrongState, match=former.label):
        require_move(former, to)


@pytest.mark.parametrize(("former", "to"), list(product(DraftState, DECIDE)))
def test_decide__every_pair_of_states_in_the_database(
    draft_id: int, head: Any, now: datetime, heard: list[Settled], former: DraftState, to: DraftState
) -> None:
    Draft.objects.filter(pk=draft_id).update(state=former)
    if to in NEXT[former]:
        assert DECIDE[to](**press(draft_id, head, now)) == to
        assert Draft.objects.get(pk=draft_id).state == to
        assert [event.state for event in heard] == [to]
        return
    with pytest.raises(WrongState):
        DECIDE[to](**press(draft_id, head, now))
    assert heard == []


@given(st.text("サ子青福保", min_size=1, max_size=6), st.integers(1, 99999))
def test_document_number__says_symbol_and_serial(symbol: str, serial: int) -> None:
    assert document_number(symbol, serial) == f"{symbol}第{serial}号"


def test_numbers_run_by_section_and_fiscal_year(clerk: Any, head: Any, now: datetime, section: Any) -> None:
    def number(subject: str, at: datetime, **changes: Any) -> str:
        made = submit(by=clerk, approver=head, at=at, subject=Subject("test.thing", subject), **changes)
        return Draft.objects.get(pk=made).number

    assert [number("a", now), number("b", now)] == ["サ子青第1号", "サ子青第2号"]
    other = office.set_up_section(code="hoiku", fiscal_year=2026, name="保育課", symbol="サ保", phone="0")
    assert number("c", now, section_id=other.pk) == "サ保第1号"
    Grant.objects.update(expires_on=now.date() + timedelta(days=400))
    assert number("d", now.replace(year=2027, month=4, day=1)) == "サ子青第1号"
    nameless = office.set_up_section(code="new", fiscal_year=2030, name="新課", symbol="新", phone="0")
    with pytest.raises(SectionUnnamed):
        number("e", now, section_id=nameless.pk)


def test_submit__a_second_press_is_the_same_draft(
    clerk: Any, head: Any, now: datetime, draft_id: int
) -> None:
    assert submit(by=clerk, approver=head, at=now) == draft_id
    assert Draft.objects.count() == 1
    with pytest.raises(AlreadyDrafted, match="サ子青第1号"):
        submit(by=clerk, approver=head, at=now, content_sha256="b" * 64)


def test_submit__not_to_oneself_nor_to_somebody_without_the_power(
    clerk: Any, head: Any, now: datetime
) -> None:
    with pytest.raises(OwnDraft):
        submit(by=head, approver=head, at=now)
    with pytest.raises(NotTheApprover):
        submit(by=head, approver=clerk, at=now)
    assert not Draft.objects.exists()


def test_approve__covers_the_hash_and_leaves_state_bell_and_trace(
    draft_id: int, head: Any, now: datetime, heard: list[Settled]
) -> None:
    assert actions.approve(**press(draft_id, head, now, staff_seconds=40)) == DraftState.APPROVED
    draft = Draft.objects.get(pk=draft_id)
    assert (draft.state, draft.version) == (DraftState.APPROVED, 2)
    step = Step.objects.get(draft=draft)
    assert (step.seen_sha256, step.outcome, step.decided_at) == (draft.content_sha256, "approved", now)
    assert heard == [
        Settled(draft_id, DraftState.APPROVED, Subject("test.matter", "1"), now, office.actor_of(head))
    ]
    last = list(trace_of(Subject("decisions.draft", str(draft_id))))[-1]
    assert (last.verb, last.note["sha256"]) == ("decisions.approved", draft.content_sha256)
    assert (last.note["step"], last.note["staff_seconds"]) == ("decision", 40)


def test_approve__a_double_press_answers_the_same_and_does_nothing(
    draft_id: int, head: Any, now: datetime, heard: list[Settled]
) -> None:
    subject = Subject("decisions.draft", str(draft_id))
    for _ in range(2):
        assert actions.approve(**press(draft_id, head, now)) == DraftState.APPROVED
    assert len(heard) == 1
    assert [row.verb for row in trace_of(subject)] == ["decisions.submitted", "decisions.approved"]
    with pytest.raises(WrongState):
        actions.reject(**press(draft_id, head, now))


def test_approve__what_was_not_seen_is_not_approved(draft_id: int, head: Any, now: datetime) -> None:
    with pytest.raises(ContentChanged):
        actions.approve(**press(draft_id, head, now, seen_sha256="b" * 64))
    with pytest.raises(EditionOutdated):
        actions.approve(**press(draft_id, head, now, edition=0))
    assert Draft.objects.get(pk=draft_id).state == DraftState.SUBMITTED


def test_approve__only_the_named_approver_while_the_power_lasts(
    draft_id: int, clerk: Any, head: Any, now: datetime, staff_with: Any
) -> None:
    with pytest.raises(OwnDraft):
        actions.approve(**press(draft_id, clerk, now))
    with pytest.raises(NotTheApprover):
        actions.approve(**press(draft_id, staff_with(Role.SECTION_HEAD, login="other"), now))
    Grant.objects.filter(staff=head).update(granted_on=now.date(), expires_on=now.date())
    with pytest.raises(NotAllowed):
        actions.approve(**press(draft_id, head, now + timedelta(days=1)))


def test_an_answer_that_fails_undoes_the_decision(
    draft_id: int, head: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: Settled) -> None:
        raise LookupError(event)

    monkeypatch.setattr(bells.settled, "_answers", [fail])
    with pytest.raises(LookupError):
        actions.approve(**press(draft_id, head, now))
    assert Draft.objects.get(pk=draft_id).state == DraftState.SUBMITTED
    assert queries.inbox(head)


@pytest.mark.parametrize("act", [actions.return_draft, actions.reject])
def test_not_approving_needs_a_reason(draft_id: int, head: Any, now: datetime, act: Any) -> None:
    with pytest.raises(CommentMissing):
        act(**press(draft_id, head, now, comment=" "))


def test_a_returned_draft_comes_back_under_its_number_with_a_new_step(
    draft_id: int, clerk: Any, head: Any, now: datetime
) -> None:
    actions.return_draft(**press(draft_id, head, now))
    assert queries.inbox(head) == []
    assert submit(by=clerk, approver=head, at=now, content_sha256="b" * 64, title="直しました") == draft_id
    shown = access.draft_for(head, draft_id, now)
    assert (shown.number, shown.title, shown.edition) == ("サ子青第1号", "直しました", 3)
    assert [step.outcome for step in shown.steps] == ["returned", None]
    actions.approve(**press(draft_id, head, now, edition=3))


def test_a_rejected_subject_may_be_drafted_anew(draft_id: int, clerk: Any, head: Any, now: datetime) -> None:
    actions.reject(**press(draft_id, head, now))
    assert submit(by=clerk, approver=head, at=now) != draft_id


def test_inbox_and_section_list(draft_id: int, clerk: Any, head: Any, now: datetime) -> None:
    assert [row.id for row in queries.inbox(head)] == [draft_id]
    assert queries.inbox(clerk) == []
    assert [row.number for row in queries.drafts_of(clerk.section_id)] == ["サ子青第1号"]
    latest = queries.draft_of(Subject("test.matter", "1"))
    assert latest is not None
    assert latest.id == draft_id


def test_draft_for__who_may_see_it_and_the_trace_of_the_look(
    draft_id: int, clerk: Any, head: Any, now: datetime, staff_with: Any
) -> None:
    assert access.draft_for(head, draft_id, now).may_decide
    assert not access.draft_for(clerk, draft_id, now).may_decide
    with pytest.raises(NotFound):
        access.draft_for(staff_with(Role.AUDITOR), draft_id, now)
    looks = trace_of(Subject("decisions.draft", str(draft_id))).filter(verb="decisions.looked_at")
    assert [row.actor_id for row in looks] == [str(head.pk), str(clerk.pk)]


def test_another_town_has_no_such_draft(draft_id: int, head: Any, now: datetime, other_town: Any) -> None:
    enter_municipality(other_town.pk)
    with pytest.raises(NotFound):
        access.draft_for(head, draft_id, now)
    with pytest.raises(NotFound):
        actions.approve(**press(draft_id, head, now))
