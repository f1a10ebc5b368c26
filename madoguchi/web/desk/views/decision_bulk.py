"""まとめて決裁: like drafts approved together after a look at a sample of them."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.bulk_deciding import Seen, sample_of
from madoguchi.clerical.decisions.errors import SampleUnseen
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.decisions import int_of


@require_POST
@needs(Power.APPROVE)
def bulk(request: StaffRequest) -> HttpResponse:
    """First the sample to read, drawn by a seed that is kept; then the order, and its progress."""
    if "sure" in request.POST:
        return ordered(request)
    chosen = [int_of(each) for each in request.POST.getlist("draft")]
    rows = queries.seen_of(request.user, chosen)
    if not rows or len({row.kind for row in rows}) != 1:
        raise SampleUnseen(
            "同じ種類の起案が選ばれていません。", next_step="同じ種類の起案に印を付けてから押してください。"
        )
    seed = uuid.uuid4().hex
    sample = [
        access.draft_for(request.user, draft_id, now())
        for draft_id in sample_of([row.id for row in rows], seed)
    ]
    context = {"rows": rows, "sample": sample, "seed": seed, "job": uuid.uuid4()}
    return render(request, "desk/decision_bulk.html", context)


def ordered(request: StaffRequest) -> HttpResponse:
    seen = [seen_of(text) for text in request.POST.getlist("seen")]
    try:
        job_id = uuid.UUID(request.POST.get("job", ""))
    except ValueError:
        job_id = uuid.uuid4()
    job = actions.approve_many(
        seen=seen, seed=request.POST.get("seed", "")[:64], by=request.user, at=now(), job_id=job_id
    )
    return redirect("desk:job", job)


def seen_of(text: str) -> Seen:
    """`id:hash:edition`, as the list was drawn."""
    draft_id, _, rest = text.partition(":")
    sha256, _, edition = rest.partition(":")
    return Seen(int_of(draft_id), sha256, int_of(edition))
