"""基幹連携: what waits for each core system, the file with its first rows beforehand, and what became of it."""

from urllib.parse import quote
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.core_layout import Layout
from madoguchi.services.applications import actions, core_queries
from madoguchi.services.applications.core_due import HELD_BACK, WHAT
from madoguchi.services.applications.core_errors import LayoutFaulty, NothingToExport
from madoguchi.services.applications.core_exporting import preview
from madoguchi.services.applications.states import CoreState, Outcome, Stage
from madoguchi.web.desk.ledger_views import whole
from madoguchi.web.desk.lookups import procedures_here
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

BINARY = "application/octet-stream"
ANSWER_LIMIT = 20 * 1024 * 1024
RESULTS = (
    ("waiting", "結果待ち"),
    ("accepted", "取り込まれた"),
    ("rejected", "戻された"),
    ("settled", "片付けた"),
)


@needs(Power.EXPORT)
def overview(request: StaffRequest) -> HttpResponse:
    """Every core system of every procedure, with what waits."""
    groups = [group(request, one.package) for one in procedures_here(request)]
    context = {"at": now(), "groups": [each for each in groups if each["targets"] or each["fault"]]}
    return render(request, "desk/exports.html", context)


def group(request: StaffRequest, package) -> dict:
    fault, found = "", []
    try:
        found = core_queries.targets(package, by=request.user, at=now())
    except LayoutFaulty as refusal:
        fault = str(refusal)
    return {
        "package": package,
        "targets": [{"view": each, "numbers": numbers(request, each)} for each in found],
        "fault": fault,
        "retyping": core_queries.retyping(package.slug),
    }


def numbers(request: StaffRequest, view) -> list[dict]:
    """Every count of a target with the address of its cases; those held back only for people who see them."""
    shown = list(WHAT.items())
    if Power.SEE_PROTECTED in powers(request) and not view.layout.includes_protected:
        shown.append((HELD_BACK, "支援措置で留め置き"))
    return [
        {
            "key": key,
            "label": label,
            "count": view.counts[key],
            "href": reverse("desk:export-cases", args=[view.slug, view.layout.target, key]),
        }
        for key, label in shown
    ]


@needs(Power.EXPORT)
def target(request: StaffRequest, slug: str, target: str) -> HttpResponse:
    """One core system: numbers, layout, history."""
    found = core_queries.find_target(slug, target, by=request.user, at=now())
    view = core_queries.target_view(found)
    context = {
        "package": found.package,
        "layout": found.layout,
        "view": view,
        "numbers": numbers(request, view),
        "to_send": to_send(found.layout, view.counts),
        "files": core_queries.files(found)[:100],
        "when": when(found.layout),
        "press": uuid4(),
    }
    return render(request, "desk/export_target.html", context)


def to_send(layout: Layout, counts: dict[str, int]) -> int:
    changed = counts["changed"] if layout.sends_changes else 0
    return counts["due"] + changed + (counts["cancelled"] if "cancelled" in layout.kinds else 0)


def when(layout: Layout) -> str:
    """承認・待機, 受理: where a case is when it is sent."""

    words = [Stage(each).label for each in layout.stages] + [Outcome(each).label for each in layout.outcomes]
    return "・".join(map(str, words))


@needs(Power.EXPORT)
def new(request: StaffRequest, slug: str, target: str) -> HttpResponse:
    """GET shows the first rows as they would stand in the file; POST makes it."""
    found = core_queries.find_target(slug, target, by=request.user, at=now())
    if request.method == "POST":
        return make(request, slug, target)
    draft = preview(slug=slug, target=target, by=request.user, at=now())
    view = core_queries.target_view(found)
    context = {
        "package": found.package,
        "layout": found.layout,
        "heads": [column.name for column in found.layout.columns],
        "rows": [each.row for each in draft.laid],
        "problems": draft.problems,
        "same": len(draft.same),
        "to_send": to_send(found.layout, view.counts),
        "press": uuid4(),
    }
    return render(request, "desk/export_new.html", context)


def make(request: StaffRequest, slug: str, target: str) -> HttpResponse:
    press, here = press_of(request), reverse("desk:export-target", args=[slug, target])
    try:
        made = actions.begin_export_due(slug=slug, target=target, press=press, by=request.user, at=now())
    except NothingToExport as refusal:
        messages.info(request, str(refusal))
        return redirect(here)
    if made is None:
        messages.info(request, "ファイルを作り始めました。画面を閉じても続きます。")
        return redirect(f"{reverse('desk:job', args=[press])}?back={quote(here)}")
    return shown_made(request, made, here)


def shown_made(request: StaffRequest, made, here: str) -> HttpResponse:
    """The file that was made, with what was left out."""
    if problems := (*made.problems, *made.apart):
        cases = len({problem.number for problem in problems})
        messages.warning(request, f"{cases}件はレイアウトに合わず、入れていません。{problems[0]}")
    if not made.exports:
        messages.info(request, f"動いた{made.same}件は内容が前と同じなので、ファイルは作りませんでした。")
        return redirect(here)
    apart = "支援措置分は別のファイルです。" if len(made.exports) > 1 else ""
    messages.success(
        request, f"{made.rows}件のファイルを作りました。{apart}受け取って連携先に渡してください。"
    )
    return redirect("desk:export-file", made.exports[0])


def press_of(request: StaffRequest) -> UUID:
    """The key the form carried: pressed twice, it is one file."""
    try:
        return UUID(request.POST.get("press", ""))
    except ValueError:
        return uuid4()


@require_POST
@needs(Power.EXPORT)
def again(request: StaffRequest, slug: str, target: str) -> HttpResponse:
    """再出力 of single cases, with a reason."""
    given = request.POST.get("numbers", "").replace("、", " ").replace(",", " ").split()
    made = actions.export_again(
        slug=slug,
        target=target,
        numbers=list(dict.fromkeys(given))[:200],
        reason=request.POST.get("purpose", ""),
        press=press_of(request),
        by=request.user,
        at=now(),
    )
    return shown_made(request, made, reverse("desk:export-target", args=[slug, target]))


@needs(Power.EXPORT)
def cases(request: StaffRequest, slug: str, target: str, what: str) -> HttpResponse:
    """The cases behind one number."""
    found = core_queries.find_target(slug, target, by=request.user, at=now())
    page = whole(request.GET.get("page")) or 1
    rows, total = core_queries.cases(found, what, page)
    context = {
        "package": found.package,
        "layout": found.layout,
        "what": what,
        "title": WHAT.get(what, "支援措置で留め置き"),
        "rows": rows,
        "total": total,
        "back": request.path,
        **paged(page, total),
    }
    return render(request, "desk/export_cases.html", context)


def paged(page: int, total: int) -> dict:
    last = max(1, -(-total // core_queries.PAGE))
    return {"page": page, "before": page - 1 if page > 1 else 0, "after": page + 1 if page < last else 0}


@require_POST
@needs(Power.EXPORT)
def settle(request: StaffRequest, slug: str, target: str) -> HttpResponse:
    actions.settle_core_row(
        slug=slug,
        target=target,
        number=request.POST.get("number", ""),
        again=request.POST.get("then") != "leave",
        reason=request.POST.get("purpose", ""),
        by=request.user,
        at=now(),
    )
    messages.success(request, "片付けました。")
    return redirect("desk:export-cases", slug, target, "rejected")


@needs(Power.EXPORT)
def file(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """One file: its fingerprint, where it is, its cases line by line."""
    export, found, told = core_queries.export_of(export_id, by=request.user, at=now())
    page = whole(request.GET.get("page")) or 1
    context = {
        "export": export,
        "layout": found.layout,
        "package": found.package,
        "rows": core_queries.rows_of(export, page),
        "results": [{"key": key, "label": label, "count": told[key]} for key, label in RESULTS],
        "may_call_off": export.state in (CoreState.PREPARED, CoreState.HANDED_OVER) and not told["accepted"],
        "may_answer": found.layout.answer and export.state == CoreState.HANDED_OVER,
        "first": (page - 1) * core_queries.PAGE,
        **paged(page, export.row_count),
    }
    return render(request, "desk/export_file.html", context)


@require_POST
@needs(Power.EXPORT)
def fetch(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """受け取る: the bytes."""
    reason = request.POST.get("purpose", "")
    found = actions.fetch_core_file(export_id=export_id, reason=reason, by=request.user, at=now())
    answer = HttpResponse(found.body, content_type=BINARY)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return answer


@require_POST
@needs(Power.EXPORT)
def answer(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """処理結果 of the core system, as it came."""
    given = request.FILES.get("answer")
    body = given.read(ANSWER_LIMIT) if given else b""
    taken = actions.take_core_answer(export_id=export_id, body=body, by=request.user, at=now())
    said = f"取り込まれた {taken.accepted}件、戻された {taken.rejected}件"
    if taken.before:
        said += f"、前に取り込んだ {taken.before}件"
    if taken.unknown:
        said += f"。このファイルにない番号：{'、'.join(taken.unknown[:5])}"
    messages.success(request, said)
    return redirect("desk:export-file", export_id)


@require_POST
@needs(Power.EXPORT)
def call_off(request: StaffRequest, export_id: UUID) -> HttpResponse:
    reason = request.POST.get("purpose", "")
    actions.call_off_core_file(export_id=export_id, reason=reason, by=request.user, at=now())
    messages.success(request, "取り消しました。このファイルの申請は、渡す前に戻りました。")
    return redirect("desk:export-file", export_id)
