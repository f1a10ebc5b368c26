"""The one search box: it decides by the shape of what was typed, and leaves a trace with its purpose."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.ledgers.registry import queries as registry
from madoguchi.web.desk.clock import now, today
from madoguchi.web.desk.powers import needs

RECEIPT_NUMBER = re.compile(r"[A-Z]{2}\d{6,10}")
PURPOSES = ("窓口での確認", "申請の審査", "電話での問い合わせ", "住所・氏名の確認")


@needs(Power.SEARCH_RESIDENTS)
def search(request: HttpRequest) -> HttpResponse:
    """A receipt number opens its case; everything else is looked up in the registry."""
    text = request.GET.get("q", "").strip()
    if RECEIPT_NUMBER.fullmatch(text.upper()):
        return redirect("desk:case", text.upper())
    purpose = request.GET.get("purpose", "") or PURPOSES[0]
    found = looked_up(request, text, purpose) if text else None
    context = {
        "text": text,
        "purpose": purpose,
        "purposes": PURPOSES,
        "found": found,
        "procedures": procedures.live_procedures(),
    }
    return render(request, "desk/residents.html", context)


def looked_up(request: HttpRequest, text: str, purpose: str):
    """The trace keeps that somebody searched and how many they saw, not whom they typed."""
    found = registry.search_residents(text, on=today(), limit=50)
    note = {"kind": str(found.kind), "hits": len(found.hits)}
    subjects = Subject("registry.search", str(found.kind))
    leave_trace(
        actor_of(request.user), "registry.searched", subjects, at=now(), purpose=purpose[:200], note=note
    )
    return found
