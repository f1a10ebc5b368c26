"""予算の新規登録: the initial budget of one 科目, entered once; what was typed stays when something is refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.clerical.payments import actions, queries
from madoguchi.clerical.payments.budgeting import LABELS, BudgetSubject, require_name, require_year
from madoguchi.clerical.payments.rules import require_amount, require_subject
from madoguchi.common.ages import fiscal_year
from madoguchi.common.errors import Refusal
from madoguchi.common.yen import parse_yen
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import everybody, section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

HINTS = {
    "account": "例　01 一般会計",
    "kan": "例　04 衛生費",
    "kou": "例　01 保健衛生費",
    "moku": "例　03 環境衛生費",
    "project": "例　010 動物愛護事業",
    "setsu": "例　18 負担金、補助及び交付金",
    "saisetsu": "例　01 補助金",
}
NAMES = ("year", "section", "name", *LABELS, "amount")


@require_http_methods(["GET", "POST"])
@needs(Power.MANAGE_BUDGET)
def new(request: StaffRequest) -> HttpResponse:
    """The form, empty or with the 科目 of another budget; posted, the budget or every reason why not."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in NAMES}
    if request.method != "POST":
        return shown(request, beginning(request.GET.get("from", "")), {})
    read, faults = read_all(typed)
    if not faults:
        try:
            budget = actions.enter_appropriation(
                fiscal_year=read["year"],
                section_id=read["section"],
                subject=BudgetSubject(**{key: read[key] for key in LABELS}),
                name=read["name"],
                amount=read["amount"],
                by=request.user,
                at=now(),
            )
        except Refusal as refusal:
            faults = {"amount": refusal}
        else:
            messages.success(request, f"{read['year']}年度の当初予算を登録しました。")
            return redirect(reverse("desk:budget", args=[budget]))
    return shown(request, typed, faults)


def read_all(typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, Refusal]]:
    """Every field by itself, so that all of what is wrong is told at once."""
    readers: dict[str, Callable[[], Any]] = {
        "year": lambda: year_of(typed["year"]),
        "section": lambda: section_of(typed["section"]),
        "name": lambda: require_name(typed["name"]),
        **{key: subject_reader(key, typed) for key in LABELS},
        "amount": lambda: require_amount(parse_yen(typed["amount"])),
    }
    read: dict[str, Any] = {}
    faults: dict[str, Refusal] = {}
    for name, reader in readers.items():
        try:
            read[name] = reader()
        except Refusal as refusal:
            faults[name] = refusal
    return read, faults


def year_of(text: str) -> int:
    return require_year(int(text) if text.isascii() and text.isdigit() else 0, now())


def subject_reader(key: str, typed: dict[str, str]) -> Callable[[], str]:
    return lambda: require_subject(LABELS[key], typed[key])


def section_of(text: str) -> int:
    known = {str(key): key for key, _ in sections()}
    if text not in known:
        raise NotFound("課")
    return known[text]


def sections() -> list[tuple[int, str]]:
    """Every section with somebody in it, as it is called today."""
    found = {one.section_id: section_in_year(one.section_id, today()) for one in everybody()}
    return sorted(((key, place.name) for key, place in found.items() if place), key=lambda row: row[1])


def beginning(text: str) -> dict[str, str]:
    """An empty form of this year, or the 科目 of another budget for the year after it."""
    empty = dict.fromkeys(NAMES, "") | {"year": str(fiscal_year(today()))}
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return empty
    former = queries.appropriation(int(text), None)
    told = dict(zip(LABELS, (value for _, value in former.subject), strict=True))
    year = min(former.fiscal_year + 1, fiscal_year(today()) + 1)
    return empty | told | {"year": str(year), "section": str(former.section_id), "name": former.name}


def shown(request: StaffRequest, typed: dict[str, str], faults: dict[str, Refusal]) -> HttpResponse:
    year = fiscal_year(today())
    fields = [(key, label, HINTS[key], typed[key], faults.get(key)) for key, label in LABELS.items()]
    context = {
        "typed": typed,
        "faults": faults,
        "fields": fields,
        "years": [str(each) for each in (year - 1, year, year + 1)],
        "sections": [(str(key), name) for key, name in sections()],
    }
    return render(request, "desk/budget_new.html", context, status=422 if faults else 200)
