"""When something breaks below the pages: one clear sentence, and what was typed is not lost by a redirect."""

import sys
from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from psycopg.errors import DiskFull

# After this many seconds a restarted database usually answers again.
TRY_AGAIN_SECONDS = "60"
OUR_MARKS = ("csrfmiddlewaretoken", "_", "opened", "edition", "submission_key")


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


@dataclass(frozen=True)
class TypedAgain:
    """A form that was sent and could not be kept: every value, to be sent again by one press."""

    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        """What a person typed, without the marks of the page itself."""
        return [value for name, value in self.fields if value.strip() and not name.startswith(OUR_MARKS)]


def typed_again(request: HttpRequest) -> TypedAgain | None:
    """Everything of the form, with the token it came with: a form of another site stays refused.

    None for a page that was only asked for, for a sign-in (no password is ever written into a page) and for
    what cannot be read as a form.
    """
    if request.method != "POST":
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = [(name, file.name or "") for name, given in request.FILES.lists() for file in given]
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    if any("password" in name.lower() for name, _ in fields):
        return None
    return TypedAgain(fields, files)


def out_of_reach(request: HttpRequest, disk_full: bool) -> HttpResponse:
    """No redirect: the page holds everything that was typed, and one press sends it again."""
    town = getattr(request, "municipality", None)
    shown = {
        "request": Reader(request),
        "municipality": town or {"name": "madoguchi"},
        "reason": "outage.full" if disk_full else "outage.gone",
        "posted": request.method == "POST",
        "typed": typed_again(request),
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
