"""Unsent applications as their owner sees them: until when they are kept, and what an ended one says."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.queries import live_package, package_of
from madoguchi.services.applications import queries
from madoguchi.services.applications.errors import DraftExpired
from madoguchi.services.applications.rules import EXPIRY_STEPS


def draft_rows(visitor: Any, on: date) -> list[dict[str, Any]]:
    """What somebody began and did not send, with the days it is still kept when they are few."""
    return [draft_row(each, on) for each in queries.unsent_list(visitor, on=on)]


def draft_row(unsent: Any, on: date) -> dict[str, Any]:
    return {
        "unsent": unsent,
        "package": package_of(unsent.version_id).package,
        "days": (unsent.expires_on - on).days,
        "ends_soon": ends_soon(unsent, on),
    }


def ends_soon(unsent: Any, on: date) -> bool:
    return bool((unsent.expires_on - on).days <= max(EXPIRY_STEPS))


def expired_page(request: HttpRequest, gone: DraftExpired) -> HttpResponse:
    """What happened to an unsent application and what to do now."""
    try:
        package = live_package(gone.slug).package
    except NoSuchProcedure:
        package = None
    shown = {"package": package, "expired_on": gone.expired_on}
    return render(request, "resident/expired.html", shown, status=410)
