"""今日の異常: everything that is wrong, each with its repair."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office import health
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.watching import Repair, Trouble, mend_named
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

KINDS = {
    "queue": "裏の仕事",
    "jobs": "長い処理",
    "grants": "権限",
    "disk": "空き容量",
    "backup": "控え",
    "chain": "記録の鎖",
    "connectors": "外部連携",
    "certificates": "証明書",
    "mail": "メール",
    "drafts": "起案",
    "draft_work": "決裁の処理",
    "protection": "支援措置",
    "procedures": "手続",
    "api": "API",
}


@needs(Power.SEE_TROUBLES)
def troubles(request: StaffRequest) -> HttpResponse:
    found = health.troubles_now(now())
    context = {
        "bad": [shown(each) for each in found if not each.soon],
        "soon": [shown(each) for each in found if each.soon],
        "marks": health.marks(),
        "figures": health.figures(),
        "workers": health.workers_alive(),
        "at": now(),
    }
    return render(request, "desk/troubles.html", context)


def shown(trouble: Trouble) -> dict:
    return {
        "trouble": trouble,
        "kind": KINDS.get(trouble.kind, trouble.kind),
        "repairs": [(repair, page_of(repair)) for repair in trouble.repairs],
    }


def page_of(repair: Repair) -> str:
    """The address of a repair that is a page; empty for an act, and for a page this installation has not."""
    if not repair.page:
        return ""
    try:
        return reverse(f"desk:{repair.page}", args=[repair.page_key] if repair.page_key else [])
    except NoReverseMatch:
        return ""


@require_POST
@needs(Power.SEE_TROUBLES)
def mend(request: StaffRequest) -> HttpResponse:
    """Do one repair; what it could not mend it says in a sentence."""
    act = mend_named(request.POST.get("act", ""))
    if act is None:
        raise NotFound("直し方")
    said = act(request.POST.get("key", ""), request.POST.get("choice", ""), request.user, now())
    messages.success(request, said)
    return redirect("desk:troubles")
