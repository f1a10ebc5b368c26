"""A sitting at the desk: how it begins, how long it lasts, and what becomes of a form that came too late."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from madoguchi.ledgers.office import actions, clock
from madoguchi.ledgers.office.factors import factors_of, must_have_factor
from madoguchi.ledgers.office.strongbox import open_sealed, seal

BACKEND = "madoguchi.ledgers.office.authentication.StaffBackend"
ENTERED, SEEN, KEPT, ENDED, MUST_ADD = (
    "entered_at",
    "seen_at",
    "kept_form",
    "sitting_ended",
    "must_add_factor",
)
SEEN_EVERY_SECONDS = 15
LONGEST_KEPT = 200_000
OWN_PAGES = "/desk/login/"
WHY = {
    "idle": "しばらく操作がなかったので、終わりました。続けるには、もう一度入ってください。",
    "longest": "入ってから12時間たったので、終わりました。続けるには、もう一度入ってください。",
}


class StaffSitting:
    """Ends a sitting after 10 idle minutes or 12 hours; a form sent too late is kept for its writer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/desk/") or not request.user.is_authenticated:
            return self.get_response(request)
        now = int(clock.now().timestamp())
        session = request.session
        why = why_over(session.setdefault(ENTERED, now), session.get(SEEN, now), now)
        if why:
            return end(request, why)
        if now - session.get(SEEN, 0) >= SEEN_EVERY_SECONDS:
            session[SEEN] = now
        if session.get(MUST_ADD) and not request.path.startswith((OWN_PAGES, "/desk/logout/")):
            return redirect("desk:factors")
        return self.get_response(request)


def why_over(entered: int, seen: int, now: int) -> str:
    """Which limit a sitting has passed, if any; seconds."""
    if now - seen > settings.MADOGUCHI_STAFF_IDLE_SECONDS:
        return "idle"
    if now - entered > settings.MADOGUCHI_STAFF_LONGEST_SECONDS:
        return "longest"
    return ""


def end(request: Any, why: str) -> HttpResponse:
    """Close the sitting; what was typed waits, sealed, until the same person is back."""
    kept = kept_form(request)
    actions.note_exit(request.user, why=why, at=clock.now())
    logout(request)
    request.session[ENDED] = why
    if kept:
        request.session[KEPT] = kept
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("desk:login")})
    back = request.get_full_path() if request.method == "GET" else "/desk/"
    return redirect_to_login(back, login_url=reverse("desk:login"))


def kept_form(request: HttpRequest) -> str:
    """The form of a POST, sealed with its writer and address; files cannot be kept."""
    if request.method != "POST" or request.path.startswith((OWN_PAGES, "/desk/logout/")):
        return ""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    text = json.dumps({"staff": request.user.pk, "path": request.get_full_path(), "fields": fields})
    return seal(text) if len(text) <= LONGEST_KEPT else ""


def open_kept(request: HttpRequest) -> dict[str, Any] | None:
    """The form that waits for this person; anybody else's is forgotten."""
    sealed = request.session.get(KEPT, "")
    try:
        kept = json.loads(open_sealed(sealed)) if sealed else None
    except ValueError:
        kept = None
    if kept is None or kept["staff"] != request.user.pk:
        request.session.pop(KEPT, None)
        return None
    return dict(kept)


def enter(request: HttpRequest, staff: Any, *, way: str, wanted: str) -> HttpResponse:
    """Begin a sitting under a new session key. Whoever must have a second proof is led to add one first."""
    at = clock.now()
    login(request, staff, backend=BACKEND)
    request.session[ENTERED] = request.session[SEEN] = int(at.timestamp())
    request.session.pop(ENDED, None)
    request.session.pop("half_in", None)
    actions.note_entry(staff, way=way, at=at)
    if way == "password" and must_have_factor(staff, at.date()) and not factors_of(staff):
        request.session[MUST_ADD] = True
        return redirect("desk:factors")
    return redirect("desk:kept" if open_kept(request) else wanted)
