"""Signing in and out of the desk."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

FAILED = "職員番号かパスワードが違います。確かめて、もう一度入力してください。"


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """One sentence for every failure, so that nobody learns which logins exist."""
    failed = False
    if request.method == "POST":
        staff = authenticate(
            request, login=request.POST.get("login", ""), password=request.POST.get("password", "")
        )
        if staff is not None:
            login(request, staff)
            return redirect(next_of(request))
        failed = True
    context = {"failed": failed, "sentence": FAILED, "accounts": demo_accounts(), "next": next_of(request)}
    return render(request, "desk/login.html", context, status=422 if failed else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
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
