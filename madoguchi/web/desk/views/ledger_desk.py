"""Saved views and habits: how a member of staff sets up the ledger."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.ledger_columns import chosen_columns, columns_of
from madoguchi.web.desk import ledger_views
from madoguchi.web.desk.lookups import live
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.ledger import DENSITIES

NOT_KEPT = ("after", "before", "saved")


def ledger_address(slug: str, query: str = "") -> str:
    address = reverse("desk:ledger", args=[slug]) if slug else reverse("desk:cases")
    return f"{address}?{query}" if query else address


@needs(Power.SEE_CASES)
def settings(request: StaffRequest, slug: str = "") -> HttpResponse:
    """一覧の設定: columns in their order, height of rows, first view, saved views. POST keeps the habit."""
    package = live(slug).package if slug else None
    saved, habit = queries.ledger_desk(request.user, slug)
    held = powers(request)
    if request.method == "POST":
        wanted = ordered(request.POST, columns_of(package, held))
        actions.keep_habit(
            procedure=slug,
            columns=[each.key for each in chosen_columns(wanted, package, held)],
            density=ledger_views.whole(request.POST.get("density")) or 34,
            first_view=request.POST.get("first_view", ""),
            by=request.user,
            at=now(),
        )
        messages.success(request, "一覧の列と行の高さを覚えました。")
        return redirect(ledger_address(slug, "view=all"))
    shown = [each.key for each in chosen_columns(habit.columns, package, held)]
    offered = columns_of(package, held)
    rows = [(offered[key], at + 1) for at, key in enumerate(shown)]
    rows += [(each, 0) for each in offered.values() if each.key not in shown]
    context = {
        "slug": slug,
        "package": package,
        "rows": rows,
        "saved": saved,
        "habit": habit,
        "views": ledger_views.VIEWS,
        "densities": DENSITIES,
        "back": ledger_address(slug),
    }
    return render(request, "desk/ledger_settings.html", context)


def ordered(posted: QueryDict, offered) -> list[str]:
    """The ticked columns by the number beside them; without one, behind the numbered ones."""
    ticked = [key for key in offered if posted.get(f"show:{key}")]
    places = {key: ledger_views.whole(posted.get(f"place:{key}")) or 99 for key in ticked}
    return sorted(ticked, key=lambda key: places[key])


@require_POST
@needs(Power.SEE_CASES)
def save_view(request: StaffRequest, slug: str = "") -> HttpResponse:
    """この絞り込みを保存: the address as it stands, under a name."""
    if slug:
        live(slug)
    asked = QueryDict(request.POST.get("query", ""))
    kept = urlencode([(key, value) for key, value in asked.items() if key not in NOT_KEPT and value])
    view_id = actions.save_view(
        procedure=slug,
        name=request.POST.get("name", ""),
        query=kept,
        columns=[key for key in asked.get("cols", "").split(",") if key],
        shared=bool(request.POST.get("shared")),
        by=request.user,
        at=now(),
    )
    messages.success(request, "この絞り込みを保存しました。")
    return redirect(ledger_address(slug, f"{kept}&saved={view_id}" if kept else f"view=all&saved={view_id}"))


@require_POST
@needs(Power.SEE_CASES)
def change_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """Rename, share, or forget one's own view."""
    slug = request.POST.get("slug", "")
    if request.POST.get("verb") == "drop":
        actions.drop_view(view_id=view_id, by=request.user, at=now())
        messages.success(request, "一覧を消しました。申請はそのままです。")
    else:
        actions.change_view(
            view_id=view_id,
            name=request.POST.get("name", ""),
            shared=bool(request.POST.get("shared")),
            by=request.user,
            at=now(),
        )
        messages.success(request, "一覧を変えました。")
    if slug:
        live(slug)
        return redirect("desk:ledger-settings", slug)
    return redirect("desk:cases-settings")
