"""Versions and cases: what a trial found, which open cases wait, and an example made of a case."""

import csv
import io
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.common.text import spreadsheet_safe
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.queries import package_of, slugs
from madoguchi.services.applications import actions
from madoguchi.services.applications import version_queries as cases
from madoguchi.services.applications.errors import DependsOnIdentity
from madoguchi.services.applications.example_making import case_example
from madoguchi.web.desk.answers_shown import answered_pages
from madoguchi.web.desk.lookups import live
from madoguchi.web.desk.powers import back_of, needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.procedures import READERS, version_of
from madoguchi.web.desk.withheld import move_told, tried_told

ON_A_PAGE = 50
HEADS = (
    "受付番号",
    "区分",
    "状態",
    "引き継ぎ",
    "段階",
    "点数",
    "変わる行",
    "確認",
    "通知",
    "引き継げない理由",
)


@needs(Power.SEE_CASES)
def trial(request: StaffRequest, slug: str, version: str) -> HttpResponse:
    """Every case the version would change: filtered, opened by a click, taken along as a file."""
    if not powers(request) & set(READERS):
        raise NotAllowed(Power.MANAGE_PROCEDURES.label)
    view, package = version_of(slug, version)
    asked = {"what": request.GET.get("what", ""), "group": request.GET.get("group", "")}
    rows = cases.tried_cases(view.id, **asked, everything=request.GET.get("all") == "1")
    if request.method == "POST":
        return handed_over(request, view, package, rows)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "view": view,
        "package": package,
        "trial": cases.trial_of(view.id, package.sha256, slug),
        "page": page,
        "rows": [tried_told(cases.tried_case(row), package, powers(request)) for row in page],
        "asked": asked | {"all": request.GET.get("all", "")},
        "may_export": Power.EXPORT in powers(request),
    }
    return render(request, "desk/dry_run.html", context)


def handed_over(request: StaffRequest, view, package, rows) -> HttpResponse:
    """The list as CSV, for people who may export; the purpose stays in the trace."""
    if Power.EXPORT not in powers(request):
        raise NotAllowed(Power.EXPORT.label)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    count = 0
    for row in map(cases.tried_case, rows.iterator(chunk_size=500)):
        writer.writerow(map(spreadsheet_safe, cells(tried_told(row, package, powers(request)))))
        count += 1
    subject = Subject("procedures.version", str(view.id))
    note = {"rows": count, "kind": "csv"}
    purpose = request.POST.get("purpose", "").strip()[:200] or "版の公開前の確認"
    leave_trace(
        actor_of(request.user), "applications.exported", subject, at=now(), purpose=purpose, note=note
    )
    answer = HttpResponse(b"\xef\xbb\xbf" + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{view.slug}-{view.version}-trial.csv"'
    return answer


def cells(row) -> list[str]:
    told = row.told
    taken = "自動" if row.safe else "判断が要る"
    whole = [row.number, row.group, row.stage.label, taken, told["stage"], told["score"], told["rows"]]
    return [*whole, told["checks"], told["letter"], " ".join(row.why_not)]


@require_GET
@needs(Power.REVIEW_CASES)
def waiting(request: StaffRequest, slug: str) -> HttpResponse:
    """Open cases whose new version a clerk has to decide on."""
    if slug not in slugs():
        raise NotFound("手続")
    package, held = live(slug).package, powers(request)
    moves = [move_told(move, package, held) for move in cases.waiting_moves(slug)]
    context = {"slug": slug, "moves": moves}
    return render(request, "desk/version_moves.html", context)


@require_POST
@needs(Power.REVIEW_CASES)
def decide(request: StaffRequest, number: str) -> HttpResponse:
    """元の版のまま / 引き継ぐ / 引き継いで補正を頼む."""
    edition = request.POST.get("edition", "")
    known = {
        "number": number,
        "by": request.user,
        "at": now(),
        "edition": int(edition) if edition.isdigit() else 0,
    }
    verb = request.POST.get("verb", "")
    if verb == "keep":
        actions.keep_version(**known)
        messages.success(request, f"{number} は元の版のまま続けます。")
    elif verb == "take":
        actions.take_over_case(**known)
        messages.success(request, f"{number} を新しい版に引き継ぎました。変わった項目に印を付けました。")
    elif verb == "ask":
        actions.ask_about_changes(**known, fields=request.POST.getlist("fields"))
        messages.success(request, f"{number} を引き継ぎ、変わった項目の補正を頼みました。")
    return redirect(back_of(request))


@needs(Power.REVIEW_CASES)
def example(request: StaffRequest, number: str) -> HttpResponse:
    """この申請を例にする: shown without the person first, kept under a title."""
    if request.method == "POST":
        return kept(request, number)
    try:
        made = case_example(number=number, by=request.user, at=now())
    except DependsOnIdentity as refusal:
        return render(request, "desk/case_example.html", {"number": number, "refusal": refusal}, status=409)
    package = package_of(made.version_id).package
    return render(request, "desk/case_example.html", shown(number, made, package))


def shown(number: str, made, package) -> dict:
    from madoguchi.ledgers.procedures.answers import read_all
    from madoguchi.ledgers.procedures.example_texts import example_of, one_as_toml
    from madoguchi.ledgers.procedures.examples import context_of

    found = example_of(made.body | {"name": "例"}, package.form)
    reading = read_all(package.form, found.raw, context_of(package, found))
    labels = {check.key: check.label.ja for check in package.flow.checks}
    said = {"pass": "よし", "look": "人が見る", "not_run": "未実行"}
    return {
        "number": number,
        "package": package,
        "made": made,
        "pages": answered_pages(package, reading.values),
        "checks": [(labels.get(key, key), said[result]) for key, result in made.expect["checks"].items()],
        "facts": made.body["facts"],
        "source": one_as_toml(made.body | {"name": "（題名）"}),
    }


def kept(request: StaffRequest, number: str) -> HttpResponse:
    made = case_example(number=number, by=request.user, at=now())
    actions.keep_case_example(number=number, name=request.POST.get("title", ""), by=request.user, at=now())
    package = package_of(made.version_id).package
    messages.success(request, "例に加えました。次の版を公開する前に、この例も確かめます。")
    if powers(request) & set(READERS):
        address = reverse("desk:procedure-version", args=[package.slug, package.version])
        return redirect(f"{address}#examples")
    return redirect("desk:case", quote(number))
