"""台帳: the section's list, of one procedure or of all. The rows htmx asks for are the rows of the page."""

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from madoguchi.improvement.insight.queries import STEPS
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import today
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import queries
from madoguchi.services.applications.exporting import names_of
from madoguchi.services.applications.ledger_columns import Names, answer_keys, chosen_columns, columns_of
from madoguchi.services.applications.ledger_figures import WORDS
from madoguchi.services.applications.searching import can_be_found, words_of
from madoguchi.services.applications.states import Channel, Outcome, Stage
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.ledger_cells import rows_html
from madoguchi.web.desk.lookups import facility_names, live_here, period_of, procedures_here
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

DENSITIES = ((28, "詰める"), (34, "ふつう"), (44, "ゆったり"))


@needs(Power.SEE_CASES)
def ledger(request: StaffRequest, slug: str = "") -> HttpResponse:
    package = live_here(request, slug).package if slug else None
    period = period_of(package, request.GET.get("period", ""), today()) if package else None
    saved, habit = queries.ledger_desk(request.user, slug)
    if not request.GET and (first := first_view(habit, saved)):
        return redirect(f"{request.path}?{first}")
    held = powers(request)
    filters = ledger_views.read_filters(slug, period, request.GET, request.user, held, request.municipality)
    columns = chosen_columns(wanted_columns(request.GET, habit), package, held)
    also = [narrowed_to(view, slug, package, request, held) for view in saved]
    page = queries.ledger(filters, answers=answer_keys(columns), also=also)
    context = {
        "slug": slug,
        "package": package,
        "period": period,
        "page": page,
        "filters": filters,
        "views": [(view, page.counts_by_view.get(view.key, 0)) for view in ledger_views.VIEWS],
        "saved": list(zip(saved, page.counts, strict=True)),
        "open_view": open_view(request, saved),
        "columns": columns,
        "headers": ledger_views.headers(columns, filters.sort, bool(slug)),
        "body": body(request, page, columns, package, filters, held),
        "chosen": chosen(request, filters, package),
        "density": density_of(request.GET, habit),
        "may": held,
    }
    swapped = request.htmx.target == "ledger-rows" and not request.htmx.history_restore_request
    template = "desk/_ledger_rows.html" if swapped else "desk/ledger.html"
    return render(request, template, {**context, **around(request, held, package, habit)})


def body(request: StaffRequest, page, columns, package, filters, held):
    """The rows, and under each where the searched words were found."""
    # Where nearly everything is found, the first place of each says enough.
    places = 1 if page.total.more else 2
    found = queries.snippets_of(page.rows, filters.text, held, most=places) if filters.text else {}
    return rows_html(
        page.rows, columns, names_here(request, package), today(), Power.REVIEW_CASES in held, found
    )


def names_here(request: StaffRequest, package) -> Names:
    """What the codes of rows are called; procedures as the menu has them."""
    if package is not None:
        return names_of(package)
    return Names(None, {}, {each.package.slug: each.package.names.ja for each in procedures_here(request)})


def wanted_columns(asked: QueryDict, habit) -> list[str]:
    """`cols=number,name` in the address, otherwise what this person likes."""
    return [key for key in asked.get("cols", "").split(",") if key][:40] or list(habit.columns)


def density_of(asked: QueryDict, habit) -> int:
    wanted = ledger_views.whole(asked.get("density"))
    return wanted if wanted in dict(DENSITIES) else habit.density


def first_view(habit, saved) -> str:
    """The address of the view that opens by itself; empty for すべて."""
    if habit.first_view in [view.key for view in ledger_views.VIEWS if view.key != "all"]:
        return f"view={habit.first_view}"
    return next((f"{view.query}&saved={view.id}" for view in saved if str(view.id) == habit.first_view), "")


def open_view(request: StaffRequest, saved):
    """The saved view this address came from."""
    return next((view for view in saved if str(view.id) == request.GET.get("saved")), None)


def narrowed_to(view, slug: str, package, request: StaffRequest, held):
    """The filters of a saved view, for its count."""
    asked = QueryDict(view.query)
    codes = [one.code for one in package.periods] if package else []
    code = asked.get("period", "") if asked.get("period", "") in codes else ""
    period = period_of(package, code, today()) if package else None
    filters = ledger_views.read_filters(slug, period, asked, request.user, held, request.municipality)
    return replace(filters, after="", before="")


def around(request: StaffRequest, held, package, habit) -> dict:
    """What the conditions and acts offer."""
    return {
        "colleagues": office.colleagues(request.user),
        "stages": Stage.choices,
        "channels": Channel.choices,
        "may_review": Power.REVIEW_CASES in held,
        "may_export": Power.EXPORT in held,
        "jobs": jobs.running_of(request.user),
        "offered": columns_of(package, held).values(),
        "densities": DENSITIES,
        "habit": habit,
        "short_words": bool(request.GET.get("text", "").strip())
        and not can_be_found(words_of(request.GET.get("text", ""))),
    }


def chosen(request: StaffRequest, filters, package) -> list[dict]:
    """The conditions in force, each with what takes it away."""
    words = {
        "from": f"受付日 {filters.received_from:%-m/%-d}から" if filters.received_from else "",
        "to": f"受付日 {filters.received_to:%-m/%-d}まで" if filters.received_to else "",
        "channel": f"経路 {Channel(filters.channel).label}" if filters.channel else "",
        "stage": f"状態 {Stage(filters.stage).label}" if filters.stage else "",
        "first_wish": wish_words(filters, package),
        "grade": f"{filters.grade}年" if filters.grade else "",
        "assigned": assigned_words(request, filters),
        "score_from": f"指数 {request.GET['score_from']}以上" if request.GET.get("score_from") else "",
        "text": f"「{filters.text}」を含む" if filters.text else "",
        "corrected": "補正をした" if filters.corrected else "",
        "figure": figure_words(filters, package),
        "outcome": f"結果 {dict(Outcome.choices).get(filters.outcome, filters.outcome)}"
        if filters.outcome
        else "",
    }
    return [{"key": key, "text": text} for key, text in words.items() if text]


def figure_words(filters, package) -> str:
    """What the figure one came from counts: 補正した項目 就労日数."""
    kind, _, value = filters.figure.partition(":")
    fields = package.form.fields if package else {}
    named = {
        "left": lambda: Stage(value).label if value in Stage.values else "",
        "field": lambda: fields[value].label.ja if value in fields else value,
        "step": lambda: STEPS.get(value, value),
    }
    said = WORDS.get(kind, "")
    return f"{said} {named[kind]()}" if said and kind in named else said


def assigned_words(request: StaffRequest, filters) -> str:
    if not filters.assigned_to:
        return ""
    names = {one.pk: one.name for one in office.colleagues(request.user)}
    return f"担当 {names.get(filters.assigned_to, 'ほかの課')}"


def wish_words(filters, package) -> str:
    names = facility_names(package) if package else {}
    return f"第1希望 {names.get(filters.first_wish, filters.first_wish)}" if filters.first_wish else ""
