"""The messages of one case on the desk: read, answer, or say that no answer is needed."""

import uuid

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import access, actions
from madoguchi.web.desk import message_panel
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

PURPOSE = "申請者との連絡"
MOST_FILES = 3


@needs(Power.SEE_CASES)
def messages(request: StaffRequest, number: str) -> HttpResponse:
    return shown(request, number)


def shown(request: StaffRequest, number: str, error: str = "") -> HttpResponse:
    case = access.application_for(request.user, number, at=now(), purpose=PURPOSE)
    talk = message_panel.panel(case, powers(request), typed=request.POST.get("text", ""), error=error)
    context = {"case": case, "talk": talk}
    return render(request, "desk/messages.html", context, status=422 if error else 200)


@require_POST
@needs(Power.REVIEW_CASES, Power.ENTER_CASES)
def answer(request: StaffRequest, number: str) -> HttpResponse:
    """What was typed stays in the form when it is refused."""
    at = now()
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("file")[:MOST_FILES]]
    try:
        actions.answer_message(
            number=number, by=request.user, at=at, text=request.POST.get("text", ""), key=key_of(request),
            files=files, staff_seconds=staff_seconds(request, at),
        )  # fmt: skip
    except Refusal as refusal:
        return shown(request, number, str(refusal))
    notes.success(request, "連絡を送りました。申請した人にはメールで知らせます（内容は書きません）。")
    return redirect("desk:messages", number)


@require_POST
@needs(Power.REVIEW_CASES, Power.ENTER_CASES)
def read(request: StaffRequest, number: str) -> HttpResponse:
    at = now()
    count = actions.mark_messages_read(
        number=number, by=request.user, at=at, staff_seconds=staff_seconds(request, at)
    )
    notes.success(request, f"連絡{count}通を「読んだ」にしました。")
    return redirect("desk:messages", number)


def key_of(request: StaffRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
