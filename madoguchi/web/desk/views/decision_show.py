"""供覧する: a paper that nobody decides is shown to those who are to know it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.clerical.decisions import actions
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.queries import everybody, staff_by_login
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.decisions import MOST_FILES

WORDS = ("key", "title", "body", "class_code", "retention")


@needs(Power.SEE_CASES)
def show(request: StaffRequest) -> HttpResponse:
    """The form; a POST shows the paper. What was typed stays when it is refused."""
    if request.method != "POST":
        return shown(request, {"key": str(uuid.uuid4())}, [])
    typed = {name: request.POST.get(name, "") for name in WORDS}
    readers = request.POST.getlist("reader")
    try:
        draft_id = laid(request, typed, readers)
    except Refusal as refusal:
        return shown(request, typed, readers, refusal)
    messages.success(request, "供覧に出しました。全員が「確認した」を押すと終わります。")
    return redirect("desk:draft", draft_id)


def laid(request: StaffRequest, typed: dict[str, str], readers: list[str]) -> int:
    found = [staff_by_login(login) for login in readers]
    return actions.circulate_freely(
        key=uuid.UUID(typed["key"]),
        title=typed["title"],
        body=typed["body"],
        to=[staff for staff in found if staff is not None],
        by=request.user,
        at=now(),
        terms=Terms(class_code=typed["class_code"].strip(), retention=typed["retention"].strip()),
        files=[(each.name or "", each.read()) for each in request.FILES.getlist("file")[:MOST_FILES]],
    )


def shown(
    request: StaffRequest, typed: dict[str, str], readers: list[str], refusal: Refusal | None = None
) -> HttpResponse:
    people = [each for each in everybody() if each.pk != request.user.pk]
    context = {"typed": typed, "readers": readers, "people": people, "refusal": refusal}
    return render(request, "desk/draft_show.html", context, status=422 if refusal else 200)
