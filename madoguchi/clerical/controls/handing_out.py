"""Evidence handed out as a file, with its purpose in the trace. Part of actions.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls import evidence
from madoguchi.clerical.controls.drawing import require_auditor
from madoguchi.clerical.controls.models import ControlSample, Finding
from madoguchi.clerical.controls.overseeing import FindingFilters, findings_matching, sample_of
from madoguchi.clerical.controls.queries import checklists_about, view_of
from madoguchi.clerical.controls.rules import spoken
from madoguchi.clerical.controls.sampling import Candidate
from madoguchi.clerical.controls.views import FindingView
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

Kind = Literal["csv", "zip"]


@transaction.atomic
def export_findings(*, filters: FindingFilters, kind: Kind, purpose: str, by: Staff, at: datetime) -> bytes:
    """The exceptions of a page as CSV, or as ZIP with CSV, JSON and manifest. Refused: NotAllowed, ReasonMissing."""
    require_auditor(by, at)
    said = spoken(purpose, "書き出す目的")
    found = [view_of(row) for row in findings_matching(by, filters, at)]
    sensitive = _sees_sensitive(by, at)
    asked = {name: str(value) for name, value in vars(filters).items() if value}
    _trace("findings", len(found), said, asked, by, at)
    if kind == "csv":
        return evidence.as_csv(evidence.finding_lines(found, sensitive=sensitive))
    about = {"made_by": by.name, "purpose": said, "conditions": asked, "findings": len(found)}
    return evidence.packed(_files(found, sensitive=sensitive), about, at)


@transaction.atomic
def export_sample(*, sample_id: UUID, purpose: str, by: Staff, at: datetime) -> bytes:
    """A sample as ZIP: list, seed, weights, results, and every exception of the drawn cases. Refused: NotFound too."""
    require_auditor(by, at)
    said = spoken(purpose, "書き出す目的")
    view = sample_of(by, sample_id, at)
    if view is None:
        raise NotFound("抽出")
    found = _findings_of(view.sample, by, at)
    files = evidence.sample_files(view, _listed(view.sample))
    files |= _files(found, sensitive=_sees_sensitive(by, at))
    _trace(str(sample_id), len(view.items), said, {}, by, at)
    about = {"made_by": by.name, "purpose": said, "cases": len(view.items), "findings": len(found)}
    return evidence.packed(files, about, at)


def _files(found: list[FindingView], *, sensitive: bool) -> dict[str, bytes]:
    lists = checklists_about([each.subject for each in found])
    return evidence.finding_files(found, lists, sensitive=sensitive)


def _listed(sample: ControlSample) -> list[Candidate]:
    return [Candidate(row.subject_kind, row.subject_id, row.label, row.points) for row in sample.cases.all()]


def _findings_of(sample: ControlSample, by: Staff, at: datetime) -> list[FindingView]:
    wanted = set(sample.cases.filter(place__isnull=False).values_list("subject_kind", "subject_id"))
    rows = findings_matching(by, FindingFilters(), at).filter(subject_id__in={key for _, key in wanted})
    return [view_of(row) for row in rows if _subject(row) in wanted]


def _subject(row: Finding) -> tuple[str, str]:
    return row.subject_kind, row.subject_id


def _sees_sensitive(by: Staff, at: datetime) -> bool:
    return Power.SEE_SENSITIVE in powers_of(by, timezone.localdate(at))


def _trace(what: str, rows: int, purpose: str, asked: dict[str, str], by: Staff, at: datetime) -> None:
    note = {"rows": rows, "conditions": asked}
    about = Subject("controls.evidence", what)
    leave_trace(actor_of(by), "controls.evidence_exported", about, at=at, purpose=purpose[:200], note=note)
