"""After applying: receipt, status, correction, withdrawal, survey, the own list."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.clerical.payments.queries import commitment_about, order_about
from madoguchi.clerical.payments.states import CommitmentState, OrderState
from madoguchi.common.yen import format_yen
from madoguchi.improvement.insight import actions as insight
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.allocation.queries import placement_told
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.messages_read import sent_by_section
from madoguchi.services.applications.states import Outcome, Stage
from madoguchi.services.subsidies import actions as subsidies
from madoguchi.services.subsidies.package_file import is_subsidy, subsidy_of
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.answers_shown import AnswersShown, missing_files
from madoguchi.web.resident.drafts import draft_rows
from madoguchi.web.resident.form_pages import Paper
from madoguchi.web.resident.qr import qr_svg
from madoguchi.web.resident.receipt_mail import copy_goes_to
from madoguchi.web.resident.status_view import StatusPage
from madoguchi.web.resident.visiting import actor_of, for_visitors, now

APPLICATION = "applications.application"


def paper_of_status(request: HttpRequest, status: Any) -> Paper:
    """The form as it was on the day the application came in."""
    package = package_of(status.version_id).package
    reader = reader_of(request)
    received: datetime = status.received_at
    context = Context(
        on=timezone.localdate(received),
        period=package.period(status.period_code),
        facts=getattr(status, "facts", {}),
        facilities=package.facilities,
        language=reader.voice,
        channel=status.channel,
    )
    return Paper(package, context, status.raw, reader)


def subject_of(status: Any) -> Subject:
    return Subject(APPLICATION, str(status.application_id))


@for_visitors
def receipt(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    status = queries.status_for(visitor.id, number)
    paper = paper_of_status(request, status)
    reading = paper.reading
    address = request.build_absolute_uri(reverse("resident:status", kwargs={"number": number}))
    shown = {
        "status": status, "package": paper.package, "visitor": visitor, "qr": qr_svg(address),
        "owed": missing_files(paper, reading), "period": paper.context.period,
        "email": copy_goes_to(number),
        "checked_by": checked_by(status, paper.context.period),
    }  # fmt: skip
    return render(request, "resident/receipt.html", shown)


def checked_by(status: Any, period: Any) -> Any:
    """The day the check should be done, when it comes before the result; otherwise it would only confuse."""
    result = period.released_at.date() if period.released_at else period.decision_on
    return None if result and status.due_on >= result else status.due_on


@for_visitors
def status(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    found = queries.status_for(visitor.id, number)
    paper = paper_of_status(request, found)
    files = {str(each.id): each for each in documents_of(subject_of(found))}
    answers = AnswersShown(paper, paper.reading, files)
    page = StatusPage(found, paper.package, paper.context.period, reader_of(request))
    why = (
        placement_told(found.application_id, {each.kind for each in found.letters}) if found.outcome else None
    )
    money = claim_view(found, paper.package)
    shown = {
        "money": money,
        "status": found, "package": paper.package, "groups": answers.groups(), "view": page, "why": why,
        "owed": missing_files(paper, paper.reading) if found.may_withdraw else [],
        "documents": own_papers(found.number, files),
        "unread_messages": queries.unread_for_visitor(visitor.id).get(found.number, 0),
    }  # fmt: skip
    return render(request, "resident/status.html", shown)


def claim_view(found: Any, package: Any) -> dict[str, Any] | None:
    """What may be claimed, or what was claimed and by when it is paid; nothing before the letter is out."""
    if not is_subsidy(package) or found.outcome != Outcome.GRANTED:
        return None
    bound, order = commitment_about(subject_of(found)), order_about(subject_of(found))
    if bound is None or bound.state != CommitmentState.STANDING:
        return None
    days = subsidy_of(package).pay_within_days
    failed = order is not None and order.state == OrderState.FAILED
    return {
        "amount": format_yen(bound.amount),
        "days": days,
        "order": order,
        "due_on": order.due_on if order and not failed else None,
        "failed": failed,
        "paid": order is not None and order.state == OrderState.EXPORTED,
    }


@for_visitors
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    """請求: what is paid and to which account, confirmed by the applicant; afterwards the receipt of the claim."""
    found = queries.status_for(visitor.id, number)
    package, by = package_of(found.version_id).package, actor_of(visitor)
    money = claim_view(found, package)
    if money is None:
        return redirect("resident:status", number=number)
    shown = {"status": found, "package": package, "money": money, "missing": False}
    if money["due_on"]:
        return render(request, "resident/claimed.html", shown)
    if request.method == "POST" and request.POST.get("confirm") == "yes":
        subsidies.claim(number=found.number, by=by, at=now())
        return redirect("resident:claim", number=number)
    shown |= {
        "offer": subsidies.offer(number=found.number, by=by, at=now()),
        "missing": request.method == "POST",
    }
    return render(request, "resident/claim.html", shown, status=422 if shown["missing"] else 200)


def own_papers(number: str, files: dict[str, Any]) -> list[Any]:
    """The files the applicant handed in; what the section sent stands with its message."""
    theirs = sent_by_section(queries.messages_of(number))
    return [each for key, each in files.items() if key not in theirs]


@for_visitors
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    found = queries.status_for(visitor.id, number)
    if not found.may_withdraw:
        return redirect("resident:status", number=number)
    confirmed = request.POST.get("confirm") == "yes"
    if request.method == "POST" and confirmed:
        actions.withdraw(number=number, by=actor_of(visitor), at=now(), reason=request.POST.get("reason", ""))
        messages.success(request, said(request, "withdraw.done"))
        return redirect("resident:status", number=number)
    missing = request.method == "POST"
    shown = {"status": found, "package": package_of(found.version_id).package, "missing": missing}
    return render(request, "resident/withdraw.html", shown, status=422 if missing else 200)


@for_visitors
@require_POST
def survey(request: HttpRequest, visitor: VisitorView, number: str) -> HttpResponse:
    """One tap after the letter; pressing again replaces the answer."""
    found = queries.status_for(visitor.id, number)
    score = request.POST.get("score", "")
    if found.stage != Stage.DECIDED or score not in ("1", "2", "3", "4"):
        raise Http404
    insight.answer_survey(
        slug=found.procedure, period_code=found.period_code, subject=subject_of(found), score=int(score),
        comment="", by=actor_of(visitor), at=now(),
    )  # fmt: skip
    messages.success(request, said(request, "survey.done"))
    return redirect(reverse("resident:status", kwargs={"number": number}) + "#survey")


@for_visitors
def my(request: HttpRequest, visitor: VisitorView) -> HttpResponse:
    on = clock.today()
    rows = [my_row(visitor, *row) for row in queries.my_applications(visitor.id)]
    drafts = draft_rows(visitor, on)
    letters = [letter | {"number": row["number"]} for row in rows for letter in row["letters"]]
    return render(
        request, "resident/my.html", {"visitor": visitor, "rows": rows, "drafts": drafts, "letters": letters}
    )


def my_row(
    visitor: VisitorView, number: str, _slug: str, name: str, _stage: Stage, at: datetime
) -> dict[str, Any]:
    found = queries.status_for(visitor.id, number)
    loaded = package_of(found.version_id)
    letters = [{"view": each, "package": loaded.package} for each in found.letters]
    return {"number": number, "package": loaded.package, "name": name, "stage": found.stage, "at": at, "letters": letters,
            "correction": found.correction}  # fmt: skip


def said(request: HttpRequest, key: str) -> str:
    return speak_plain(key, reader_of(request))
