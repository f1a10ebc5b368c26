"""Applications seen and sent by another system with an API key: its own section's only, never a protected person's.

The database session has plain sight here, so protected people are absent without a filter of ours.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.notices.queries import with_released_letters
from madoguchi.ledgers.documents import actions as documents
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.queries import documents_left, documents_of
from madoguchi.ledgers.documents.views import DocumentView, OpenedDocument
from madoguchi.ledgers.office.keys import KeyView
from madoguchi.ledgers.office.queries import acts_after, lines_of_trace
from madoguchi.ledgers.office.scopes import Scope, vouched_level
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import LoadedPackage, package_of
from madoguchi.ledgers.procedures.sensitivity import is_sensitive
from madoguchi.ledgers.procedures.structured import sent_answers
from madoguchi.services.applications.access import shown_stage
from madoguchi.services.applications.case_views import line
from madoguchi.services.applications.corrections import attach_file
from madoguchi.services.applications.errors import (
    KeyVouchesTooLittle,
    NotThisKeysSection,
    PeriodClosed,
    UploadUnknown,
)
from madoguchi.services.applications.intake import receipt_of, receive
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.moving import KIND, LOOKS, found, mark, subject_of
from madoguchi.services.applications.reading import period_of
from madoguchi.services.applications.rules import Raw
from madoguchi.services.applications.states import Channel, Outcome, Stage
from madoguchi.services.applications.typing_in import is_file_input
from madoguchi.services.applications.views import Receipt, TimelineRow

NAMESPACE = uuid.UUID("6f1d9c0e-4f0b-4c39-9a55-3f8b8b1d2a60")
RELEASED = "notices.released"
SCANNED = 2000
UPLOAD = "applications.upload"
"""Lines of the trace that one question for changes reads at most."""


@dataclass(frozen=True)
class Submission:
    """What another system sends. `idempotency_key` is its own name for this application."""

    loaded: LoadedPackage
    period_code: str
    raw: Raw
    idempotency_key: str


@dataclass(frozen=True)
class CaseLine:
    """Where a case stands, without personal data. `applicant_sees` hides a decision until its letter is out."""

    number: str
    procedure: str
    period: str
    channel: Channel
    stage: Stage
    outcome: Outcome | None
    applicant_sees: Stage
    received_at: datetime
    changed_at: datetime
    due_on: Any
    edition: int


@dataclass(frozen=True)
class KeyCase:
    """A whole case for another system. `answers` lack what the key may not read."""

    line: CaseLine
    version_id: int
    answers: dict[str, Any]
    score: Any
    documents: tuple[DocumentView, ...]
    timeline: tuple[TimelineRow, ...]


@dataclass(frozen=True)
class Changes:
    """Cases that changed after a cursor, in the order of their last change; `cursor` is where to go on."""

    lines: tuple[CaseLine, ...]
    cursor: int
    more: bool


@transaction.atomic
def receive_by_key(*, key: KeyView, sent: Submission, at: datetime) -> Receipt:
    """Receive an application from another system; the same idempotency key again gives the same receipt.

    Raises NotThisKeysSection, KeyVouchesTooLittle, PeriodClosed, UploadUnknown, AnswersIncomplete.
    """
    package = sent.loaded.package
    if sent.loaded.section_id != key.section_id:
        raise NotThisKeysSection(package.names.ja)
    level = vouched_level(key.scopes)
    if not package.required_identity.admits(level, level):
        raise KeyVouchesTooLittle(package.required_identity.ial, level)
    submission_key = uuid.uuid5(NAMESPACE, f"{key.id}:{sent.idempotency_key}")
    if former := already_received(submission_key):
        return former
    refuse_closed(package, sent.period_code, at)
    raw, uploads = with_documents(key, package.form, sent.raw)
    receipt = receive(
        version_id=sent.loaded.version_id,
        period_code=sent.period_code,
        raw=raw,
        channel=Channel.API,
        by=key.actor,
        at=at,
        submission_key=submission_key,
    )
    for upload in uploads:
        documents.hand_over(from_owner=upload, to_owner=Subject(KIND, str(receipt.application_id)))
    return receipt


@full_sight()
def already_received(submission_key: uuid.UUID) -> Receipt | None:
    """The receipt given before, also when the case has been hidden since: it says nothing about anybody."""
    former = Application.objects.filter(submission_key=submission_key).first()
    return receipt_of(former, again=True) if former else None


def refuse_closed(package: Any, period_code: str, at: datetime) -> None:
    period = period_of(package, period_code)
    if not period.is_open(timezone.localdate(at)):
        raise PeriodClosed(period.label.ja, period.opens, period.closes)


def keep_upload(*, key: KeyView, name: str, body: bytes, at: datetime) -> tuple[uuid.UUID, DocumentView]:
    """Keep a file that an application will name. Refused as the documents room refuses."""
    upload = uuid.uuid4()
    return upload, documents.keep_file(
        name=name, body=body, owner=upload_subject(key, str(upload)), by=key.actor, at=at
    )


def drop_unnamed_uploads(*, before: datetime) -> int:
    """Forget files that no application has named; says how many. An application names its files at once."""
    return documents.forget_files(document_ids=documents_left(UPLOAD, before=before))


def upload_subject(key: KeyView, upload: str) -> Subject:
    """Files of one key are nobody else's, whoever knows their number."""
    return Subject(UPLOAD, f"{key.id}:{upload}"[:60])


def with_documents(key: KeyView, form: Any, raw: Raw) -> tuple[Raw, list[Subject]]:
    """The files' own ids in place of the uploads'. Raises UploadUnknown; each upload serves once."""
    changed, owners = dict(raw), []
    for name, values in raw.items():
        if is_file_input(form, name):
            subjects = [upload_subject(key, value) for value in values]
            kept = [documents_of(subject) for subject in subjects]
            if not all(kept):
                raise UploadUnknown(name)
            changed[name] = [str(each.id) for files in kept for each in files]
            owners += subjects
    return changed, owners


@transaction.atomic
def case_by_key(*, key: KeyView, number: str, at: datetime, verb: str = "looked_at") -> KeyCase:
    """A whole case of the key's section; the look stands in the trace. NotFound for every other number."""
    application = of_section(key, number)
    mark(application, verb, key.actor, at=at, purpose=key.purpose)
    subject, form = subject_of(application), package_of(application.version_id).package.form
    sent, hidden = sent_answers(form, application.answers), hidden_fields(key, form)
    return KeyCase(
        line=next(lines_of([application])),
        version_id=application.version_id,
        answers={name: value for name, value in sent.items() if name not in hidden},
        score=application.score,
        documents=tuple(documents_of(subject)),
        timeline=tuple(line(row) for row in reversed(lines_of_trace(subject))),
    )


def hidden_fields(key: KeyView, form: Any) -> frozenset[str]:
    """The fields this key may not read."""
    if Scope.SENSITIVE_READ in key.scopes:
        return frozenset()
    return frozenset(
        name
        for name, each in form.fields.items()
        if is_sensitive(each) or any(is_sensitive(column) for column in each.columns)
    )


def of_section(key: KeyView, number: str) -> Application:
    return found(Application.objects.filter(section_id=key.section_id), number)


def statuses(key: KeyView, numbers: list[str]) -> list[CaseLine]:
    """申請処理状況一覧取得: where these cases stand; those the key does not see are left out."""
    rows = Application.objects.filter(section_id=key.section_id, number__in=numbers).order_by("number")
    return list(lines_of(list(rows)))


def changes_after(key: KeyView, cursor: int, limit: int, *, procedure: str = "") -> Changes:
    """申請データ一覧取得: the cases that changed after a cursor, each once with its present state.

    The cursor is a number of the trace, which the database gives out in the order of commit: a change that was
    slow to commit cannot be overtaken and missed, as it could by its time.
    """
    acts = acts_after(cursor, KIND, SCANNED)
    told = [act for act in acts if is_change(act.verb)]
    wanted = Application.objects.filter(
        section_id=key.section_id, pk__in={int(act.subject_id) for act in told if act.subject_id.isdigit()}
    )
    rows = {str(each.pk): each for each in (wanted.filter(procedure=procedure) if procedure else wanted)}
    last = {act.subject_id: act.seq for act in told if act.subject_id in rows}
    ordered = sorted(last.items(), key=lambda pair: pair[1])
    chosen = ordered[:limit]
    whole = len(chosen) == len(ordered)
    reached = max((act.seq for act in acts), default=cursor) if whole else chosen[-1][1]
    more = not whole or len(acts) == SCANNED
    return Changes(tuple(lines_of([rows[pk] for pk, _ in chosen])), reached, more)


def is_change(verb: str) -> bool:
    return verb not in LOOKS and (verb.startswith("applications.") or verb == RELEASED)


def lines_of(rows: list[Application]) -> Iterator[CaseLine]:
    released = released_ids(rows)
    for row in rows:
        stage = Stage(row.stage)
        yield CaseLine(
            number=row.number,
            procedure=row.procedure,
            period=row.period_code,
            channel=Channel(row.channel),
            stage=stage,
            outcome=Outcome(row.outcome) if row.outcome else None,
            applicant_sees=shown_stage(stage, row.pk in released),
            received_at=row.received_at,
            changed_at=row.changed_at,
            due_on=row.due_on,
            edition=row.edition,
        )


def released_ids(rows: list[Application]) -> frozenset[int]:
    """The decided ones of these whose letter is out."""
    decided = [subject_of(row) for row in rows if row.stage == Stage.DECIDED]
    return frozenset(int(subject.id) for subject in with_released_letters(decided))


@transaction.atomic
def attach_by_key(*, key: KeyView, number: str, name: str, body: bytes, at: datetime) -> DocumentView:
    """Add a file to a case of the key's section. NotFound, WrongStage, and as the documents room refuses."""
    of_section(key, number)
    return attach_file(number=number, by=key.actor, name=name, body=body, at=at)


def document_by_key(*, key: KeyView, number: str, document_id: uuid.UUID, at: datetime) -> OpenedDocument:
    """One file of a case of the key's section, with the key's purpose in the trace."""
    owner = subject_of(of_section(key, number))
    return open_document(document_id, owner=owner, by=key.actor, at=at, purpose=key.purpose)


def documents_by_key(key: KeyView, number: str) -> list[DocumentView]:
    return documents_of(subject_of(of_section(key, number)))
