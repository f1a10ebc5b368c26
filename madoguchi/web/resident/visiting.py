"""Who is at the portal, and what a page does when a room refuses."""

import uuid
from collections.abc import Callable
from dataclasses import replace
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
from madoguchi.services.applications.errors import DraftExpired, DraftSent, ProofTooLow
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.drafts import expired_page
from madoguchi.web.resident.refusals import refused

View = Callable[..., HttpResponse]
PROOFS_KEPT = 10
CARD_LEVEL = 3


def visitor_of(request: HttpRequest) -> VisitorView | None:
    """Who this sitting is, at the levels it has itself shown within twelve hours."""
    visitor_id, proofs = request.session.get("visitor_id"), request.session.get("proofs")
    if not visitor_id:
        return None
    visitor = registry.visitor(visitor_id, proofs or [], at=now())
    if visitor is None or (proofs and visitor.identity_level < lowest_of(visitor)):
        return None
    # Somebody is a visitor only by a proof; a sitting that kept none of them counts as the lowest.
    return visitor if proofs else replace(visitor, identity_level=1, sign_in_level=1)


def lowest_of(visitor: VisitorView) -> int:
    """A sitting that is a resident must itself have shown the card: an address alone opens no register."""
    return CARD_LEVEL if visitor.resident_id is not None else 1


def holder_of(request: HttpRequest) -> uuid.UUID | None:
    """Who this sitting was before the proof that is under way."""
    visitor = visitor_of(request)
    return visitor.id if visitor else None


def welcome(request: HttpRequest, visitor: VisitorView) -> None:
    """A new session key, so that a key planted before the proof is worth nothing after it."""
    request.session.cycle_key()
    request.session["visitor_id"] = str(visitor.id)
    request.session["proofs"] = [*request.session.get("proofs", []), str(visitor.proof_id)][-PROOFS_KEPT:]
    for key in ("proof_id", "proof_email", "proof_method", "prove_for"):
        request.session.pop(key, None)


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
        except ProofTooLow as error:
            return redirect("/prove/?" + urlencode({"for": error.slug, "next": request.path}))
        except DraftSent as sent:
            return redirect("resident:receipt", number=sent.number)
        except DraftExpired as gone:
            return expired_page(request, gone)
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
    """An address of ours, or that of one's own applications."""
    ours = text.startswith("/") and text.isprintable()
    return text if ours and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else "/my/"


def now() -> datetime:
    return clock.now()
