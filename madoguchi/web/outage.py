"""When something breaks below the pages: one clear sentence, and what was typed is not lost by a redirect."""

import sys

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from psycopg.errors import DiskFull

# After this many seconds a restarted database usually answers again.
TRY_AGAIN_SECONDS = "60"


def page(request: HttpRequest) -> HttpResponse:
    """The page for an error nobody caught: 503 without the database, 400 for what it cannot hold, else 500.

    As handler500 it also answers for middleware, which asks the database before any view does.
    """
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        return out_of_reach(request, isinstance(fault.__cause__, DiskFull))
    if isinstance(fault, DataError):
        return unfit(request)
    return plain_page(request, "500.html", 500)


def unfit(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """handler400: too many fields, or bytes that no text can have."""
    return plain_page(request, "400.html", 400)


def plain_page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    shown = {"request": Reader(request), "municipality": getattr(request, "municipality", None)}
    return HttpResponse(loader.get_template(template).render(shown), status=status)


def out_of_reach(request: HttpRequest, disk_full: bool) -> HttpResponse:
    """No redirect: reloading sends the same form again, and going back finds what was typed."""
    town = getattr(request, "municipality", None)
    shown = {
        "request": Reader(request),
        "municipality": town or {"name": "madoguchi"},
        "reason": "outage.full" if disk_full else "outage.gone",
        "posted": request.method == "POST",
        "address": request.get_full_path(),
    }
    answer = HttpResponse(loader.get_template("503.html").render(shown), status=503)
    answer["Retry-After"] = TRY_AGAIN_SECONDS
    answer["Cache-Control"] = "no-store"
    return answer


class Reader:
    """The request as far as it can be asked without a database: how this person reads."""

    def __init__(self, request: HttpRequest) -> None:
        self.COOKIES, self.method = request.COOKIES, request.method
        self.path, self.get_full_path = request.path, request.get_full_path
        self.session: dict[str, str] = {}
