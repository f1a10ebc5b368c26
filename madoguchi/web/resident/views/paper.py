"""The receipt as PDF, made on demand."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from madoguchi.clerical.notices.receipts import typeset_receipt
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import queries
from madoguchi.web.components import dates
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.answers_shown import AnswersShown, missing_files
from madoguchi.web.resident.receipt_paper import ReceiptPaper
from madoguchi.web.resident.views.after import paper_of_status, subject_of
from madoguchi.web.resident.visiting import for_visitors


@for_visitors
def receipt_pdf(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    body = typeset_receipt(receipt_facts(request, status), seconds=int(status.received_at.timestamp()))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{status.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def receipt_facts(request: Any, status: Any) -> dict[str, Any]:
    paper = paper_of_status(request, status)
    files = {str(each.id): each for each in documents_of(subject_of(status))}
    base = settings.MADOGUCHI_PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    return ReceiptPaper(
        status=status,
        package=paper.package,
        answers=AnswersShown(paper, paper.reading, files),
        owed=missing_files(paper, paper.reading),
        link=base + reverse("resident:status", kwargs={"number": status.number}),
        municipality=request.municipality,
        reader=reader_of(request),
        told_on=told_on(paper.context.period, reader_of(request).language),
    ).facts()


def told_on(period: Any, language: str) -> str:
    if period.released_at:
        return dates.day_time(period.released_at, language)
    return dates.day(period.decision_on, language) if period.decision_on else ""
