"""Many drafts of a kind at once: the look at a sample, each on its own, and a kill in the middle."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.bulk_deciding import LEAST_LOOKS, MOST_LOOKS, Seen, sample_of, work_off
from madoguchi.clerical.decisions.errors import SampleUnseen
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.jobs import job_progress
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.states import JobState
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit

SEED = "2026-11-21"


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


@pytest.fixture
def drafts(clerk: Any, head: Any, now: datetime) -> list[Seen]:
    ids = [
        submit(
            by=clerk, approver=head, at=now, subject=Subject("test.trip", str(at)), terms=Terms(kind="K12")
        )
        for at in range(12)
    ]
    return [Seen(row.id, row.content_sha256, row.edition) for row in queries.seen_of(head, ids)]


def read_sample(drafts: list[Seen], head: Any, now: datetime) -> None:
    for draft_id in sample_of([each.draft_id for each in drafts], SEED):
        access.draft_for(head, draft_id, now)


def order(drafts: list[Seen], head: Any, now: datetime, job_id: uuid.UUID) -> uuid.UUID:
    return actions.approve_many(seen=drafts, seed=SEED, by=head, at=now, job_id=job_id)


@given(st.lists(st.integers(1, 10**6), unique=True, min_size=1, max_size=400), st.text())
def test_a_sample_is_drawn_again_from_its_seed_and_is_never_too_small(ids: list[int], seed: str) -> None:
    sample = sample_of(ids, seed)
    assert sample == sample_of(list(reversed(ids)), seed)
    assert set(sample) <= set(ids)
    assert min(len(ids), LEAST_LOOKS) <= len(sample) <= MOST_LOOKS


def test_nothing_is_approved_before_the_sample_was_read(drafts: list[Seen], head: Any, now: datetime) -> None:
    with pytest.raises(SampleUnseen, match="サ子青第"):
        order(drafts, head, now, uuid.uuid4())
    read_sample(drafts, head, now)
    job = order(drafts, head, now, uuid.uuid4())
    assert job_progress(job)


def test_different_kinds_are_not_decided_together(
    drafts: list[Seen], clerk: Any, head: Any, now: datetime
) -> None:
    other = submit(
        by=clerk, approver=head, at=now, subject=Subject("test.other", "1"), terms=Terms(kind="K26")
    )
    row = queries.seen_of(head, [other])[0]
    with pytest.raises(SampleUnseen, match="種類の違う"):
        order([*drafts, Seen(row.id, row.content_sha256, row.edition)], head, now, uuid.uuid4())


def test_what_changed_since_the_list_was_drawn_is_left_with_its_reason(
    drafts: list[Seen], clerk: Any, head: Any, now: datetime
) -> None:
    read_sample(drafts, head, now)
    job = order(drafts, head, now, uuid.uuid4())
    assert order(drafts, head, now, job) == job
    taken = drafts[0].draft_id
    actions.take_back(draft_id=taken, by=clerk, at=now, reason="直す")
    actions.circulate(draft_id=drafts[1].draft_id, to=[clerk], by=head, at=now)
    work_off(job, str(head.pk), [[each.draft_id, each.sha256, "9"] for each in drafts[1:2]], at=now)
    work_off(job, str(head.pk), [[each.draft_id, each.sha256, each.edition] for each in drafts], at=now)
    states = dict(Draft.objects.values_list("pk", "state"))
    assert states.pop(taken) == DraftState.TAKEN_BACK
    assert set(states.values()) == {DraftState.APPROVED}
    progress = job_progress(job)
    assert progress is not None
    assert progress.state == JobState.FINISHED
    assert len(progress.failures) == 1


def test_work_taken_up_again_does_only_what_is_left(drafts: list[Seen], head: Any, now: datetime) -> None:
    read_sample(drafts, head, now)
    job = order(drafts, head, now, uuid.uuid4())
    items = [[each.draft_id, each.sha256, each.edition] for each in drafts]
    work_off(job, str(head.pk), items[:5], at=now)
    decided = dict(Draft.objects.filter(state=DraftState.APPROVED).values_list("pk", "settled_at"))
    assert len(decided) == 5
    work_off(job, str(head.pk), items, at=now.replace(hour=23))
    again = dict(Draft.objects.filter(pk__in=decided).values_list("pk", "settled_at"))
    assert again == decided
    assert Draft.objects.filter(state=DraftState.APPROVED).count() == 12
