"""A case with everything that hangs on it, from its row to what screens read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.queries import lines_of_trace
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.known import package_at
from madoguchi.services.applications.case_rows import SAME_COLUMNS
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
from madoguchi.services.applications.moving import KIND
from madoguchi.services.applications.states import (
    NEXT,
    Channel,
    CheckResult,
    Direction,
    Outcome,
    PauseReason,
    Stage,
)
from madoguchi.services.applications.views import (
    CaseView,
    CheckView,
    CorrectionView,
    MessageView,
    TimelineRow,
)
from madoguchi.services.applications.words import sentence_of

TOLD = ("actor_kind", "actor_name", "verb", "purpose", "note", "actor_id")


def case_view(told: Mapping[str, Any]) -> CaseView:
    """The view of a row that case_rows.with_everything gave."""
    stage = Stage(told["stage"])
    subject = Subject(KIND, str(told["id"]))
    documents = tuple(documents_of(subject))
    return CaseView(
        **{name: told[name] for name in SAME_COLUMNS},
        channel=Channel(told["channel"]),
        stage=stage,
        outcome=Outcome(told["outcome"]) if told["outcome"] else None,
        checks=tuple(check_view(row) for row in told["all_checks"]),
        corrections=tuple(correction_view(row) for row in told["all_corrections"]),
        documents=documents,
        timeline=tuple(line(row) for row in lines_of_trace(subject)),
        same_person=tuple(told["same_persons"]),
        assigned_to_name=told["assigned_to__name"] or "",
        may_go_to=NEXT[stage],
        is_protected=told["protection_id"] is not None,
        package=package_at(told["version_id"], told["version__sha256"]),
        pauses=tuple(pause_view(row) for row in told["all_pauses"]),
        comments=tuple(comment_view(row) for row in told["all_comments"]),
        staff_facts=tuple(fact_view(row) for row in told["all_facts"]),
        colleagues=tuple(ColleagueView(**row) for row in told["colleagues"]),
        went_into=next((merge_view(row) for row in told["went_to"]), None),
        took_in=tuple(merge_view(row) for row in told["came_in"]),
        has_moved=told["has_moved"],
        messages=talk_of(told["all_messages"], documents),
    )


def talk_of(rows: Iterable[Mapping[str, Any]], documents: Iterable[DocumentView]) -> tuple[MessageView, ...]:
    """Messages from rows of JSON or columns, each with those of the files that came with it."""
    files = {str(each.id): each for each in documents}
    return tuple(
        MessageView(
            row["id"],
            Direction(row["direction"]),
            row["author_name"],
            row["text"],
            tuple(files[each] for each in row["documents"] if each in files),
            as_moment(row["sent_at"]) or NEVER,
            as_moment(row["read_at"]),
        )
        for row in rows
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


def line(row: Mapping[str, Any]) -> TimelineRow:
    told = sentence_of(row["verb"], row["note"])
    return TimelineRow(sentence=told, at=row["happened_at"], **{name: row[name] for name in TOLD})
