"""One's own account: second proofs, password; and the form that came too late."""

import json

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import actions, clock
from madoguchi.ledgers.office.factors import codes_left, factors_of, passkey_offer
from madoguchi.ledgers.office.passwords import refuse_weak
from madoguchi.web.client_address import client_address
from madoguchi.web.desk.app_key import AppKey
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.sitting import KEPT, MUST_ADD, open_kept

SECRET = "app_secret"  # noqa: S105


@never_cache
@require_http_methods(["GET", "POST"])
def factors(request: StaffRequest) -> HttpResponse:
    """The list, and each button on it."""
    if request.method == "POST":
        return act(request)
    return shown(request)


def shown(
    request: StaffRequest, *, codes: list[str] | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    key = AppKey.of(request.session, SECRET, label=f"{request.municipality.name} {request.user.login}")
    context = {
        "factors": factors_of(request.user), "left": codes_left(request.user), "key": key, "codes": codes or [],
        "must": request.session.get(MUST_ADD, False), "refusal": refusal,
    }  # fmt: skip
    return render(request, "desk/factors.html", context, status=422 if refusal else 200)


def act(request: StaffRequest) -> HttpResponse:
    doing = {"app": add_app, "remove": remove, "password": change_password}.get(request.POST.get("do", ""))
    if doing is None:
        return redirect("desk:factors")
    try:
        return doing(request)
    except Refusal as refusal:
        return shown(request, refusal=refusal)


def add_app(request: StaffRequest) -> HttpResponse:
    refuse_without_password(request)
    key = AppKey.of(request.session, SECRET, label="")
    code = "".join(request.POST.get("code", "").split())
    codes = actions.add_app(request.user, secret=key.secret, code=code, at=clock.now())
    return added(request, codes)


def added(request: StaffRequest, codes: list[str]) -> HttpResponse:
    """A new key for the session: whoever shared the old one does not share the stronger sitting."""
    request.session.pop(SECRET, None)
    request.session.pop(MUST_ADD, None)
    request.session.cycle_key()
    messages.success(request, "足しました。次に入るときから使います。")
    return shown(request, codes=codes) if codes else redirect("desk:factors")


def remove(request: StaffRequest) -> HttpResponse:
    refuse_without_password(request)
    number = request.POST.get("factor", "")
    if number.isdigit():
        by = actions.actor_of(request.user)
        actions.remove_factor(request.user, int(number), by=by, at=clock.now())
        messages.success(request, "消しました。")
    return redirect("desk:factors")


def change_password(request: StaffRequest) -> HttpResponse:
    """Every other sitting of this account ends."""
    refuse_without_password(request)
    new = request.POST.get("new_password", "")
    refuse_weak(new, request.user)
    actions.change_password(request.user, password=new, by=actions.actor_of(request.user), at=clock.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, "パスワードを変えました。ほかの端末で開いていた画面は終わりました。")
    return redirect("desk:factors")


def refuse_without_password(request: StaffRequest) -> None:
    """A desk left open for a minute must not be enough to add a key to it."""
    actions.insist_on_password(
        request.user,
        password=request.POST.get("password", ""),
        address=client_address(request),
        at=clock.now(),
    )


@never_cache
@require_POST
def passkey_offer_page(request: StaffRequest) -> HttpResponse:
    """What the browser needs to make a passkey; the password is asked first."""
    try:
        refuse_without_password(request)
    except Refusal as refusal:
        return JsonResponse({"said": str(refusal)}, status=422)
    request.session["passkey_allowed"] = True
    return JsonResponse(passkey_offer(request.user))


@never_cache
@require_POST
def add_passkey(request: StaffRequest) -> HttpResponse:
    """Keep the passkey the browser has made."""
    if not request.session.pop("passkey_allowed", False):
        return redirect("desk:factors")
    try:
        credential = json.loads(request.POST.get("credential", ""))
        name = request.POST.get("name", "").strip()
        codes = actions.add_passkey(request.user, credential=credential, name=name, at=clock.now())
    except ValueError:
        return redirect("desk:factors")
    except Refusal as refusal:
        return shown(request, refusal=refusal)
    return added(request, codes)


@never_cache
@require_http_methods(["GET", "POST"])
def kept(request: StaffRequest) -> HttpResponse:
    """The form that came too late, to be sent again or thrown away."""
    waiting = open_kept(request)
    if request.method == "POST" or waiting is None:
        request.session.pop(KEPT, None)
        return redirect("desk:home")
    fields = [(name, value) for name, values in waiting["fields"].items() for value in values]
    return render(request, "desk/kept.html", {"path": waiting["path"], "fields": fields})


@require_POST
def stay(request: StaffRequest) -> HttpResponse:  # noqa: ARG001
    """「続ける」 of the warning: asking is enough, the sitting notes when it was seen last."""
    return HttpResponse(status=204)
