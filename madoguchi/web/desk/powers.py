"""Who may open a page of the desk, and how a refusal reaches the person."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.entrance import desk_powers

View = Callable[..., HttpResponse]


def powers(request: StaffRequest) -> frozenset[Power]:
    """What the signed-in member of staff may do today; asked once a request."""
    return desk_powers(request)


def needs(*any_of: Power) -> Callable[[View], View]:
    """Close a view to people without one of these powers; turn refusals into pages and messages."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args, **kwargs) -> HttpResponse:
            if not powers(request) & set(any_of):
                return refused_page(request, NotAllowed(any_of[0].label), 403)
            try:
                return view(request, *args, **kwargs)
            except NotFound as refusal:
                return refused_page(request, refusal, 404)
            except NotAllowed as refusal:
                return refused_page(request, refusal, 403)
            except Refusal as refusal:
                return said_back(request, refusal)

        guarded.needs = any_of
        return guarded

    return decorate


def refused_page(request: StaffRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "desk/refused.html", {"refusal": refusal, "status": status}, status=status)


def said_back(request: StaffRequest, refusal: Refusal) -> HttpResponse:
    """A refused POST goes back to the page it came from, with the sentence on top."""
    if request.method != "POST":
        return refused_page(request, refusal, 409)
    messages.error(request, str(refusal))
    return redirect(back_of(request))


def back_of(request: StaffRequest, fallback: str = "desk:home") -> str:
    """The page of ours a form names in `back`; never an address elsewhere."""
    back = request.POST.get("back", "")
    if back.startswith("/desk/") and url_has_allowed_host_and_scheme(back, {request.get_host()}):
        return back
    return fallback
