"""Whether the history of drafts is as it was written: steps against the chained trace, hashes against contents."""

from __future__ import annotations

from collections.abc import Iterator

from madoguchi.clerical.decisions.content import content_sha256
from madoguchi.clerical.decisions.forgetting import VERB as FORGOTTEN
from madoguchi.clerical.decisions.models import Draft, Edition, Step
from madoguchi.clerical.decisions.states import StepOutcome
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
BATCH = 5000


@full_sight()
def altered_history() -> list[str]:
    """A sentence for every step, decision or content that is not as it was written. Empty when all is sound."""
    forgotten: set[str] = set()
    told = dict(_told(forgotten))
    return [*_altered_steps(told, forgotten), *_altered_contents()]


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


def _altered_contents() -> Iterator[str]:
    rows = Edition.objects.select_related("draft").order_by("draft_id", "pk")
    for edition in rows.iterator(chunk_size=500):
        if content_sha256(edition.content) != edition.sha256:
            yield f"起案 {edition.draft.number} の内容が、その指紋と違います。"
