"""期限と待ち: what is late, what is near, what came back, what stands still; how long each stage takes."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.services.applications import people, stage_times, waiting
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

LOOKED_BACK = timedelta(days=365)


@needs(Power.SEE_CASES)
def overdue(request: StaffRequest) -> HttpResponse:
    what = request.GET.get("view", "over")
    what = what if what in waiting.WAITS else "over"
    mine = request.GET.get("mine") == "1"
    counts = waiting.counts_of(request.user, today())
    sections = people.sections_seen(request.user, today())
    context = {
        "what": what,
        "mine": mine,
        "title": waiting.WAITS[what],
        "tabs": [(key, name, counts[key][mine]) for key, name in waiting.WAITS.items()],
        "rows": waiting.waiting(request.user, what, today(), mine=mine),
        "total": counts[what][mine],
        "names": {one.package.slug: one.package.names.ja for one in procedures.live_procedures()},
        "stages": stage_times.medians(sections, now() - LOOKED_BACK) if sections is not None else [],
        "may_explain": Power.REVIEW_CASES in powers(request),
    }
    return render(request, "desk/overdue.html", context)
