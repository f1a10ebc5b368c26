"""The one search box: it decides by the shape of what was typed, and leaves a trace with its purpose."""

import re
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.registry import access as registry
from madoguchi.web.desk.lookups import procedures_here
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest

RECEIPT_NUMBER = re.compile(r"[A-Z]{2}\d{6,10}")
PURPOSES = ("窓口での確認", "申請の審査", "電話での問い合わせ", "住所・氏名の確認")


@needs(Power.SEARCH_RESIDENTS)
def search(request: StaffRequest) -> HttpResponse:
    """A receipt number opens its case; everything else is looked up in the registry."""
    text = request.GET.get("q", "").strip()
    if RECEIPT_NUMBER.fullmatch(text.upper()):
        return redirect("desk:case", text.upper())
    purpose = request.GET.get("purpose", "") or PURPOSES[0]
    by = actor_of(request.user)
    found = registry.search_residents(text, by=by, at=now(), purpose=purpose[:200]) if text else None
    context = {
        "text": text,
        "purpose": purpose,
        "purposes": PURPOSES,
        "found": found,
        # As text: a number would be put into the form of the language four times a line.
        "lines": [(hit, str(hit.id), str(hit.atena_number)) for hit in found.hits] if found else [],
        "person_page": person_page(),
        "asked_for": quote(purpose),
        "entries": entry_links(request) if found and found.hits else [],
    }
    return render(request, "desk/residents.html", context)


def person_page() -> str:
    """The address of a person's page up to the key: worked out once a page, not once a line."""
    return reverse("desk:registry-person", args=[0]).removesuffix("0/")


def entry_links(request: StaffRequest) -> list[tuple[str, str]]:
    """The words and the address, up to the resident, of each procedure that can be entered for somebody."""
    return [
        (
            f"{one.package.names.ja}を入力",
            f"{reverse('desk:new', args=[one.package.slug])}?channel=counter&resident=",
        )
        for one in procedures_here(request)
    ]
