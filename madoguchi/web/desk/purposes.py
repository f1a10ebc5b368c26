"""What for: asked before people are shown, and written down with the look."""

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.web.desk.requests import StaffRequest

LONGEST = 200


def purpose_of(request: StaffRequest) -> str:
    """The purpose that came with this request; empty when none did."""
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("purpose", "").strip()[:LONGEST]


def sitting_purpose(request: StaffRequest, key: str) -> str:
    """The purpose of this request, else the one given earlier in the same sitting for the same work."""
    given = purpose_of(request)
    if given:
        request.session[key] = given
    return given or str(request.session.get(key, ""))


def ask_purpose(
    request: StaffRequest, *, title: str, purposes: tuple[str, ...], default: str = ""
) -> HttpResponse:
    """The page that asks; it comes back to the same address with the purpose."""
    context = {"title": title, "purposes": purposes, "default": default or purposes[0]}
    return render(request, "desk/purpose.html", context)
