"""Lists of applications; one application for one person is in access.py, figures in facts.py."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.known import packages_of
from madoguchi.services.applications.access import answered_correction, shown_stage, status_for
from madoguchi.services.applications.answer_words import plan_of
from madoguchi.services.applications.bulk_queries import bulk_of, failures_of, has_file, preview
from madoguchi.services.applications.exporting import export_count
from madoguchi.services.applications.facts import median_minutes
from madoguchi.services.applications.ledger import (
    SORTS,
    SORTS_EVERYWHERE,
    VIEWS,
    Filters,
    LedgerPage,
    LedgerRow,
    chosen_numbers,
    counts_by_day,
    export_rows,
    ledger,
)
from madoguchi.services.applications.messages_read import messages_of, unread_for_visitor, unread_messages
from madoguchi.services.applications.models import Application, Merge
from madoguchi.services.applications.saved_views import ledger_desk
from madoguchi.services.applications.searching import Snippet, snippets, words_of
from madoguchi.services.applications.states import Outcome, Stage
from madoguchi.services.applications.unsent import unsent_list, unsent_of
from madoguchi.services.applications.views import Candidate

__all__ = [
    "SORTS",
    "SORTS_EVERYWHERE",
    "VIEWS",
    "Filters",
    "LedgerPage",
    "LedgerRow",
    "Standing",
    "accepted_for_allocation",
    "answered_correction",
    "bulk_of",
    "candidates",
    "chosen_numbers",
    "counts_by_day",
    "export_count",
    "export_rows",
    "failures_of",
    "has_file",
    "ledger",
    "ledger_desk",
    "median_minutes",
    "messages_of",
    "my_applications",
    "number_of",
    "preview",
    "shown_stage",
    "snippets_of",
    "standing_of",
    "status_for",
    "unread_for_visitor",
    "unread_messages",
    "unsent_list",
    "unsent_of",
    "waiting_for_allocation",
    "withdrawn_ids",
]

CANDIDATE = [
    "pk",
    "number",
    "answers",
    "facts",
    "score_sheet",
    "person_key",
    "person_name",
    "grade",
    "visitor_id",
    "email",
    "received_at",
    "applicant_name",
]


def accepted_for_allocation(procedure: str, period_code: str) -> Iterator[Candidate]:
    """Every accepted application of a period in the order of receipt."""
    rows = Application.objects.filter(procedure=procedure, period_code=period_code, stage=Stage.ACCEPTED)
    return _candidates(rows.order_by("received_at", "pk"))


def waiting_for_allocation(procedure: str, period_code: str) -> Iterator[Candidate]:
    """Every decided application of a period that waits for a seat and has not given up waiting."""
    rows = Application.objects.filter(
        procedure=procedure, period_code=period_code, stage=Stage.DECIDED, outcome=Outcome.WAITLISTED
    ).exclude(outcome_facts__has_key="declined_on")
    return _candidates(rows.order_by("received_at", "pk"))


def candidates(application_ids: Iterable[int]) -> Iterator[Candidate]:
    """The same for named applications in any stage, as letters need them."""
    return _candidates(Application.objects.filter(pk__in=list(application_ids)).order_by("pk"))


def withdrawn_ids(procedure: str, period_code: str) -> list[int]:
    """The applications of a period that were taken back; one that went into another has its answer there."""
    merged = Merge.objects.filter(undone_at__isnull=True).values("gone")
    rows = Application.objects.filter(procedure=procedure, period_code=period_code, stage=Stage.WITHDRAWN)
    rows = rows.exclude(pk__in=merged)
    return list(rows.values_list("pk", flat=True))


def _candidates(rows: Any) -> Iterator[Candidate]:
    for row in rows.values_list(*CANDIDATE).iterator(chunk_size=1000):
        told = dict(zip(CANDIDATE, row, strict=True))
        yield Candidate(
            application_id=told.pop("pk"),
            household_key=told["facts"].get("household_key", ""),
            **told,
        )


def my_applications(visitor_id: uuid.UUID) -> list[tuple[str, str, str, Stage, Any]]:
    """Number, procedure, person, stage and time of receipt of a visitor's own cases, newest first."""
    rows = Application.objects.filter(visitor_id=visitor_id).order_by("-received_at")
    columns = rows.values_list("number", "procedure", "person_name", "stage", "received_at")
    return [(number, slug, name, Stage(stage), at) for number, slug, name, stage, at in columns]


def number_of(application_id: int) -> str | None:
    """The receipt number of an application, for links from other rooms."""
    return Application.objects.filter(pk=application_id).values_list("number", flat=True).first()


def snippets_of(
    rows: Iterable[LedgerRow], text: str, powers: frozenset[Power], *, most: int = 2
) -> dict[int, list[Snippet]]:
    """Where the words of a search stand in the answers of these rows, as far as the reader may see them."""
    words = words_of(text)
    listed = {row.id: row.version_id for row in rows} if words else {}
    plans = {version: plan_of(each) for version, each in packages_of(listed.values()).items()}
    answers = Application.objects.filter(pk__in=list(listed)).values_list("pk", "answers") if listed else ()
    return {pk: snippets(plans[listed[pk]], told, words, powers, most) for pk, told in answers}


@dataclass(frozen=True)
class Standing:
    """Which section a case belongs to and where it stands, without personal data."""

    id: int
    number: str
    stage: Stage
    section_id: int


def standing_of(application_ids: Iterable[int]) -> dict[int, Standing]:
    """Where these cases stand; those the session does not see are left out."""
    rows = Application.objects.filter(pk__in=set(application_ids))
    told = rows.values_list("pk", "number", "stage", "section_id")
    return {pk: Standing(pk, number, Stage(stage), section) for pk, number, stage, section in told}
