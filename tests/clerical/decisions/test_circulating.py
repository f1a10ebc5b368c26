"""供覧 on its own: who was shown it, when they looked, and that it ends with the last look without any approver."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.errors import NotTheApprover, WordsMissing, WrongState
from madoguchi.clerical.decisions.models import Draft, Edition, Step
from madoguchi.clerical.decisions.settled import settled_drafts, unsettled_among
from madoguchi.clerical.decisions.states import BLOCKING, DraftState
from madoguchi.clerical.decisions.verifying import altered_history
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit

KEY = uuid.UUID(int=26)


@pytest.fixture
def people(staff_with: Any) -> dict[str, Any]:
    clerk = staff_with(Role.REVIEWER, login="clerk")
    return {"clerk": clerk, **{each: staff_with(Role.REVIEWER, login=each) for each in ("one", "two")}}


def shown(people: dict[str, Any], at: datetime, **changes: Any) -> int:
    told = {
        "key": KEY,
        "title": "県からの通知について",
        "body": "別添のとおり通知がありましたので、お知らせします。",
        "to": [people["one"], people["two"], people["clerk"], people["one"]],
    }
    return actions.circulate_freely(**(told | changes), by=people["clerk"], at=at)


def test_it_ends_when_all_have_looked_and_nobody_decides(people: dict[str, Any], now: datetime) -> None:
    draft_id = shown(people, now)
    assert shown(people, now) == draft_id, "a second press is the same paper"
    draft = Draft.objects.get(pk=draft_id)
    assert (draft.state, draft.number) == (DraftState.CIRCULATING, "サ子青第1号")
    assert Edition.objects.filter(draft=draft, sha256=draft.content_sha256).exists()
    assert not Step.objects.filter(draft=draft, kind__in=BLOCKING).exists()
    assert unsettled_among([draft_id]) == {draft_id}
    for minutes, login in enumerate(("one", "two"), 1):
        reader, at = people[login], now + timedelta(minutes=minutes)
        assert queries.how_many_steps(reader) == (0, 1)
        assert [row.id for row in queries.to_look_at(reader)] == [draft_id]
        assert Draft.objects.get(pk=draft_id).state == DraftState.CIRCULATING
        access.draft_for(reader, draft_id, at)
        actions.look_done(draft_id=draft_id, by=reader, at=at, comment="承知")
        assert queries.how_many_steps(reader) == (0, 0)
    draft.refresh_from_db()
    assert (draft.state, draft.settled_at) == (DraftState.SHOWN, now + timedelta(minutes=2))
    assert draft.decided_on is None, "it is no decision, and counted as none"
    found = access.draft_for(people["clerk"], draft_id, now)
    assert [(step.looked_at, step.decided_at) for step in found.steps] == [
        (now + timedelta(minutes=each), now + timedelta(minutes=each)) for each in (1, 2)
    ]
    verbs = [row.verb for row in trace_of(Subject("decisions.draft", str(draft_id)))]
    assert verbs.count("decisions.seen") == 2
    assert verbs.count("decisions.shown") == 1
    assert list(settled_drafts()) == [draft]
    assert altered_history() == []


def test_a_reader_who_is_added_is_waited_for_and_an_ended_one_takes_no_more(
    people: dict[str, Any], now: datetime
) -> None:
    draft_id = shown(people, now, to=[people["one"]])
    assert actions.circulate(draft_id=draft_id, to=[people["two"]], by=people["clerk"], at=now) == 1
    actions.look_done(draft_id=draft_id, by=people["one"], at=now)
    assert Draft.objects.get(pk=draft_id).state == DraftState.CIRCULATING
    actions.look_done(draft_id=draft_id, by=people["two"], at=now)
    for late in (
        lambda: actions.circulate(draft_id=draft_id, to=[people["one"]], by=people["clerk"], at=now),
        lambda: actions.attach(draft_id=draft_id, files=[], by=people["clerk"], at=now),
    ):
        with pytest.raises(WrongState):
            late()
    actions.look_done(draft_id=draft_id, by=people["two"], at=now)
    assert Draft.objects.get(pk=draft_id).state == DraftState.SHOWN


def test_nobody_can_decide_it_and_it_needs_words_and_a_reader(people: dict[str, Any], now: datetime) -> None:
    with pytest.raises(WordsMissing):
        shown(people, now, body=" ")
    with pytest.raises(NotTheApprover):
        shown(people, now, to=[people["clerk"]])
    draft_id = shown(people, now)
    seen = access.draft_for(people["one"], draft_id, now)
    assert not seen.may_decide
    told = {"seen_sha256": seen.content_sha256, "edition": seen.edition}
    with pytest.raises(NotTheApprover):
        actions.approve(draft_id=draft_id, by=people["one"], at=now, **told)
    stranger = people["clerk"]
    for act in (actions.take_back, actions.discard):
        with pytest.raises((NotFound, WrongState)):
            act(draft_id=draft_id, by=stranger, at=now, reason="やめる")


def test_whoever_was_to_look_before_a_draft_came_again_can_still_say_that_they_did(
    people: dict[str, Any], staff_with: Any, now: datetime
) -> None:
    head = staff_with(Role.SECTION_HEAD, login="head")
    draft_id = submit(by=people["clerk"], approver=head, at=now)
    actions.take_back(draft_id=draft_id, by=people["clerk"], at=now, reason="直す")
    actions.circulate(draft_id=draft_id, to=[people["one"]], by=people["clerk"], at=now)
    submit(by=people["clerk"], approver=head, at=now, body="直しました。")
    assert [row.id for row in queries.to_look_at(people["one"])] == [draft_id]
    assert access.draft_for(people["one"], draft_id, now).may_look
    actions.look_done(draft_id=draft_id, by=people["one"], at=now)
    assert queries.to_look_at(people["one"]) == []


def test_nobody_is_asked_to_look_at_what_was_discarded(
    people: dict[str, Any], staff_with: Any, now: datetime
) -> None:
    head = staff_with(Role.SECTION_HEAD, login="head")
    draft_id = submit(by=people["clerk"], approver=head, at=now)
    actions.take_back(draft_id=draft_id, by=people["clerk"], at=now, reason="直す")
    actions.circulate(draft_id=draft_id, to=[people["one"]], by=people["clerk"], at=now)
    actions.discard(draft_id=draft_id, by=people["clerk"], at=now, reason="やめる")
    assert queries.how_many_steps(people["one"]) == (0, 0)
    assert queries.to_look_at(people["one"]) == []
