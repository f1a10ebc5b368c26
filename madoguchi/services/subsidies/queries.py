"""Batches and the cases that wait for their decision, to look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from madoguchi.clerical.controls.queries import open_findings
from madoguchi.services.applications.case_reads import CaseRead, accepted_cases
from madoguchi.services.subsidies.controlling import subject_of
from madoguchi.services.subsidies.models import Batch
from madoguchi.services.subsidies.package_file import Subsidy
from madoguchi.services.subsidies.states import BatchKind, BatchState
from madoguchi.services.subsidies.withdrawals import waiting_for_their_letter as waiting_for_their_letter


@dataclass(frozen=True)
class GrantRow:
    """An accepted case with what it asks for, and the exceptions of its controls that stand open."""

    case: CaseRead
    amount: int
    open_controls: tuple[str, ...]


@dataclass(frozen=True)
class BatchRow:
    """One draft of this room."""

    id: int
    kind: BatchKind
    state: BatchState
    draft_id: int | None
    drafted_by: str
    drafted_at: datetime
    items: int
    total: int
    number: str = ""


def grant_rows(slug: str, subsidy: Subsidy, sections: Collection[int] | None) -> list[GrantRow]:
    """Every accepted case of a procedure, in the order of receipt."""
    return [
        GrantRow(
            case,
            amount if isinstance(amount := case.answers.get(subsidy.amount), int) else 0,
            tuple(each.label for each in open_findings(subject_of(case))),
        )
        for case in accepted_cases(slug, sections)
    ]


def batches(slug: str, limit: int = 20) -> list[BatchRow]:
    """The drafts of a procedure's grants, newest first, as far as their cases are in sight."""
    rows = Batch.objects.filter(kind=BatchKind.GRANT, procedure=slug).select_related("drafted_by", "draft")
    return [
        BatchRow(
            row.pk,
            BatchKind(row.kind),
            BatchState(row.state),
            row.draft_id,
            row.drafted_by.name,
            row.drafted_at,
            len(amounts := list(row.items.values_list("amount", flat=True))),
            sum(amounts),
            row.draft.number if row.draft else "",
        )
        for row in rows.order_by("-pk")[:limit]
    ]


def settled_grants() -> list[int]:
    """The batches of grants that are decided, oldest first."""
    rows = Batch.objects.filter(kind=BatchKind.GRANT, state=BatchState.SETTLED)
    return list(rows.order_by("pk").values_list("pk", flat=True))
