"""Setting a reading aid: a cookie, and back to where the reader was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from madoguchi.web.components import aids

YEAR_SECONDS = 365 * 24 * 60 * 60


def set_aid(request: HttpRequest) -> HttpResponse:
    back = request.GET.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return remember(redirect(back if safe else "/"), request.GET.get("set", ""))


def remember(response: HttpResponse, setting: str) -> HttpResponse:
    wanted = aids.wanted(setting)
    if wanted:
        response.set_cookie(*wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
