"""重複の統合: one case of two, both numbers findable, reversible until the decision, never of two persons."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications import access, actions
from madoguchi.services.applications.errors import ReasonMissing, StaleEdition
from madoguchi.services.applications.merge_rules import still_as_taken, taken_over
from madoguchi.services.applications.merging import CannotMerge
from madoguchi.services.applications.models import Application, Merge
from madoguchi.services.applications.states import Channel, Stage
from tests.factories_applications import received, typed
from tests.factories_visitors import visitor_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HOUR = timedelta(hours=1)
RAW = st.dictionaries(st.sampled_from(["a", "b-x", "b-y", "c"]), st.lists(st.text(max_size=3), max_size=2))


def case(number: str) -> Application:
    return Application.objects.get(number=number)


def pair(loaded: Any, now: datetime, **known: Any) -> tuple[Any, Any]:
    """The paper that stays and the online application for the same child that goes."""
    paper = received(loaded, now, channel=Channel.PAPER)
    online = received(loaded, now + HOUR, raw=typed(1, work_days="12", clubs__1="B1", clubs__2="A1"), **known)
    return paper, online


def merge(kept: Any, gone: Any, by: Any, at: datetime, *fields: str, reason: str = "紙と重なった") -> None:
    actions.merge_cases(
        kept=kept.number,
        gone=gone.number,
        editions=(case(kept.number).edition, case(gone.number).edition),
        fields=fields,
        reason=reason,
        by=by,
        at=at,
    )


@given(RAW, RAW, st.sets(st.sampled_from(["a", "b", "c"])))
def test_taking_over_and_putting_back(kept: Any, gone: Any, fields: set[str]) -> None:
    both = taken_over(kept, gone, fields)
    assert still_as_taken(both, gone, fields)
    assert taken_over(both, kept, fields) == kept


def test_fields_files_and_numbers_go_over(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer, visitor = staff_with(Role.REVIEWER), visitor_of("a@example.jp", now)
    kept, gone = pair(loaded, now, visitor_id=visitor.id)
    owner = Subject("applications.application", str(gone.application_id))
    keep_file(name="証明書.pdf", body=PDF, owner=owner, by=SYSTEM, at=now)
    merge(kept, gone, reviewer, now + 2 * HOUR, "clubs")
    view = access.application_for(reviewer, kept.number, at=now, purpose="審査")
    assert (view.answers["clubs"], view.answers["work_days"]) == (["B1", "A1"], 20)
    assert [paper.name for paper in view.documents] == ["証明書.pdf"]
    assert view.same_person == ()
    assert next(check.result for check in view.checks if check.code == "duplicates") == "passed"
    assert [(each.gone, each.kept) for each in view.took_in] == [(gone.number, kept.number)]
    left = access.application_for(reviewer, gone.number, at=now, purpose="審査")
    assert (left.stage, left.went_into and left.went_into.kept) == (Stage.WITHDRAWN, kept.number)
    for number in (kept.application_id, gone.application_id):
        verbs = [row.verb for row in trace_of(Subject("applications.application", str(number)))]
        assert "applications.merged" in verbs
    status = access.application_of(visitor, gone.number)
    assert (status.number, status.merged_from) == (kept.number, gone.number)


def test_another_parent_is_told_and_sees_nothing_of_the_other_case(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    mother, father = visitor_of("a@example.jp", now), visitor_of("b@example.jp", now)
    kept = received(loaded, now, visitor_id=mother.id)
    gone = received(loaded, now, visitor_id=father.id)
    merge(kept, gone, staff_with(Role.REVIEWER), now)
    status = access.application_of(father, gone.number)
    assert (status.number, status.stage, status.merged) == (gone.number, Stage.WITHDRAWN, True)
    assert kept.number not in repr(status)
    with pytest.raises(NotFound):
        access.application_of(father, kept.number)


def test_undone_until_the_decision(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer, visitor = staff_with(Role.REVIEWER), visitor_of("a@example.jp", now)
    kept, gone = pair(loaded, now, visitor_id=visitor.id)
    owner = Subject("applications.application", str(gone.application_id))
    keep_file(name="証明書.pdf", body=PDF, owner=owner, by=SYSTEM, at=now)
    before = case(kept.number).raw
    merge(kept, gone, reviewer, now, "clubs", "work_days")
    merged = Merge.objects.get()
    undone = {"merge_id": merged.pk, "number": kept.number, "by": reviewer, "at": now}
    with pytest.raises(ReasonMissing):
        actions.undo_merge(**undone, reason="")
    assert actions.undo_merge(**undone, reason="別の子だった") == gone.number
    assert (case(kept.number).raw, case(kept.number).visitor_id) == (before, None)
    assert case(gone.number).stage == Stage.RECEIVED
    assert [paper.name for paper in documents_of(owner)] == ["証明書.pdf"]
    assert access.application_of(visitor, gone.number).number == gone.number
    with pytest.raises(NotFound):
        actions.undo_merge(**undone, reason="もう一度")


def test_not_undone_after_a_correction_or_under_decision(loaded: Any, staff_with: Any, now: datetime) -> None:
    from madoguchi.ledgers.office.actions import actor_of

    reviewer = staff_with(Role.REVIEWER)
    kept, gone = pair(loaded, now)
    merge(kept, gone, reviewer, now, "work_days")
    undone = {"merge_id": Merge.objects.get().pk, "number": kept.number, "by": reviewer, "at": now}
    actions.ask_correction(
        number=kept.number,
        by=reviewer,
        at=now,
        edition=case(kept.number).edition,
        fields=["work_days"],
        message="x",
        due_on=date(2026, 12, 7),
    )
    actions.answer_correction(number=kept.number, by=actor_of(reviewer), at=now, raw={"work_days": ["18"]})
    with pytest.raises(CannotMerge, match="直されています"):
        actions.undo_merge(**undone, reason="x")
    Application.objects.filter(number=kept.number).update(stage=Stage.DECIDING)
    with pytest.raises(CannotMerge, match="決裁中"):
        actions.undo_merge(**undone, reason="x")


def test_what_cannot_be_one_case(loaded: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    kept, gone = pair(loaded, now)
    other = received(loaded, now, 2)
    for left, right in ((kept, other), (kept, kept)):
        with pytest.raises((CannotMerge, NotFound)):
            merge(left, right, reviewer, now)
    with pytest.raises(ReasonMissing):
        merge(kept, gone, reviewer, now, reason=" ")
    with pytest.raises(StaleEdition):
        actions.merge_cases(
            kept=kept.number, gone=gone.number, editions=(9, 1), fields=(), reason="x", by=reviewer, at=now
        )
    Application.objects.filter(number=kept.number).update(stage=Stage.DECIDING)
    with pytest.raises(CannotMerge, match="決裁中"):
        merge(kept, gone, reviewer, now)
    assert case(gone.number).stage == Stage.RECEIVED
