"""By card: to the identity provider the town has chosen, and back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.ports import Started
from madoguchi.ledgers.registry import actions
from madoguchi.web.components.speech import speak_plain
from madoguchi.web.components.words import reader_of
from madoguchi.web.identity_providers import provider_here
from madoguchi.web.public_address import public_address
from madoguchi.web.resident.views.prove import choice
from madoguchi.web.resident.visiting import holder_of, now, welcome

SCOPES = ("name", "address", "birthdate")
"""What finding somebody in the register takes; gender is not needed for it and not asked for."""


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """A link, not a form: the rule that forms go nowhere else (form-action) would stop the way to the provider."""
    provider = provider_here(request, "citizen")
    try:
        started = provider.begin(redirect_uri=callback(request), scopes=SCOPES)
    except Refusal:
        return failed(request)
    request.session["citizen_oidc"] = started.as_json()
    return redirect(started.url)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """What was begun is used up by the first answer, whatever it says."""
    provider, kept = provider_here(request, "citizen"), request.session.pop("citizen_oidc", None)
    try:
        started = Started.from_json(kept)
        claims = provider.finish(started, redirect_uri=callback(request), answer=request.GET.dict())
        visitor = actions.prove_by_card(
            issuer=provider.issuer, claims=claims, at=now(), holder=holder_of(request)
        )
    except Refusal:
        return failed(request)
    welcome(request, visitor)
    return redirect(request.session.pop("next", "/my/"))


def failed(request: HttpRequest) -> HttpResponse:
    return choice(request, failed=speak_plain("prove.app-failed", reader_of(request)))


def callback(request: HttpRequest) -> str:
    return public_address(request) + reverse("resident:card-back")
