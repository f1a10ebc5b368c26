"""可読性の確認: every attachment of a file is opened before it closes, and every five years (records rule RR07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, Q

from madoguchi.clerical.decisions.evidence import SUBJECT
from madoguchi.clerical.records.models import CaseFile, FiledDraft, ReadabilityCheck
from madoguchi.clerical.records.states import FileState
from madoguchi.clerical.records.tracing import trace_file
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.rules import check_file
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Subject

EVERY_YEARS = 5
A_NIGHT = 20
PURPOSE = "可読性の確認"


def keep_check(file: CaseFile, at: datetime) -> ReadabilityCheck:
    """Open every attachment of a file, one at a time, and keep what was found. Nothing is refused: a fault is shown."""
    seen, faults = 0, []
    drafts = FiledDraft.objects.filter(file=file).select_related("draft").order_by("pk")
    for filed in drafts:
        owner = Subject(SUBJECT, str(filed.draft_id))
        for place, document in enumerate(documents_of(owner), 1):
            seen += 1
            faults += [
                f"起案 {filed.draft.number} の添付{place}: {why}" for why in _faults(document, owner, at)
            ]
    row = ReadabilityCheck.objects.create(file=file, checked_at=at, documents=seen, faults=faults)
    trace_file(SYSTEM, "file_checked", file, at, documents=seen, faults=len(faults))
    return row


def _faults(document: DocumentView, owner: Subject, at: datetime) -> Iterator[str]:
    """What is wrong with one attachment: held, another content than was attached, or another format than its name."""
    try:
        body = open_document(document.id, owner=owner, by=SYSTEM, at=at, purpose=PURPOSE).body
        if sha256(body).hexdigest() != document.sha256:
            yield "中身が、綴じたときのハッシュと違います。"
        check_file(document.name, body, len(body))
    except Refusal as refusal:
        yield refusal.sentence


@full_sight()
def check_readable_files(*, at: datetime) -> int:
    """Every night: the files in keeping whose last look is five years ago, some at a time; says how many."""
    before = at.replace(year=at.year - EVERY_YEARS, day=min(at.day, 28))
    kept = CaseFile.objects.filter(state__in=[FileState.CLOSED, FileState.LISTED])
    due = kept.annotate(last=Max("checks__checked_at")).filter(Q(last__isnull=True) | Q(last__lte=before))
    keys = list(due.order_by("last", "pk").values_list("pk", flat=True)[:A_NIGHT])
    for key in keys:
        with transaction.atomic():
            keep_check(CaseFile.objects.select_for_update().get(pk=key), at)
    return len(keys)
