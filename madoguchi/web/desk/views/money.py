"""予算: every 科目 with what is bound, paid and left, each number with the rows behind it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.clerical.payments import actions, queries
from madoguchi.clerical.payments.budgeting import KIND
from madoguchi.clerical.payments.states import ChangeKind
from madoguchi.common.ages import fiscal_year
from madoguchi.common.era import parse_japanese_date
from madoguchi.common.yen import parse_yen
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import lines_of_trace
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.queries import standing_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

SHOWN = {"committed": None, "paid": True, "unpaid": False}
"""Which commitments stand behind a number."""


@needs(Power.SEE_PAYMENTS)
def budgets(request: StaffRequest) -> HttpResponse:
    """The budgets of a year that this person's sections spend."""
    year = asked_year(request)
    rows = queries.appropriations(year, sections_seen(request.user, today()))
    sums = {
        name: sum(getattr(row, name) for row in rows)
        for name in ("initial", "budget", "committed", "paid", "left")
    }
    may_enter = Power.MANAGE_BUDGET in powers(request)
    context = {"rows": rows, "year": year, "sums": sums, "may_enter": may_enter}
    return render(request, "desk/budgets.html", context)


def asked_year(request: StaffRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else fiscal_year(today())


@needs(Power.SEE_PAYMENTS)
def budget(request: StaffRequest, budget_id: int) -> HttpResponse:
    """One 科目: its changes, and the commitments behind the number that was pressed."""
    found = queries.appropriation(budget_id, sections_seen(request.user, today()))
    show = request.GET.get("show", "committed")
    if show not in SHOWN:
        raise NotFound("予算の内訳")
    rows = queries.commitments_of(budget_id, paid=SHOWN[show])
    context = {
        "budget": found,
        "show": show,
        "rows": with_numbers(request, rows),
        "unseen": show == "committed"
        and sum(row.amount for row in rows if row.state == "standing") != found.committed,
        "changes": queries.changes_of(budget_id),
        "entered": entered_by(budget_id),
        "kinds": ChangeKind.choices,
        "may_change": Power.MANAGE_BUDGET in powers(request),
    }
    return render(request, "desk/budget.html", context)


def entered_by(budget_id: int) -> dict | None:
    """Who entered the initial budget, and when."""
    lines = lines_of_trace(Subject(KIND, str(budget_id)))
    return next((line for line in lines if line["verb"] == "payments.appropriated"), None)


def with_numbers(request: StaffRequest, rows) -> list:
    """Each row with the receipt number of its case, where this person may open it."""
    if Power.SEE_CASES not in powers(request):
        return [(row, None) for row in rows]
    keys = [int(row.subject.id) for row in rows if row.subject.kind == "applications.application"]
    numbers = {key: each.number for key, each in standing_of(keys).items()}
    return [(row, numbers.get(int(row.subject.id)) if row.subject.id.isdigit() else None) for row in rows]


@require_POST
@needs(Power.MANAGE_BUDGET)
def change(request: StaffRequest, budget_id: int) -> HttpResponse:
    """補正・流用: one more row."""
    kind = request.POST.get("kind", "")
    if kind not in ChangeKind.values:
        raise NotFound("増減の種類")
    actions.change_appropriation(
        appropriation_id=budget_id,
        kind=ChangeKind(kind),
        amount=signed_yen(request.POST.get("amount", "")),
        reason=request.POST.get("reason", ""),
        decided_on=parse_japanese_date(request.POST.get("decided", "")),
        by=request.user,
        at=now(),
    )
    messages.success(request, "予算の増減を入れました。")
    return redirect(reverse("desk:budget", args=[budget_id]))


def signed_yen(text: str) -> int:
    """An amount that may fall: -5,000円 or △5,000."""
    bare = text.strip()
    down = bare[:1] in ("-", "－", "△", "▲")
    return -parse_yen(bare[1:]) if down else parse_yen(bare)
