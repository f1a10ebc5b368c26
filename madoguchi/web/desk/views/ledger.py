"""台帳: the section's list. The rows htmx asks for are the rows of the page."""

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import queries
from madoguchi.services.applications.states import Channel, Stage
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import facility_names, live, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest


@needs(Power.SEE_CASES)
def ledger(request: StaffRequest, slug: str) -> HttpResponse:
    package = live(slug).package
    period = period_of(package, request.GET.get("period", ""), today())
    filters = ledger_views.read_filters(slug, period, request.GET, request.user)
    page = queries.ledger(filters)
    context = {
        "package": package,
        "period": period,
        "page": page,
        "filters": filters,
        "names": facility_names(package),
        "views": [(view, page.counts_by_view.get(view.key, 0)) for view in ledger_views.VIEWS],
        "headers": ledger_views.headers(filters.sort),
        "chosen": chosen(request, filters, package),
        "pages": shown_pages(page),
        "may": powers(request),
    }
    swapped = request.htmx.target == "ledger-rows" and not request.htmx.history_restore_request
    template = "desk/_ledger_rows.html" if swapped else "desk/ledger.html"
    return render(request, template, {**context, **around(request, slug, period)})


def around(request: StaffRequest, slug: str, period) -> dict:
    """The figures of the whole period, and what the conditions and acts offer."""
    by_day = queries.counts_by_day(slug, period.code) if period else []
    total = sum(count for _, _, count in by_day)
    online = sum(count for _, channel, count in by_day if channel == Channel.ONLINE)
    held = powers(request)
    return {
        "whole": total,
        "online_share": 100 * online / total if total else None,
        "colleagues": office.colleagues(request.user),
        "stages": Stage.choices,
        "channels": Channel.choices,
        "may_review": Power.REVIEW_CASES in held,
        "may_export": Power.EXPORT in held,
        "jobs": jobs.running_of(request.user),
    }


def chosen(request: StaffRequest, filters, package) -> list[dict]:
    """The conditions in force, each with what takes it away."""
    words = {
        "from": f"受付日 {filters.received_from:%-m/%-d}から" if filters.received_from else "",
        "to": f"受付日 {filters.received_to:%-m/%-d}まで" if filters.received_to else "",
        "channel": f"経路 {Channel(filters.channel).label}" if filters.channel else "",
        "stage": f"状態 {Stage(filters.stage).label}" if filters.stage else "",
        "first_wish": f"第1希望 {facility_names(package).get(filters.first_wish, filters.first_wish)}"
        if filters.first_wish
        else "",
        "grade": f"{filters.grade}年" if filters.grade else "",
        "assigned": assigned_words(request, filters),
        "score_from": f"指数 {request.GET['score_from']}以上" if request.GET.get("score_from") else "",
        "text": f"「{filters.text}」を含む" if filters.text else "",
        "corrected": "補正をした" if filters.corrected else "",
        "outcome": f"結果 {filters.outcome}" if filters.outcome else "",
    }
    return [{"key": key, "text": text} for key, text in words.items() if text]


def assigned_words(request: StaffRequest, filters) -> str:
    if not filters.assigned_to:
        return ""
    names = {one.pk: one.name for one in office.colleagues(request.user)}
    return f"担当 {names.get(filters.assigned_to, 'ほかの課')}"


def shown_pages(page) -> list[int]:
    """The pages near this one, with the first and the last."""
    near = range(max(1, page.page - 2), min(page.pages, page.page + 2) + 1)
    return sorted({1, page.pages, *near})
