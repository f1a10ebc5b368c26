"""One act on many applications: the rows that were ticked, or everything the conditions show."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions, queries
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import back_of, needs
from madoguchi.web.desk.requests import StaffRequest


class NothingChosen(Refusal):
    code = "desk.nothing_chosen"


@require_POST
@needs(Power.REVIEW_CASES)
def bulk(request: StaffRequest, slug: str) -> HttpResponse:
    """受理する and 担当を変える. Many applications become a job that goes on when the page closes."""
    numbers = chosen_numbers(request, slug)
    if not numbers:
        raise NothingChosen("申請が選ばれていません。", next_step="左の四角に印を付けてから押してください。")
    verb = request.POST.get("verb", "")
    if verb == "assign":
        return assigned(request, numbers)
    if verb != "accept":
        return redirect("desk:ledger", slug)
    if request.POST.get("scope") == "all" and "sure" not in request.POST:
        return render(
            request, "desk/bulk_sure.html", {"count": len(numbers), "posted": request.POST, "slug": slug}
        )
    return accepted(request, numbers)


def accepted(request: StaffRequest, numbers: list[str]) -> HttpResponse:
    job_id = actions.accept_many(numbers=numbers, by=request.user, at=now(), job_id=job_key(request))
    messages.info(request, "受理を始めました。自動チェックに印のある申請は、受理せずに残します。")
    return redirect(f"{reverse('desk:job', args=[job_id])}?back={quote(back_of(request, ''))}")


def assigned(request: StaffRequest, numbers: list[str]) -> HttpResponse:
    to = office.staff_by_login(request.POST.get("to", ""))
    if to is None:
        raise NotFound("職員")
    count = actions.assign(numbers=numbers, to=to, by=request.user, at=now())
    messages.success(request, f"{count}件の担当を{to.name}さんに変えました。")
    return redirect(back_of(request))


def chosen_numbers(request: StaffRequest, slug: str) -> list[str]:
    if request.POST.get("scope") != "all":
        return request.POST.getlist("number")
    asked = QueryDict(request.POST.get("query", ""))
    period = period_of(live(slug).package, asked.get("period", ""), today())
    return queries.chosen_numbers(ledger_views.read_filters(slug, period, asked, request.user))


def job_key(request: StaffRequest) -> UUID | None:
    """The key in the form makes a second press of the same button the same job."""
    try:
        return UUID(request.POST.get("job", ""))
    except ValueError:
        return None
