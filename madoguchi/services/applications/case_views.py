"""A case with everything that hangs on it, from its row to what screens read."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.procedures.queries import loaded
from madoguchi.services.applications.casework_views import (
    NEVER,
    ColleagueView,
    comment_view,
    day,
    fact_view,
    merge_view,
    moment,
)
from madoguchi.services.applications.clock_rules import Pause
from madoguchi.services.applications.moving import subject_of
from madoguchi.services.applications.states import NEXT, Channel, CheckResult, Outcome, PauseReason, Stage
from madoguchi.services.applications.views import CaseView, CheckView, CorrectionView, TimelineRow
from madoguchi.services.applications.words import sentence_of

SAME_COLUMNS = [
    "id",
    "number",
    "version_id",
    "procedure",
    "section_id",
    "period_code",
    "outcome_facts",
    "person_name",
    "person_kana",
    "applicant_name",
    "proxy",
    "email",
    "grade",
    "first_wish",
    "score",
    "score_sheet",
    "raw",
    "answers",
    "facts",
    "visitor_id",
    "resident_id",
    "assigned_to_id",
    "received_at",
    "due_on",
    "clock_stopped_on",
    "decided_at",
    "delay_reason",
    "edition",
]


def case_view(application: Any) -> CaseView:
    """The view of a row that case_rows.with_everything gave."""
    stage = Stage(application.stage)
    subject = subject_of(application)
    return CaseView(
        **{name: getattr(application, name) for name in SAME_COLUMNS},
        channel=Channel(application.channel),
        stage=stage,
        outcome=Outcome(application.outcome) if application.outcome else None,
        checks=tuple(check_view(row) for row in application.all_checks),
        corrections=tuple(correction_view(row) for row in application.all_corrections),
        documents=tuple(documents_of(subject)),
        timeline=tuple(line(row) for row in trace_of(subject).order_by("-seq")),
        same_person=tuple(application.same_persons),
        assigned_to_name=application.assigned_to.name if application.assigned_to else "",
        may_go_to=NEXT[stage],
        is_protected=application.protection_id is not None,
        package=loaded(application.version).package,
        pauses=tuple(pause_view(row) for row in application.all_pauses),
        comments=tuple(comment_view(row) for row in application.all_comments),
        staff_facts=tuple(fact_view(row) for row in application.all_facts),
        colleagues=tuple(ColleagueView(**row) for row in application.colleagues),
        went_into=next((merge_view(row) for row in application.went_to), None),
        took_in=tuple(merge_view(row) for row in application.came_in),
    )


def check_view(row: Mapping[str, Any]) -> CheckView:
    return CheckView(**{**row, "result": CheckResult(row["result"])})


def pause_view(row: Mapping[str, Any]) -> Pause:
    stopped = date.fromisoformat(row["stopped_on"])
    return Pause(stopped, day(row["resumed_on"]), PauseReason(row["reason"]), row["note"])


def correction_view(row: Mapping[str, Any]) -> CorrectionView:
    """補正 from a row of JSON or from the columns of a model."""
    keys = dict.fromkeys([*row["before"], *row["after"]])
    former, later = row["checks_before"] or {}, row["checks_after"] or {}
    return CorrectionView(
        tuple(row["fields"]),
        row["message"],
        as_moment(row["asked_at"]) or NEVER,
        date.fromisoformat(str(row["due_on"])),
        as_moment(row["answered_at"]),
        tuple((key, row["before"].get(key), row["after"].get(key)) for key in keys),
        points(row["score_before"]),
        points(row["score_after"]),
        tuple(
            (label, former.get(label, ""), later.get(label, ""))
            for label in dict.fromkeys([*former, *later])
            if former.get(label) != later.get(label)
        ),
    )


def as_moment(value: Any) -> datetime | None:
    return moment(value) if isinstance(value, str) else value


def points(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def line(row: Any) -> TimelineRow:
    told = sentence_of(row.verb, row.note)
    return TimelineRow(
        row.happened_at, row.actor_kind, row.actor_name, row.verb, told, row.purpose, row.note, row.actor_id
    )
