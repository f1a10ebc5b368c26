"""Whether the history of drafts is as it was written: steps against the chained trace, hashes against contents."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from madoguchi.clerical.decisions.content import content_sha256
from madoguchi.clerical.decisions.forgetting import VERB as FORGOTTEN
from madoguchi.clerical.decisions.models import Draft, Edition, Step
from madoguchi.clerical.decisions.states import Capacity, StepOutcome
from madoguchi.ledgers.office.queries import acts_with_notes
from madoguchi.ledgers.office.session import full_sight

ACTS = {
    "decisions.step_approved": StepOutcome.APPROVED,
    "decisions.approved": StepOutcome.APPROVED,
    "decisions.returned": StepOutcome.RETURNED,
    "decisions.rejected": StepOutcome.REJECTED,
}
ACTED = (StepOutcome.APPROVED, StepOutcome.RETURNED, StepOutcome.REJECTED)
Told = tuple[str, str, str]
"""Who acted, what they said, on what hash."""
Place = tuple[str, int]
"""A draft and the place of a step on it."""
PULLED_UP = "decisions.pulled_up"
BATCH = 5000


@full_sight()
def altered_history() -> list[str]:
    """A sentence for every step, decision or content that is not as it was written. Empty when all is sound."""
    forgotten: set[str] = set()
    told = dict(_told(forgotten))
    return [*_altered_steps(told, forgotten), *_altered_pull_ups(forgotten), *_altered_contents()]


def _told(forgotten: set[str]) -> Iterator[tuple[tuple[str, int], Told]]:
    """What the chain says of steps; drafts whose text went when their retention was over are put into `forgotten`."""
    seq = 0
    while acts := acts_with_notes(seq, "decisions.draft", BATCH):
        seq = acts[-1].seq
        for act in acts:
            if act.verb == FORGOTTEN:
                forgotten.add(act.subject_id)
            place = act.note.get("place")
            if act.verb in ACTS and place is not None:
                yield (act.subject_id, place), (act.actor_id, ACTS[act.verb], act.note["sha256"])


def _altered_steps(told: dict[tuple[str, int], Told], forgotten: set[str]) -> Iterator[str]:
    known = {draft_id for draft_id, _ in told}
    rows = Step.objects.filter(outcome__in=ACTED, draft_id__in=known).select_related("draft")
    seen = set()
    for step in rows.order_by("draft_id", "place").iterator(chunk_size=2000):
        key = (str(step.draft_id), step.place)
        seen.add(key)
        if told.get(key) != (str(step.approver_id), step.outcome, step.seen_sha256):
            yield f"起案 {step.draft.number} の{step.place}番目の段（{step.post}）が、鎖の記録と違います。"
    for draft_id, place in sorted(key for key in told.keys() - seen if key[0] not in forgotten):
        number = Draft.objects.filter(pk=draft_id).values_list("number", flat=True).first()
        yield f"起案 {number or draft_id} の{place}番目の段が、鎖の記録にあるのに見つかりません。"


def _altered_pull_ups(forgotten: set[str]) -> Iterator[str]:
    """引上げ: who took a draft up, and whom they passed, must stand in the chain, and the other way round."""
    upward, passed, untold = _pull_ups()
    steps = Step.objects.filter(
        Q(capacity=Capacity.PULLED_UP, stands_for="") | Q(outcome=StepOutcome.PASSED_OVER)
    )
    seen = set()
    for step in steps.select_related("draft").order_by("draft_id", "place").iterator(chunk_size=2000):
        key = (str(step.draft_id), step.place)
        seen.add(key)
        told = passed if step.outcome == StepOutcome.PASSED_OVER else upward
        if key not in told and key[0] not in untold:
            yield f"起案 {step.draft.number} の{step.place}番目の段の引上げが、鎖の記録にありません。"
    for draft_id, place in sorted(key for key in (upward | passed) - seen if key[0] not in forgotten):
        number = Draft.objects.filter(pk=draft_id).values_list("number", flat=True).first()
        yield f"起案 {number or draft_id} の{place}番目の段の引上げが、鎖の記録にあるのに消えています。"


def _pull_ups() -> tuple[set[Place], set[Place], set[str]]:
    """Steps that were taken up, steps that were passed, and drafts of a time when the chain did not name the latter."""
    upward, passed, untold, seq = set(), set(), set(), 0
    while acts := acts_with_notes(seq, "decisions.draft", BATCH):
        seq = acts[-1].seq
        for act in acts:
            if act.verb != PULLED_UP:
                continue
            upward.add((act.subject_id, act.note["place"]))
            passed |= {(act.subject_id, place) for place in act.note.get("passed", ())}
            if "passed" not in act.note:
                untold.add(act.subject_id)
    return upward, passed, untold


def _altered_contents() -> Iterator[str]:
    rows = Edition.objects.select_related("draft").order_by("draft_id", "pk")
    for edition in rows.iterator(chunk_size=500):
        if content_sha256(edition.content) != edition.sha256:
            yield f"起案 {edition.draft.number} の内容が、その指紋と違います。"
