"""内部統制 for accounting, audit and section heads: catalogue, exceptions, subscriptions, evidence. Nothing here changes a case."""

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from madoguchi.clerical.controls import access, actions, overseeing
from madoguchi.clerical.controls.handing_out import Kind
from madoguchi.clerical.controls.queries import checklists_of, facts_of, view_of
from madoguchi.clerical.controls.states import FindingState, Result
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import sections_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk import controls_shown
from madoguchi.web.desk.ledger_views import one_of
from madoguchi.web.desk.lookups import procedures_here
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.export import attachment

ROWS = 100
MEDIA = {"csv": "text/csv; charset=utf-8", "zip": "application/zip"}


def controlled(request: StaffRequest) -> list:
    """The packages in use whose controls this person sees."""
    everywhere = Power.SEE_ALL_SECTIONS in powers(request)
    own = sections_of(request.user, today())
    seen = [one for one in procedures_here(request) if everywhere or one.section_id in own]
    return [one.package for one in seen if one.package.controls]


def around(request: StaffRequest, tab: str) -> dict:
    """What stands on every page of the controls."""
    packages = controlled(request)
    names = {one.slug: one.names.ja for one in packages}
    return {
        "tab": tab,
        "audits": Power.AUDIT_CONTROLS in powers(request),
        "packages": packages,
        "names": names,
    }


@require_GET
@needs(Power.SEE_CONTROLS)
def catalogue(request: StaffRequest) -> HttpResponse:
    """Every control of every procedure in use, with how it fared."""
    context = around(request, "catalogue")
    counts = overseeing.counts(request.user, now())
    context |= {"procedures": controls_shown.catalogue(context["packages"], counts)}
    context |= {"heads": controls_shown.HEADS, "at": now()}
    return render(request, "desk/controls.html", context)


@require_GET
@needs(Power.SEE_CONTROLS)
def findings(request: StaffRequest) -> HttpResponse:
    """The exceptions, newest first, narrowed down."""
    filters = controls_shown.read_filters(request.GET)
    page = paged(request, overseeing.findings_matching(request.user, filters, now()))
    context = around(request, "findings") | {"page": page, "rows": [view_of(row) for row in page]}
    context |= {"filters": filters, "asked": request.GET, "steps": controls_shown.STEPS}
    context |= {"states": FindingState.choices, "results": Result.choices[1:]}
    return render(request, "desk/control_findings.html", context)


@require_GET
@needs(Power.SEE_CONTROLS)
def runs(request: StaffRequest) -> HttpResponse:
    """The cases a control was run on, with what it last said."""
    asked = request.GET
    told = (
        asked.get("procedure", "")[:60],
        asked.get("key", "")[:40],
        one_of(asked.get("result"), Result.values),
    )
    page = paged(request, overseeing.runs_matching(request.user, *told, now()))
    sensitive = Power.SEE_SENSITIVE in powers(request)
    rows = [(run, controls_shown.fact_rows(facts_of(run.facts), sensitive=sensitive)) for run in page]
    return render(
        request, "desk/control_runs.html", around(request, "catalogue") | {"page": page, "rows": rows}
    )


def paged(request: StaffRequest, rows):
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


@require_GET
@needs(Power.SEE_CONTROLS)
def finding(request: StaffRequest, finding_id: int) -> HttpResponse:
    """One exception: what, on which facts from where and when, and who let it stand why."""
    view = access.finding_for(request.user, finding_id, now())
    sensitive = Power.SEE_SENSITIVE in powers(request)
    facts = [
        (label, value, source, datetime.fromisoformat(at))
        for label, value, source, at in controls_shown.fact_rows(view.facts, sensitive=sensitive)
    ]
    context = around(request, "findings") | {
        "view": view,
        "facts": facts,
        "step": controls_shown.STEPS[view.step],
    }
    context |= {"checklist": checklists_of(view.subject).get(view.key)}
    return render(request, "desk/control_finding.html", context)


@require_POST
@needs(Power.AUDIT_CONTROLS)
def evidence(request: StaffRequest) -> HttpResponse:
    """The exceptions of the list as a file, with its purpose in the trace."""
    kind = one_of(request.POST.get("kind"), list(MEDIA)) or "csv"
    body = actions.export_findings(
        filters=controls_shown.read_filters(request.POST),
        kind=cast("Kind", kind),
        purpose=request.POST.get("purpose", ""),
        by=request.user,
        at=now(),
    )
    return attachment(body, MEDIA[kind], f"findings-{now():%Y%m%d-%H%M}.{kind}")


@needs(Power.SEE_CONTROLS)
def subscriptions(request: StaffRequest) -> HttpResponse:
    """What this person is told of by mail; a POST adds one."""
    if request.method == "POST":
        procedure, _, key = request.POST.get("what", "").partition("/")
        require_offered(request, procedure, key)
        actions.subscribe(procedure=procedure, key=key, by=request.user, at=now())
        messages.success(request, "購読を始めました。新しい例外が見つかると、メールが届きます。")
        return redirect("desk:control-subscriptions")
    packages = {one.slug: one for one in controlled(request)}
    context = around(request, "subscriptions")
    rows = [(each, named(packages, each)) for each in overseeing.subscriptions_of(request.user)]
    return render(request, "desk/control_subscriptions.html", context | {"rows": rows})


def require_offered(request: StaffRequest, procedure: str, key: str) -> None:
    """Everything, or a procedure in use whose controls this person sees, or one control of it."""
    if not procedure and not key:
        return
    package = next((one for one in controlled(request) if one.slug == procedure), None)
    if package is None or (key and package.controls.point(key) is None):
        raise NotFound("統制点")


def named(packages: dict, subscription) -> str:
    """What a subscription is of, in words."""
    package = packages.get(subscription.procedure)
    if package is None:
        return subscription.procedure or "すべての手続のすべての統制点"
    point = package.controls.point(subscription.key)
    told = point.label.ja if point else subscription.key or "すべての統制点"
    return f"{package.names.ja}：{told}"


@require_POST
@needs(Power.SEE_CONTROLS)
def unsubscribe(request: StaffRequest, subscription_id: int) -> HttpResponse:
    """やめる; only one's own."""
    actions.unsubscribe(subscription_id=subscription_id, by=request.user, at=now())
    messages.success(request, "購読をやめました。")
    return redirect("desk:control-subscriptions")
