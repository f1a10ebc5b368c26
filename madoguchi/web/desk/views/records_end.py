"""廃棄・移管: what is over, the lists for 決裁, and the permanent record of what came to its end."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.clerical.records import actions, queries
from madoguchi.clerical.records.states import MATTERS, ItemState, ListKind, ListState
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.records import DRAFT_READERS, READERS, ROWS, number


@needs(*READERS)
def ends(request: StaffRequest) -> HttpResponse:
    """Files that are over, by the list they belong on, and the lists that were made."""
    found = queries.candidates(request.user, at=now())
    context = {
        "groups": [group(found, kind) for kind in (*ListKind, None)],
        "lists": [shown(row) for row in queries.lists(request.user, at=now())[:20]],
        "ended": queries.ends(request.user, at=now()).count(),
        "may_run": Power.RUN_RETENTION in powers(request),
    }
    return render(request, "desk/records_end.html", context)


def group(found: list, kind: ListKind | None) -> dict:
    mine = [each for each in found if each.kind == kind]
    return {
        "kind": kind,
        "name": kind.label if kind else "選別が要る簿冊",
        "matter": MATTERS.get(kind, "") if kind else "",
        "rows": mine,
        "ready": sum(1 for each in mine if not each.reasons),
    }


@require_POST
@needs(Power.RUN_RETENTION)
def prepare(request: StaffRequest) -> HttpResponse:
    """Make a list of the chosen files."""
    kind = request.POST.get("kind", "")
    if kind not in ListKind.values:
        raise NotFound("区分")
    chosen = [number(each) for each in request.POST.getlist("file")]
    list_id = actions.prepare_list(kind=ListKind(kind), file_ids=chosen, by=request.user, at=now())
    messages.success(request, "目録を作りました。内容を確かめてから進めてください。")
    return redirect("desk:disposal-list", list_id)


def shown(row) -> dict:
    counts = queries.item_counts(row)
    return {
        "list": row,
        "state": ListState(row.state),
        "kind": ListKind(row.kind),
        "done": counts.get(ItemState.DONE, 0),
        "left_out": counts.get(ItemState.LEFT_OUT, 0),
    }


@needs(*READERS)
def disposal_list(request: StaffRequest, disposal_id: UUID) -> HttpResponse:
    """One list: its files, where it stands, what was left out and why."""
    row = queries.list_named(request.user, disposal_id, at=now())
    context = {
        **shown(row),
        "page": Paginator(queries.items_of(row), ROWS).get_page(request.GET.get("page")),
        "heads": office.staff_with_power(Power.APPROVE, today()),
        "job": jobs.job_progress(row.job) if row.job else None,
        "may_run": Power.RUN_RETENTION in powers(request),
        "stopped": row.state == ListState.RUNNING and row.job is not None and jobs.is_stopped(row.job),
        "opens_drafts": bool(powers(request) & DRAFT_READERS),
        "needs_decision": row.kind in MATTERS,
        "matter": MATTERS.get(ListKind(row.kind), ""),
    }
    return render(request, "desk/disposal_list.html", context)


@require_POST
@needs(Power.RUN_RETENTION)
def act(request: StaffRequest, disposal_id: UUID) -> HttpResponse:
    """Submit for decision, begin where none is needed, or throw the list away."""
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise NotFound("処理")
    messages.success(request, VERBS[verb](request, disposal_id))
    return redirect("desk:disposal-list", disposal_id)


def submitted(request: StaffRequest, list_id: UUID) -> str:
    login = request.POST.get("approver", "")
    approver = office.staff_by_login(login) if login else None
    if login and approver is None:
        raise NotFound("決裁する人")
    actions.submit_list(list_id=list_id, approver=approver, by=request.user, at=now())
    return "決裁に回しました。決裁されると、自動で処理が始まります。"


def begun(request: StaffRequest, list_id: UUID) -> str:
    actions.begin_list(list_id=list_id, by=request.user, at=now())
    return "処理を始めました。"


def dropped(request: StaffRequest, list_id: UUID) -> str:
    actions.drop_list(list_id=list_id, by=request.user, at=now())
    return "目録を取りやめました。簿冊は何も変わっていません。"


def gone_on(request: StaffRequest, list_id: UUID) -> str:
    actions.go_on_with_list(list_id=list_id, by=request.user, at=now())
    return "残りの処理を始めました。"


VERBS = {"submit": submitted, "begin": begun, "go-on": gone_on, "drop": dropped}


@needs(*READERS)
def book(request: StaffRequest) -> HttpResponse:
    """廃棄・移管の記録: permanent, newest first."""
    page = Paginator(queries.ends(request.user, at=now()), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [queries.end_row(row) for row in page]}
    return render(request, "desk/records_book.html", context)
