"""How sure each procedure must be of its applicants, who decided so; and people whom the desk links by hand."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.identity import METHOD_NAMES, default_table, notices
from madoguchi.ledgers.procedures.queries import live_procedures
from madoguchi.ledgers.registry import actions
from madoguchi.ledgers.registry.errors import ProofRefused
from madoguchi.ledgers.registry.joining import people_to_link
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest


@needs(Power.SEE_CASES, Power.MANAGE_PROCEDURES, Power.SEE_TRACE)
def decisions(request: StaffRequest) -> HttpResponse:
    """Every procedure, those whose review is overdue first."""
    on = clock.today()
    rows = [decision_row(loaded.package, on) for loaded in live_procedures()]
    rows.sort(key=lambda row: (not row["overdue"], row["identity"].review_on or on, row["slug"]))
    return render(
        request, "desk/identity.html", {"rows": rows, "table": default_rows(), "names": METHOD_NAMES}
    )


def decision_row(package, on) -> dict:
    identity = package.required_identity
    return {
        "slug": package.slug, "name": package.names.ja, "identity": identity,
        "ways": [METHOD_NAMES[way] for way in identity.ways], "overdue": identity.review_overdue(on),
        "notices": [each.sentence for each in notices(identity, on)],
    }  # fmt: skip


def default_rows() -> list[dict]:
    return [
        {"id": row.id, "text": row.text, "ial": row.results["ial"], "aal": row.results["aal"],
         "ways": [METHOD_NAMES[way] for way in row.results["methods"].split()]}
        for row in default_table().rows
    ]  # fmt: skip


@needs(Power.SEARCH_RESIDENTS)
@require_http_methods(["GET", "POST"])
def people(request: StaffRequest) -> HttpResponse:
    """People whose card was read but who were not found in the register exactly once."""
    if request.method == "POST":
        return link(request)
    return render(request, "desk/identity_people.html", {"people": people_to_link()})


def link(request: StaffRequest) -> HttpResponse:
    try:
        visitor_id, number = uuid.UUID(request.POST.get("visitor", "")), int(request.POST.get("number", ""))
    except ValueError:
        messages.error(request, "宛名番号を数字で入れてください。")
        return redirect("desk:identity-people")
    try:
        actions.link_visitor(
            visitor_id=visitor_id, atena_number=number, by=actor_of(request.user), at=clock.now()
        )
    except ProofRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "つなぎました。")
    return redirect("desk:identity-people")
