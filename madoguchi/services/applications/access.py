"""One application for one person. Every look by staff leaves a trace with its purpose."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from madoguchi.clerical.notices.queries import released_letters_of
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import OpenedDocument
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.moving import found, mark, same_person, subject_of
from madoguchi.services.applications.people import require
from madoguchi.services.applications.states import NEXT, Channel, CheckResult, Outcome, Stage, may_move
from madoguchi.services.applications.views import (
    CaseView,
    CheckView,
    CorrectionView,
    StatusView,
    TimelineRow,
)
from madoguchi.services.applications.words import sentence_of

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff
    from madoguchi.ledgers.registry.views import VisitorView

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
    "edition",
]
ON_THE_WAY = (Stage.RECEIVED, Stage.ACCEPTED, Stage.DECIDED)


@transaction.atomic
def application_for(staff: "Staff", number: str, *, at: datetime, purpose: str) -> CaseView:
    """The whole case for a member of staff. Raises NotAllowed without 「申請を見る」, NotFound otherwise."""
    require(staff, Power.SEE_CASES, at=at)
    application = found(Application.objects.select_related("assigned_to"), number)
    view = case_view(application)
    mark(application, "looked_at", actor_of(staff), at=at, purpose=purpose)
    return view


def case_view(application: Application) -> CaseView:
    """Everything of one case. Whoever calls it has seen to the right and leaves the trace."""
    stage = Stage(application.stage)
    subject = subject_of(application)
    return CaseView(
        **{name: getattr(application, name) for name in SAME_COLUMNS},
        channel=Channel(application.channel),
        stage=stage,
        outcome=Outcome(application.outcome) if application.outcome else None,
        checks=tuple(_check_view(check) for check in application.checks.order_by("pk")),
        corrections=tuple(_correction_view(each) for each in application.corrections.order_by("asked_at")),
        documents=tuple(documents_of(subject)),
        timeline=tuple(_line(row) for row in trace_of(subject).order_by("-seq")),
        same_person=tuple(same_person(application, application.person_key)),
        assigned_to_name=application.assigned_to.name if application.assigned_to else "",
        may_go_to=NEXT[stage],
    )


def _check_view(check: Any) -> CheckView:
    return CheckView(
        check.code,
        check.label,
        CheckResult(check.result),
        check.sentence,
        check.about,
        check.correction,
        check.settled_by,
        check.settled_reason,
    )


def _correction_view(correction: Correction) -> CorrectionView:
    keys = dict.fromkeys([*correction.before, *correction.after])
    return CorrectionView(
        tuple(correction.fields),
        correction.message,
        correction.asked_at,
        correction.due_on,
        correction.answered_at,
        tuple((key, correction.before.get(key), correction.after.get(key)) for key in keys),
        correction.score_before,
        correction.score_after,
    )


def _line(row: Any) -> TimelineRow:
    told = sentence_of(row.verb, row.note)
    return TimelineRow(row.happened_at, row.actor_kind, row.actor_name, row.verb, told, row.purpose, row.note)


def application_of(visitor: "VisitorView", number: str) -> StatusView:
    """The own case of a visitor of the portal; anybody else's is NotFound."""
    return status_for(visitor.id, number)


def status_for(visitor_id: uuid.UUID, number: str) -> StatusView:
    """What the applicant sees. A decision shows only from the moment its letter is released."""
    application = found(Application.objects.filter(visitor_id=visitor_id), number)
    released = tuple(released_letters_of(subject_of(application)))
    stage = shown_stage(Stage(application.stage), bool(released))
    # Who applied for another reads the outcome only where the package sends the letters to them.
    letters = () if application.proxy.get("通知先") == "applicant" else released
    asked = application.corrections.filter(answered_at__isnull=True).first()
    return StatusView(
        application.pk,
        application.number,
        application.version_id,
        application.procedure,
        application.period_code,
        Channel(application.channel),
        application.person_name,
        stage,
        Outcome(application.outcome) if stage == Stage.DECIDED and letters else None,
        application.received_at,
        application.due_on,
        application.raw,
        application.answers,
        _correction_view(asked) if asked else None,
        letters,
        may_move(stage, Stage.WITHDRAWN),
        application.edition,
        tuple(_steps(application, bool(released))),
        application.proxy,
    )


def answered_correction(visitor_id: uuid.UUID, number: str) -> CorrectionView | None:
    """The correction an applicant answered last, for its receipt; of anybody else's case NotFound."""
    application = found(Application.objects.filter(visitor_id=visitor_id), number)
    last = application.corrections.filter(answered_at__isnull=False).order_by("-answered_at").first()
    return _correction_view(last) if last else None


def shown_stage(stage: Stage, released: bool) -> Stage:
    """The stage as the applicant is told it: a decision without a released letter is still 決裁中."""
    return Stage.DECIDING if stage == Stage.DECIDED and not released else stage


def _steps(application: Application, released: bool) -> Iterable[tuple[Stage, datetime | None]]:
    done = {row.verb: row.happened_at for row in trace_of(subject_of(application))}
    times = {
        Stage.RECEIVED: application.received_at,
        Stage.ACCEPTED: done.get("applications.accepted"),
        Stage.DECIDED: application.decided_at if released else None,
    }
    return [(stage, times[stage]) for stage in ON_THE_WAY]


def document_for(
    staff: "Staff", number: str, document_id: uuid.UUID | str, *, at: datetime, purpose: str
) -> OpenedDocument:
    """One file of a case for a member of staff, with the purpose in the trace."""
    require(staff, Power.SEE_CASES, at=at)
    owner = subject_of(found(Application.objects.only("pk"), number))
    return open_document(document_id, owner=owner, by=actor_of(staff), at=at, purpose=purpose)
