"""Taking what is written on drafts away when their retention is over. Part of actions.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.models import Attachment, Draft, Edition, PaperMaterial, Step
from madoguchi.clerical.decisions.settled import SETTLED
from madoguchi.ledgers.documents.actions import forget_files
from madoguchi.ledgers.documents.queries import documents_of_many
from madoguchi.ledgers.office.actions import leave_traces
from madoguchi.ledgers.office.trace import Actor, Subject

FORGOTTEN = "（廃棄済みの文書）"
OWNER = "decisions.draft"
VERB = "decisions.forgotten"


@dataclass(frozen=True)
class Forgotten:
    """What stays of a draft: number, days, and the hash of its content, editions, attachments and steps."""

    draft_id: int
    number: str
    drafted_on: date
    settled_on: date | None
    content_sha256: str
    hashes: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@transaction.atomic
def forget_drafts(*, draft_ids: Collection[int], by: Actor, at: datetime) -> list[Forgotten]:
    """Take text, editions, attachments, paper notes and steps of settled drafts away; what stays of each.

    The row of a draft stays with its number, state, times and hash, so that no number is used twice. Whether it
    may go is for the caller to know: retention, holds and the 決裁 of the disposal. The trace stays as it is and
    says of each that it was forgotten, so that who verifies the history does not miss its steps.
    Drafts that are not settled are left as they are and not named in the answer.
    """
    rows = list(
        Draft.objects.select_for_update().filter(pk__in=list(draft_ids), state__in=SETTLED).order_by("pk")
    )
    kept = [_kept(draft) for draft in rows]
    keys = [draft.pk for draft in rows]
    files = documents_of_many([Subject(OWNER, str(key)) for key in keys])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL madoguchi.disposing = 'on'")
        for model in (Step, Attachment, PaperMaterial, Edition):
            model.objects.filter(draft_id__in=keys).delete()
        cursor.execute("SET LOCAL madoguchi.disposing = 'off'")
    forget_files(document_ids=[each.id for documents in files.values() for each in documents])
    Draft.objects.filter(pk__in=keys).update(
        title=FORGOTTEN,
        body="",
        figures=[],
        route={},
        paper_note="",
        disclosure_reason="",
    )
    told = [
        (
            Subject(OWNER, str(each.draft_id)),
            {"number": each.number, "sha256": each.content_sha256, **each.hashes},
        )
        for each in kept
    ]
    if told:
        leave_traces(by, VERB, told, at=at, purpose="保存年限の満了")
    return kept


def _kept(draft: Draft) -> Forgotten:
    steps = draft.steps.exclude(outcome="").order_by("place")
    return Forgotten(
        draft.pk,
        draft.number,
        localdate(draft.drafted_at),
        localdate(draft.settled_at) if draft.settled_at else None,
        draft.content_sha256,
        {
            "editions": [
                {"sha256": row.sha256, "made_on": localdate(row.made_at).isoformat()}
                for row in draft.editions.order_by("pk")
            ],
            "attachments": [{"sha256": sha256} for sha256 in _attached(draft)],
            "steps": [
                {
                    "post": step.post,
                    "kind": step.kind,
                    "outcome": step.outcome,
                    "decided_on": localdate(step.decided_at).isoformat() if step.decided_at else "",
                    "sha256": step.seen_sha256,
                }
                for step in steps
            ],
        },
    )


def _attached(draft: Draft) -> list[str]:
    return list(draft.attachments.order_by("place").values_list("sha256", flat=True))
