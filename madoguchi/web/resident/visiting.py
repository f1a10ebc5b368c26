"""Who is at the portal, and what a page does when a room refuses."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.registry import queries as registry
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.refusals import refused

View = Callable[..., HttpResponse]


def visitor_of(request: HttpRequest) -> VisitorView | None:
    visitor_id = request.session.get("visitor_id")
    return registry.visitor(visitor_id) if visitor_id else None


def welcome(request: HttpRequest, visitor: VisitorView) -> None:
    """A new session key, so that a key planted before the proof is worth nothing after it."""
    request.session.cycle_key()
    request.session["visitor_id"] = str(visitor.id)
    request.session.pop("proof_id", None)


def actor_of(visitor: VisitorView) -> Actor:
    return Actor("resident", str(visitor.id), visitor.name or visitor.email)


def for_visitors(view: View) -> View:
    """Only for people who have shown who they are; others prove it first and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            back = request.get_full_path() if request.method == "GET" else request.path
            return redirect("/prove/?" + urlencode({"next": back}))
        return hide_others(view)(request, visitor, *args, **kwargs)

    return guarded


def hide_others(view: View) -> View:
    """What is not there and what is not yours gives the same page; other refusals become a message."""

    @wraps(view)
    def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except Refusal as error:
            messages.error(request, refused(error, reader_of(request)))
            return redirect(refuge(request))

    return hidden


def refuge(request: HttpRequest) -> str:
    """Where to tell a refusal: the page one came from, unless that is the page that refused."""
    came_from = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    if own and request.method == "POST":
        return came_from
    return "/"


def safe_next(text: str) -> str:
    return (
        text if text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else "/my/"
    )


def now() -> datetime:
    return clock.now()
