"""One application for one person. Every look by staff leaves a trace with its purpose."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from madoguchi.clerical.notices.queries import released_letters_of
from madoguchi.clerical.notices.views import LetterView
from madoguchi.common.text import strip_controls
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.views import OpenedDocument
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.prepared import prepared, prepared_objects, slot
from madoguchi.ledgers.office.queries import lines_of_trace
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications.case_rows import with_everything
from madoguchi.services.applications.case_views import case_view, correction_view
from madoguchi.services.applications.casework_models import Merge
from madoguchi.services.applications.comments import mentions_seen
from madoguchi.services.applications.messages_read import own_message_document as own_message_document
from madoguchi.services.applications.messages_read import own_messages as own_messages
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.moving import KIND, found, mark, subject_of
from madoguchi.services.applications.people import require, sections_seen, seen_by
from madoguchi.services.applications.states import Channel, Outcome, Stage, may_move
from madoguchi.services.applications.views import CaseView, CorrectionView, StatusView
from madoguchi.services.applications.withholding import case_for, withheld_documents

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff
    from madoguchi.ledgers.registry.views import VisitorView

ON_THE_WAY = (Stage.RECEIVED, Stage.ACCEPTED, Stage.DECIDED)


@transaction.atomic
def application_for(staff: "Staff", number: str, *, at: datetime, purpose: str) -> CaseView:
    """The case as this member of staff may read it. Raises NotAllowed without 「申請を見る」, NotFound otherwise."""
    held = require(staff, Power.SEE_CASES, at=at)
    sections = sections_seen(staff, timezone.localdate(at), held=held)
    told = with_everything(
        number=strip_controls(number), sections=None if sections is None else list(sections)
    )
    if not told:
        raise NotFound("申請")
    view = case_view(told[0])
    if any(staff.pk in comment.calls for comment in view.comments):
        mentions_seen(view.id, staff.pk, at=at)
    leave_trace(
        actor_of(staff), "applications.looked_at", Subject(KIND, str(view.id)), at=at, purpose=purpose
    )
    return case_for(view, held)


def application_of(visitor: "VisitorView", number: str) -> StatusView:
    """The own case of a visitor of the portal; anybody else's is NotFound."""
    return status_for(visitor.id, number)


def status_for(visitor_id: uuid.UUID, number: str) -> StatusView:
    """What the applicant sees. A decision shows only from the moment its letter is released."""
    asked_for = own_case(visitor_id, number)
    into = next(iter(_ask_into(id=asked_for.pk)), None)
    # The case of another visitor stays closed: one parent never opens what the other handed in.
    led_on = into is not None and into["kept__visitor_id"] == visitor_id
    application = own_case(visitor_id, into["kept__number"]) if into and led_on else asked_for
    released = tuple(released_letters_of(subject_of(application)))
    stage = shown_stage(Stage(application.stage), bool(released))
    # Who applied for another reads the outcome only where the package sends the letters to them.
    letters = () if application.proxy.get("通知先") == "applicant" else released
    asked = next(iter(_ask_open_correction(id=application.pk)), None)
    if asked and asked.seen_at is None:
        Correction.objects.filter(pk=asked.pk).update(seen_at=Now())
    return StatusView(
        application.pk,
        application.number,
        application.version_id,
        application.procedure,
        application.period_code,
        Channel(application.channel),
        application.person_name,
        stage,
        shown_outcome(application.outcome, application.outcome_facts, letters)
        if stage == Stage.DECIDED and letters
        else None,
        application.received_at,
        application.due_on,
        application.raw,
        application.answers,
        correction_view(vars(asked)) if asked else None,
        letters,
        may_move(stage, Stage.WITHDRAWN),
        application.edition,
        tuple(_steps(application, bool(released))),
        application.proxy,
        into is not None and not led_on,
        number if led_on else "",
    )


def own_case(visitor_id: uuid.UUID, number: str) -> Application:
    """The case of a visitor with this number. Raises NotFound, also for text that cannot be a number."""
    told: list[Application] = _ask_own(number=strip_controls(number), visitor=visitor_id)
    if not told:
        raise NotFound("申請")
    return told[0]


def _of_visitor() -> Any:
    return Application.objects.filter(number=slot("number", "text"), visitor_id=slot("visitor", "uuid"))


def _into() -> Any:
    rows = Merge.objects.filter(gone_id=slot("id", "bigint"), undone_at__isnull=True)
    return rows.values("kept__visitor_id", "kept__number")


def _open_correction() -> Any:
    return Correction.objects.filter(application_id=slot("id", "bigint"), answered_at__isnull=True)


_ask_own = prepared_objects(_of_visitor)
_ask_into = prepared(_into)
_ask_open_correction = prepared_objects(_open_correction)


def answered_correction(visitor_id: uuid.UUID, number: str) -> CorrectionView | None:
    """The correction an applicant answered last, for its receipt; of anybody else's case NotFound."""
    application = found(Application.objects.filter(visitor_id=visitor_id), number)
    last = application.corrections.filter(answered_at__isnull=False).order_by("-answered_at").first()
    return correction_view(vars(last)) if last else None


def shown_outcome(outcome: str, facts: Mapping[str, Any], letters: Iterable[LetterView]) -> Outcome:
    """The outcome as the applicant is told it: one decided again only when the letter that tells it is out."""
    waited_for = facts.get("letter", "")
    is_told = not waited_for or any(letter.kind == waited_for for letter in letters)
    return Outcome(outcome if is_told else facts["former"])


def shown_stage(stage: Stage, released: bool) -> Stage:
    """The stage as the applicant is told it: a decision without a released letter is still 決裁中."""
    return Stage.DECIDING if stage == Stage.DECIDED and not released else stage


def _steps(application: Application, released: bool) -> Iterable[tuple[Stage, datetime | None]]:
    lines = lines_of_trace(subject_of(application))
    done = {line["verb"]: line["happened_at"] for line in reversed(lines)}
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
    held = require(staff, Power.SEE_CASES, at=at)
    application = found(seen_by(staff, at, held=held).only("pk", "raw", "version"), number)
    owner = subject_of(application)
    if str(document_id) in withheld_documents(application, held):
        raise NotFound("書類")
    return open_document(document_id, owner=owner, by=actor_of(staff), at=at, purpose=purpose)


@transaction.atomic
def report_copy(staff: "Staff", number: str, *, at: datetime, purpose: str) -> None:
    """写した: the look of somebody who takes the answers elsewhere, with the purpose."""
    held = require(staff, Power.SEE_CASES, at=at)
    application = found(seen_by(staff, at, held=held).only("pk"), number)
    mark(application, "copied", actor_of(staff), at=at, purpose=purpose.strip() or "写し")
