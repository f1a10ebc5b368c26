"""Everything that is kept of a draft, as plain values that a file can hold and anybody can check."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from madoguchi.clerical.decisions.content import WORDS
from madoguchi.clerical.decisions.models import Draft, Edition, Step
from madoguchi.clerical.decisions.states import Capacity, DraftState, StepKind, StepOutcome
from madoguchi.ledgers.office.queries import section_in_year, trace_of
from madoguchi.ledgers.office.trace import Subject

SUBJECT = "decisions.draft"


def evidence_of(draft_id: int) -> dict[str, Any] | None:
    """Words, editions, steps, attachments, paper and trace of a draft; None where the session does not see it.

    Each step names the hash of what was seen, and `editions` holds what that hash was taken of: JSON with sorted
    keys, no spaces, UTF-8. Dates and times are of Tokyo.
    """
    draft = Draft.objects.select_related("drafted_by", "quoted_from").filter(pk=draft_id).first()
    if draft is None:
        return None
    return {
        "draft": _words(draft),
        "editions": [
            {"sha256": row.sha256, "made_at": told(row.made_at), "content": row.content}
            for row in Edition.objects.filter(draft=draft).order_by("pk")
        ],
        "steps": [_step(row) for row in draft.steps.select_related("approver").order_by("place")],
        "attachments": [
            {
                "place": row.place,
                "document_id": str(row.document_id),
                "name": row.name,
                "sha256": row.sha256,
                "added_by": row.added_by.name,
                "added_at": told(row.added_at),
            }
            for row in draft.attachments.select_related("added_by").order_by("place")
        ],
        "papers": list(draft.paper_materials.order_by("place").values("place", "what", "kept_at", "sheets")),
        "trace": _trace(draft_id),
    }


def told(at: datetime | None) -> str | None:
    return localtime(at).isoformat() if at else None


def _words(draft: Draft) -> dict[str, Any]:
    section = section_in_year(draft.section_id, localtime(draft.drafted_at).date())
    return {
        **{word: getattr(draft, word) for word in WORDS},
        "id": draft.pk,
        "section": section.name if section else "",
        "fiscal_year": draft.fiscal_year,
        "state": draft.state,
        "state_words": DraftState(draft.state).label,
        "content_sha256": draft.content_sha256,
        "drafted_by": draft.drafted_by.name,
        "drafted_at": told(draft.drafted_at),
        "settled_at": told(draft.settled_at),
        "submissions": draft.submissions,
        "route": draft.route,
        "quoted_from": draft.quoted_from.number if draft.quoted_from else None,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "place": step.place,
        "submission": step.submission,
        "stage": step.stage,
        "kind": step.kind,
        "kind_words": StepKind(step.kind).label,
        "post": step.post,
        "capacity": step.capacity,
        "capacity_words": Capacity(step.capacity).label,
        "stands_for": step.stands_for,
        "who": step.approver.name,
        "opened_at": told(step.opened_at),
        "outcome": step.outcome,
        "outcome_words": StepOutcome(step.outcome).label if step.outcome else "",
        "decided_at": told(step.decided_at),
        "seen_sha256": step.seen_sha256,
        "comment": step.comment,
    }


def _trace(draft_id: int) -> list[dict[str, Any]]:
    return [
        {
            "seq": row.seq,
            "happened_at": told(row.happened_at),
            "recorded_at": told(row.recorded_at),
            "who": row.actor_name,
            "verb": row.verb,
            "purpose": row.purpose,
            "note": row.note,
            "former_hash": row.former_hash,
            "hash": row.hash,
        }
        for row in trace_of(Subject(SUBJECT, str(draft_id)))
    ]
