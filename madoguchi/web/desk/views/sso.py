"""Signing in by the municipality's own identity provider. Accounts are never made here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import actions, clock
from madoguchi.ledgers.office.ports import Started
from madoguchi.web.client_address import client_address
from madoguchi.web.desk.sitting import enter
from madoguchi.web.desk.views.session import next_of
from madoguchi.web.identity_providers import provider_here
from madoguchi.web.public_address import public_address

SCOPES = ("profile",)
FAILED = "共通の入口から入れませんでした。もう一度お試しいただくか、情報システム担当に連絡してください。"


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """A link, not a form: the rule that forms go nowhere else (form-action) would stop the way to the provider."""
    provider = provider_here(request, "staff")
    try:
        started = provider.begin(redirect_uri=callback(request), scopes=SCOPES)
    except Refusal:
        return failed(request)
    request.session["staff_sso"] = started.as_json()
    request.session["staff_sso_next"] = next_of(request)
    return redirect(started.url)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Unknown number, somebody who left, locked, forged answer: one sentence."""
    provider = provider_here(request, "staff")
    kept, wanted = request.session.pop("staff_sso", None), request.session.pop("staff_sso_next", "/desk/")
    try:
        started = Started.from_json(kept)
        claims = provider.finish(started, redirect_uri=callback(request), answer=request.GET.dict())
    except Refusal:
        return failed(request)
    login = str(claims.get(provider.person_claim, ""))
    staff = actions.staff_by_provider(login=login, address=client_address(request), at=clock.now())
    if staff is None:
        return failed(request)
    return enter(request, staff, way="sso", wanted=wanted)


def failed(request: HttpRequest) -> HttpResponse:
    messages.error(request, FAILED)
    return redirect("desk:login")


def callback(request: HttpRequest) -> str:
    return public_address(request) + reverse("desk:sso-back")
