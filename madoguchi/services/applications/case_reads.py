"""Cases as other services work on them: who, what was answered, what is known. Lists and one by its number."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor
from madoguchi.services.applications.models import Application, Merge
from madoguchi.services.applications.people import seen_by_actor
from madoguchi.services.applications.states import Outcome, Stage


@dataclass(frozen=True)
class CaseRead:
    """One case as it stands now."""

    id: int
    number: str
    version_id: int
    section_id: int
    procedure: str
    period_code: str
    channel: str
    stage: Stage
    outcome: Outcome | None
    answers: dict[str, Any]
    facts: dict[str, Any]
    resident_id: int | None
    applicant_name: str
    person_kana: str
    email: str
    received_at: datetime
    decided_at: datetime | None
    checks_to_look_at: int


COLUMNS = (
    *("pk", "number", "version_id", "section_id", "procedure", "period_code", "channel", "stage", "outcome"),
    *(
        "answers",
        "facts",
        "resident_id",
        "applicant_name",
        "person_kana",
        "email",
        "received_at",
        "decided_at",
    ),
    "checks_to_look_at",
)


def case_reads(application_ids: Iterable[int]) -> list[CaseRead]:
    """These cases in the order of their receipt; those the session does not see are left out."""
    return _read(Application.objects.filter(pk__in=set(application_ids)))


def accepted_cases(procedure: str, sections: Collection[int] | None) -> list[CaseRead]:
    """Every accepted case of a procedure in these sections (None: all), in the order of receipt."""
    rows = Application.objects.filter(procedure=procedure, stage=Stage.ACCEPTED)
    return _read(rows if sections is None else rows.filter(section_id__in=sections))


def withdrawn_cases(procedure: str, sections: Collection[int] | None) -> list[CaseRead]:
    """Every case of a procedure that was taken back; one that went into another has its answer there."""
    rows = Application.objects.filter(procedure=procedure, stage=Stage.WITHDRAWN)
    rows = rows.exclude(pk__in=Merge.objects.filter(undone_at__isnull=True).values("gone"))
    return _read(rows if sections is None else rows.filter(section_id__in=sections))


def own_case(number: str, by: Actor, at: datetime) -> CaseRead:
    """One case of the person who acts: the resident's own, or one of the clerk's sections. Raises NotFound."""
    found = _read(seen_by_actor(by, at).filter(number=number))
    if not found:
        raise NotFound("申請")
    return found[0]


def _read(rows: QuerySet[Application]) -> list[CaseRead]:
    return [_case(row) for row in rows.order_by("received_at", "pk").values(*COLUMNS)]


def _case(row: dict[str, Any]) -> CaseRead:
    stage, outcome = Stage(row.pop("stage")), row.pop("outcome")
    return CaseRead(id=row.pop("pk"), stage=stage, outcome=Outcome(outcome) if outcome else None, **row)
