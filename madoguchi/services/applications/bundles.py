"""まとめて印刷. The bundle of one case for a member of staff, with the purpose in the trace; large ones as a job."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.bundle_pdf import Cover, Paper, Printed, bundle
from madoguchi.services.applications.models import Application, PrintedBundle
from madoguchi.services.applications.moving import found, mark, subject_of
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.withholding import withheld_documents

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

AT_ONCE_BYTES, AT_ONCE_FILES = 6 * 1024 * 1024, 12
"""Larger bundles are made by a worker: no page waits longer than a breath."""
KIND = "applications.bundle"
Answers = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class PurposeMissing(Refusal):
    code = "applications.purpose_missing"


@transaction.atomic
def print_bundle(
    *, number: str, title: str, answers: Answers, purpose: str, by: "Staff", at: datetime
) -> Printed:
    """The bundle as a PDF. `answers` are the lines this person may read."""
    held = require(by, Power.SEE_CASES, at=at)
    rows = seen_by(by, at, held=held).only("pk", "number", "person_name", "raw", "version")
    application = found(rows, number)
    said = spoken(purpose, 200)
    if not said:
        raise PurposeMissing("印刷の目的が書かれていません。", next_step="目的を選ぶか書いてください。")
    owner, withheld = subject_of(application), withheld_documents(application, held)
    opened = [
        open_document(each.id, owner=owner, by=actor_of(by), at=at, purpose=said)
        for each in documents_of(owner)
        if str(each.id) not in withheld
    ]
    moment = timezone.localtime(at)
    cover = Cover(
        number, title, application.person_name, f"{moment:%Y年%m月%d日 %H時%M分}　{by.name}", said, answers
    )
    printed = bundle(cover, [Paper(each.view.name, each.view.media_type, each.body) for each in opened])
    mark(
        application,
        "printed",
        actor_of(by),
        at=at,
        purpose=said,
        documents=[str(each.view.id) for each in opened],
        pages=printed.pages,
    )
    return printed


def is_large(documents: "list[DocumentView] | tuple[DocumentView, ...]") -> bool:
    return len(documents) > AT_ONCE_FILES or sum(each.size for each in documents) > AT_ONCE_BYTES


@transaction.atomic
def keep_bundle(
    *, number: str, title: str, answers: Answers, purpose: str, by: "Staff", at: datetime
) -> uuid.UUID:
    """Make a bundle and keep it for a day, for the one who asked; it takes the place of the former one."""
    printed = print_bundle(number=number, title=title, answers=answers, purpose=purpose, by=by, at=at)
    application = Application.objects.only("pk").get(number=number)
    PrintedBundle.objects.filter(application=application, made_by=by).delete()
    kept = PrintedBundle.objects.create(
        application=application, body=printed.body, size=len(printed.body), made_by=by, made_at=at
    )
    return kept.pk


def kept_bundles(application_id: int, staff: "Staff") -> list[tuple[uuid.UUID, int, datetime]]:
    """Key, size and time of the bundles this person had made of a case."""
    rows = PrintedBundle.objects.filter(application=application_id, made_by=staff).order_by("-made_at")
    return list(rows.values_list("pk", "size", "made_at"))


@transaction.atomic
def open_bundle(staff: "Staff", number: str, bundle_id: uuid.UUID, *, at: datetime, purpose: str) -> bytes:
    """A bundle one had made, once more for a purpose; anybody else's is NotFound."""
    held = require(staff, Power.SEE_CASES, at=at)
    application = found(seen_by(staff, at, held=held).only("pk"), number)
    kept = PrintedBundle.objects.filter(pk=bundle_id, application=application, made_by=staff).first()
    if kept is None:
        raise NotFound("印刷物")
    mark(application, "printed", actor_of(staff), at=at, purpose=spoken(purpose, 200), bundle=str(bundle_id))
    return bytes(kept.body)


def drop_old_bundles(*, before: datetime) -> int:
    """Copies older than a day are no use to anybody."""
    return PrintedBundle.objects.filter(made_at__lt=before).delete()[0]
