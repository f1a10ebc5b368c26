"""保存期間: what is past its period, the lists for 決裁, the book of what is gone, and holds."""

import csv
import io
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from madoguchi.common.era import parse_japanese_date
from madoguchi.common.text import spreadsheet_safe
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.retention import KIND_NAMES, METHOD_NAMES, Kind, Method
from madoguchi.services.applications import actions, retention
from madoguchi.services.applications.rules import UNSENT_DAYS
from madoguchi.services.applications.states import DisposalState, HoldGround, RunState
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

ROWS = 100
HEAD = ("受付番号", "手続", "区分", "保存年限", "方法", "終わった日", "処理した日時", "決裁")


@needs(Power.RUN_RETENTION)
def retention_page(request: StaffRequest) -> HttpResponse:
    """Every rule with its count; the lists that are open; the last ones that are done."""
    context = {
        "groups": [shown_group(group) for group in retention.due_groups(request.user, at=now())],
        "runs": [shown_run(run) for run in retention.runs(request.user, at=now())[:20]],
        "unsent_days": UNSENT_DAYS,
        "book": retention.disposal_book(request.user, at=now()).count(),
    }
    return render(request, "desk/retention.html", context)


def shown_group(group: retention.DueGroup) -> dict:
    return {
        "group": group,
        "kind": KIND_NAMES[group.kind],
        "method": METHOD_NAMES[group.rule.method],
        "run": shown_run(group.open_run) if group.open_run else None,
    }


def shown_run(run) -> dict:
    """A list as every page names it; its counts are of the rows in sight."""
    counts = retention.counts_of(run)
    return {
        "run": run,
        "state": RunState(run.state),
        "kind": KIND_NAMES[Kind(run.kind)],
        "method": METHOD_NAMES[Method(run.method)],
        "total": sum(counts.values()),
        "done": counts.get(DisposalState.DONE, 0),
        "left_out": counts.get(DisposalState.LEFT_OUT, 0),
    }


@needs(Power.RUN_RETENTION)
def group(request: StaffRequest, slug: str, kind: str) -> HttpResponse:
    """The cases behind one count, each with what keeps it back. POST makes the list for 決裁."""
    chosen = kind_named(kind)
    rule = retention.rule_of(slug, chosen)
    if rule is None or slug not in retention.procedures_of(request.user, at=now()):
        raise NotFound("手続")
    if request.method == "POST":
        run_id = actions.prepare_run(slug=slug, kind=chosen, by=request.user, at=now())
        messages.success(request, "一覧を作りました。内容を確かめてから進めてください。")
        return redirect("desk:retention-run", run_id)
    past = retention.due_cases(request.user, slug, chosen, at=now())
    page = Paginator(past, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cases": retention.with_reasons(list(page), today()),
        "rule": rule,
        "kind": KIND_NAMES[chosen],
        "method": METHOD_NAMES[rule.method],
        "name": next(name for code, name, *_ in retention.rules_now() if code == slug),
    }
    return render(request, "desk/retention_group.html", context)


def kind_named(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise NotFound("区分") from None


@needs(Power.RUN_RETENTION, Power.APPROVE)
def run(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """One list: what is on it, where it stands, what was left out and why."""
    found = found_run(request, run_id)
    context = {
        **shown_run(found),
        "page": Paginator(retention.items_of(found), ROWS).get_page(request.GET.get("page")),
        "heads": office.staff_with_power(Power.APPROVE, today()),
        "job": jobs.job_progress(found.job) if found.job else None,
        "may_run": Power.RUN_RETENTION in powers(request),
        "states": dict(DisposalState.choices),
    }
    return render(request, "desk/retention_run.html", context)


def found_run(request: StaffRequest, run_id: UUID):
    found = retention.runs(request.user, at=now()).filter(pk=run_id).first()
    if found is None:
        raise NotFound("廃棄の一覧")
    return found


@require_POST
@needs(Power.RUN_RETENTION)
def act(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Submit for decision, begin where none is needed, or throw the list away."""
    found_run(request, run_id)
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise NotFound("処理")
    messages.success(request, VERBS[verb](request, run_id))
    return redirect("desk:retention-run", run_id)


def submitted(request: StaffRequest, run_id: UUID) -> str:
    approver = office.staff_by_login(request.POST.get("approver", ""))
    if approver is None:
        raise NotFound("決裁する人")
    actions.submit_run(run_id=run_id, approver=approver, by=request.user, at=now())
    return f"{approver.name}さんに決裁を頼みました。決裁されると、自動で処理が始まります。"


def begun(request: StaffRequest, run_id: UUID) -> str:
    actions.begin_run(run_id=run_id, by=request.user, at=now())
    return "処理を始めました。"


def dropped(request: StaffRequest, run_id: UUID) -> str:
    actions.drop_run(run_id=run_id, by=request.user, at=now())
    return "一覧を取りやめました。申請は何も変わっていません。"


VERBS = {"submit": submitted, "begin": begun, "drop": dropped}


@needs(Power.RUN_RETENTION)
def book(request: StaffRequest) -> HttpResponse:
    """廃棄簿. As a page, or as a file with a purpose."""
    rows = retention.disposal_book(request.user, at=now())
    purpose = request.POST.get("purpose", "").strip()
    if request.method == "POST" and purpose:
        lines = [book_line(row) for row in rows]
        note = {"rows": len(lines)}
        subject = Subject("applications.disposal_book", "")
        leave_trace(
            actor_of(request.user), "applications.exported", subject, at=now(), purpose=purpose, note=note
        )
        return csv_file("disposal-book.csv", [HEAD, *lines])
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(
        request, "desk/disposal_book.html", {"page": page, "rows": [book_line(row) for row in page]}
    )


def csv_file(name: str, rows: list) -> HttpResponse:
    """UTF-8 with a mark, so that every spreadsheet reads it; no cell becomes a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([spreadsheet_safe(cell) for cell in row] for row in rows)
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def book_line(row) -> tuple[str, ...]:
    return (
        row.number,
        row.procedure,
        KIND_NAMES[Kind(row.kind)],
        row.class_code,
        METHOD_NAMES[Method(row.method)],
        row.closed_on.isoformat(),
        f"{timezone.localtime(row.disposed_at):%Y-%m-%d %H:%M}",
        row.approval,
    )


@needs(Power.RUN_RETENTION)
def holds(request: StaffRequest, number: str) -> HttpResponse:
    """One case: when its period ends, what keeps it back, and its holds. POST sets or releases one."""
    case, rule = retention.retention_of(number, request.user, at=now())
    if case is None:
        raise NotFound("申請")
    if request.method == "POST":
        messages.success(request, change_hold(request, number))
        return redirect("desk:case-retention", number)
    context = {
        "case": case,
        "rule": rule,
        "method": METHOD_NAMES[rule.method] if rule else "",
        "holds": retention.open_holds(case.id),
        "grounds": HoldGround.choices,
        "case_url": reverse("desk:case", args=[number]),
    }
    return render(request, "desk/case_retention.html", context)


def change_hold(request: StaffRequest, number: str) -> str:
    asked = request.POST
    if hold_id := asked.get("release", ""):
        if not hold_id.isdecimal():
            raise NotFound("廃棄停止")
        actions.release_hold(hold_id=int(hold_id), number=number, by=request.user, at=now())
        return "廃棄の停止を解きました。"
    ground = asked.get("ground", "")
    if ground not in HoldGround.values:
        raise NotFound("区分")
    until = asked.get("until", "").strip()
    actions.hold_case(
        number=number,
        ground=HoldGround(ground),
        reason=asked.get("reason", ""),
        until=parse_japanese_date(until) if until else None,
        by=request.user,
        at=now(),
    )
    return "この申請の廃棄を止めました。"
