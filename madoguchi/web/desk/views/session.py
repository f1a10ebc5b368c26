"""Signing in and out of the desk: password, then the second proof; or a passkey alone."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.ledgers.office import actions, clock
from madoguchi.ledgers.office.authentication import StaffBackend
from madoguchi.ledgers.office.errors import FactorRefused
from madoguchi.ledgers.office.factors import factors_of, passkey_question
from madoguchi.ledgers.office.ports import provider_of
from madoguchi.web.client_address import client_address
from madoguchi.web.desk.sitting import ENDED, WHY, enter

FAILED = (
    "入れませんでした。職員番号とパスワードを確かめて、もう一度入力してください。"
    "何度も続いたときは、しばらく待ってから入力してください。"
)
WRONG_CODE = (
    "確かめられませんでした。数字を確かめて、もう一度入力してください。"
    "何度も続いたときは、しばらく待ってから入力してください。"
)
HALF_SECONDS = 300


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """One sentence for every failure, so that nobody learns which logins exist or are locked."""
    if request.method != "POST":
        return login_page(request)
    staff = actions.check_password(
        login=request.POST.get("login", ""),
        password=request.POST.get("password", ""),
        address=client_address(request),
        at=clock.now(),
    )
    if staff is None:
        return login_page(request, failed=True)
    wanted = next_of(request)
    if not factors_of(staff):
        return enter(request, staff, way="password", wanted=wanted)
    request.session.cycle_key()
    request.session["half_in"] = {"staff": staff.pk, "at": clock.now().timestamp(), "next": wanted}
    return redirect("desk:second")


def login_page(request: HttpRequest, *, failed: bool = False) -> HttpResponse:
    context = {
        "failed": failed, "sentence": FAILED, "accounts": demo_accounts(), "next": next_of(request),
        "ended": WHY.get(request.session.get(ENDED, ""), ""), "idle": settings.MADOGUCHI_STAFF_IDLE_SECONDS // 60,
        "sso": provider_of("staff", request.municipality.code) is not None,
    }  # fmt: skip
    return render(request, "desk/login.html", context, status=422 if failed else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second proof of somebody whose password was right less than five minutes ago."""
    staff, wanted = half_in(request)
    if staff is None:
        return redirect("desk:login")
    kinds = {factor.kind for factor in factors_of(staff)}
    if request.method == "GET":
        return render(request, "desk/second.html", {"kinds": kinds})
    code, address = request.POST.get("code", ""), client_address(request)
    if actions.check_code(staff, code=code, address=address, at=clock.now()):
        return enter(request, staff, way="password+code", wanted=wanted)
    return render(request, "desk/second.html", {"kinds": kinds, "sentence": WRONG_CODE}, status=422)


def half_in(request: HttpRequest) -> tuple[Any, str]:
    half = request.session.get("half_in")
    if not half or clock.now().timestamp() - half["at"] > HALF_SECONDS:
        request.session.pop("half_in", None)
        return None, ""
    return StaffBackend().get_user(half["staff"]), str(half["next"])


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser asks its passkey; for one account after its password, otherwise for whoever answers."""
    staff, _ = half_in(request)
    return JsonResponse(passkey_question(staff))


@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """The answer of a passkey. One sentence for every failure."""
    staff, wanted = half_in(request)
    try:
        credential = json.loads(request.POST.get("credential", ""))
        found = actions.staff_of_passkey(credential, expected=staff)
    except (ValueError, FactorRefused):
        sentence = "パスキーで入れませんでした。もう一度押すか、別の方法で入ってください。"
        messages.error(request, sentence)
        return redirect("desk:second" if staff else "desk:login")
    way = "password+passkey" if staff else "passkey"
    return enter(request, found, way=way, wanted=wanted or next_of(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        actions.note_exit(request.user, why="own", at=clock.now())
    logout(request)
    messages.success(request, "終わりました。お疲れさまでした。")
    return redirect("desk:login")


def demo_accounts() -> list:
    """Accounts to try, shown only where the installation is a demonstration."""
    if not settings.MADOGUCHI_DEMO_IDENTITY:
        return []
    return list(getattr(settings, "MADOGUCHI_DEMO_ACCOUNTS", ()))


def next_of(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if wanted.startswith("/desk/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return "/desk/"
