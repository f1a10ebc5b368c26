"""Writing down what happened. Part of actions.py; other rooms call it there."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.bells import acts_left
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.prepared import do
from madoguchi.ledgers.office.trace import Act, Actor, Subject

APPLICANT = "申請した人"


def leave_trace(
    by: Actor,
    verb: str,
    subject: Subject,
    *,
    at: datetime,
    purpose: str = "",
    note: dict[str, Any] | None = None,
) -> None:
    """Write down one act or one look. The database numbers and chains the row."""
    leave_traces(by, verb, [(subject, note or {})], at=at, purpose=purpose)


def leave_traces(
    by: Actor,
    verb: str,
    subjects: Iterable[tuple[Subject, dict[str, Any]]],
    *,
    at: datetime,
    purpose: str = "",
) -> None:
    """Write down one act on many records."""
    leave_acts([Act(by, verb, subject, at, note) for subject, note in subjects], purpose=purpose)


def leave_acts(acts: Iterable[Act], *, purpose: str = "") -> None:
    """Write down many acts of different people and moments, in this order, and tell the rooms above."""
    left = tuple(acts)
    if len(left) == 1:
        _leave_one(left[0], purpose)
    else:
        _leave_many(left, purpose)
    acts_left.ring(left)


ONE = """
INSERT INTO office_trace (happened_at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, purpose, note,
  seq, former_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 0, '', '')
"""


def _leave_one(act: Act, purpose: str) -> None:
    by, about = act.by, act.subject
    named = [by.kind, by.id, _name_of(by), act.verb, about.kind, about.id, purpose]
    do(ONE, [act.at, *named, json.dumps(act.note)])


def _leave_many(acts: Iterable[Act], purpose: str) -> None:
    Trace.objects.bulk_create(
        Trace(
            happened_at=act.at,
            actor_kind=act.by.kind,
            actor_id=act.by.id,
            actor_name=_name_of(act.by),
            verb=act.verb,
            subject_kind=act.subject.kind,
            subject_id=act.subject.id,
            purpose=purpose,
            note=act.note,
        )
        for act in acts
    )


def _name_of(actor: Actor) -> str:
    """The trace outlives its cases and cannot be changed: residents stand in it by the key of their account only."""
    return APPLICANT if actor.kind == "resident" else actor.name
