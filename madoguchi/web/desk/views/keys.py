"""API鍵: which systems may come in, for which section, until when; and which notices did not arrive."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.common.ages import fiscal_year_end
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import keys as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.queries import organisation, section_by_code, section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.scopes import Scope
from madoguchi.services.webhooks.queries import failed_notices, webhooks_of
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

LIMITS = (60, 120, 600)


@needs(Power.MANAGE_API_KEYS)
def keys(request: StaffRequest) -> HttpResponse:
    """GET lists; POST makes one and shows its secret, this once."""
    if request.method != "POST":
        return page(request)
    try:
        made = made_key(request)
    except Refusal as refusal:
        return page(request, status=422, refusal=refusal)
    answer = page(request, made=made)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs(Power.MANAGE_API_KEYS)
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    office.revoke_key(key_id=key_id, by=request.user, at=now())
    messages.success(request, "鍵を取り消しました。この鍵では、もう何も開きません。")
    return redirect("desk:keys")


def page(request: StaffRequest, status: int = 200, **more) -> HttpResponse:
    on = today()
    rows = [
        {
            "key": key,
            "section": section_in_year(key.section_id, on),
            "scopes": [scope.label for scope in Scope if scope in key.scopes],
            "good": key.is_good(on),
            "webhooks": webhooks_of(key.id),
        }
        for key in office.all_keys()
    ]
    context = {
        "rows": rows,
        "failed": failed_notices(),
        "sections": organisation(on),
        "scopes": Scope,
        "limits": LIMITS,
        "today": on,
        "last_day": fiscal_year_end(on),
        "posted": request.POST,
        "chosen": request.POST.getlist("scopes"),
    }
    return render(request, "desk/keys.html", context | more, status=status)


def made_key(request: StaffRequest) -> office.NewKey:
    section = section_by_code(request.POST.get("section", "")[:30].replace("\x00", ""))
    if section is None:
        raise Refusal(
            "課が選ばれていません。", next_step="鍵を使う課を選んでください。", code="office.no_section"
        )
    limit = request.POST.get("per_minute", "")
    return office.make_key(
        name=request.POST.get("name", ""),
        purpose=request.POST.get("purpose", ""),
        section=section,
        scopes={Scope(each) for each in request.POST.getlist("scopes") if each in Scope.values},
        by=request.user,
        at=now(),
        expires_on=chosen_day(request.POST.get("expires_on", "")),
        per_minute=int(limit) if limit in {str(each) for each in LIMITS} else LIMITS[1],
    )


def chosen_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
