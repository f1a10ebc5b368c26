"""印刷. Many cases as one PDF, a sheet each, in the order of the list; letters may follow their case."""

import io
import json
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from pypdf import PdfReader, PdfWriter

from madoguchi.clerical.notices.access import letter_pdf
from madoguchi.clerical.notices.queries import released_letters_of
from madoguchi.clerical.notices.typesetting import typeset_sheets
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.procedures.sensitivity import shown_fields, withheld_answers
from madoguchi.services.applications.answer_words import told_answers
from madoguchi.services.applications.exporting import keep_made
from madoguchi.services.applications.ledger_columns import minute
from madoguchi.services.applications.models import Application, Bulk, BulkItem, MadeFile
from madoguchi.services.applications.moving import subject_of
from madoguchi.services.applications.states import Channel, ItemState, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

SHEET = """
#set page(paper: "a4", margin: 16mm, footer: context align(right, text(8pt)[#counter(page).display("1 / 1", both: true)]))
#set text(font: "IPAexGothic", size: 10.5pt, lang: "ja")
#set document(title: "申請の写し")
#for (index, case) in json(bytes(sys.inputs.cases)).enumerate() [
  #if index > 0 [ #pagebreak() ]
  #text(16pt)[#case.number]　#text(12pt)[#case.procedure]
  #line(length: 100%)
  #table(columns: (5.5cm, 1fr), stroke: 0.4pt + gray, inset: 5pt, ..case.lines.flatten())
  #text(8pt)[#case.printed]
]
"""


@transaction.atomic
def make_sheets(*, bulk_id: uuid.UUID, by: "Staff", at: datetime) -> None:
    """Make the PDF of a finished print and keep it for its maker; again, it is already there."""
    if MadeFile.objects.filter(pk=bulk_id).exists():
        return
    bulk = Bulk.objects.get(pk=bulk_id)
    items = BulkItem.objects.filter(bulk=bulk, state=ItemState.DONE).order_by("position")
    cases = [each.application for each in items.select_related("application")]
    body = letters(cases, bulk, by, at) if bulk.told.get("what") == "letters" else sheets(cases, by, at)
    if body:
        name = f"印刷-{at:%Y%m%d-%H%M}.pdf"
        keep_made(bulk_id, name, "application/pdf", body, bulk.told["purpose"], by, at)


def sheets(cases: list[Application], by: "Staff", at: datetime) -> bytes:
    """A sheet each, with the answers this reader may see."""
    sees_all = Power.SEE_SENSITIVE in powers_of(by, at.date())
    told = [sheet_of(case, sees_all, f"印刷 {minute(at)} {by.name}") for case in cases]
    return typeset_sheets(SHEET, json.dumps(told, ensure_ascii=False), seconds=int(at.timestamp()))


def sheet_of(case: Application, sees_all: bool, printed: str) -> dict[str, Any]:
    package = package_of(case.version_id).package
    lines = [
        ["受付日時", minute(case.received_at)],
        ["経路", Channel(case.channel).label],
        ["状態", Stage(case.stage).label],
        ["対象者", f"{case.person_name}　{case.person_kana}"],
        ["申請者", case.applicant_name],
    ]
    shown = shown_fields(package.form, {Power.SEE_SENSITIVE} if sees_all else set())
    answers = withheld_answers(package.form, case.answers, shown)
    lines += [[each.label, each.text] for each in told_answers(package, answers)]
    return {"number": case.number, "procedure": package.names.ja, "lines": lines, "printed": printed}


def letters(cases: list[Application], bulk: Bulk, by: "Staff", at: datetime) -> bytes:
    """The released letters of these cases, one behind the other; empty when there are none."""
    writer = PdfWriter()
    for case in cases:
        subject = subject_of(case)
        for letter in released_letters_of(subject):
            body = letter_pdf(
                letter.id, subject=subject, by=actor_of(by), at=at, purpose=bulk.told["purpose"]
            )
            writer.append(PdfReader(io.BytesIO(body)))
    if not writer.pages:
        return b""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
