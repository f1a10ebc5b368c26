"""決裁: what waits for my decision, and one draft read to its end before it is decided."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.allocation.queries import sums_in_sight
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

DONE = {
    "approve": "決裁しました。通知の準備に進めます。",
    "return": "差し戻しました。起案した人が直して、同じ番号で出し直せます。",
    "reject": "却下しました。この起案はここで終わりです。",
}
VERBS = {"approve": actions.approve, "return": actions.return_draft, "reject": actions.reject}


@needs(Power.APPROVE, Power.ALLOCATE)
def inbox(request: StaffRequest) -> HttpResponse:
    mine = list(queries.inbox(request.user)) if Power.APPROVE in powers(request) else []
    context = {"drafts": mine, "section_drafts": list(queries.drafts_of(request.user.section_id))}
    return render(request, "desk/decisions.html", context)


@needs(Power.APPROVE, Power.ALLOCATE)
def draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    found = access.draft_for(request.user, draft_id, now())
    context = {
        "draft": found,
        "whole": whole_sums(request, found),
        "route": route_of(found, request.user),
        "mine": found.may_decide,
        "body": [line for line in found.body.splitlines() if line.endswith("。")],
        "lines": [line for line in found.body.splitlines() if line.strip() and not line.endswith("。")],
    }
    return render(request, "desk/draft.html", context)


def whole_sums(request: StaffRequest, found) -> list[tuple[str, int]]:
    """Where the draft names less than it decides: the whole, for whoever may see it."""
    if not found.also_needs or Power(found.also_needs) not in powers(request):
        return []
    return sums_in_sight(found.subject.id) if found.subject.kind == "allocation.round" else []


@require_POST
@needs(Power.APPROVE)
def decide(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The hash of what was on the screen goes along, so that nobody decides what they did not see."""
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        return redirect("desk:draft", draft_id)
    at = now()
    VERBS[verb](
        draft_id=draft_id,
        by=request.user,
        at=at,
        seen_sha256=request.POST.get("seen_sha256", ""),
        edition=int(request.POST.get("edition") or 0),
        comment=request.POST.get("comment", "").strip(),
        staff_seconds=staff_seconds(request, at),
    )
    messages.success(request, DONE[verb])
    return redirect("desk:decisions")


def route_of(found, staff) -> list[dict]:
    """The route as the chain of seals shows it."""
    drafted = {
        "state": "done",
        "role": "起案",
        "name": surname(found.drafted_by),
        "on": stamped(found.drafted_at),
        "title": "起案",
        "words": [found.drafted_by],
    }
    return [drafted, *(seal(step, staff) for step in found.steps)]


def seal(step, staff) -> dict:
    words = [step.approver_name, *([f"「{step.comment}」"] if step.comment else [])]
    if step.outcome:
        on = stamped(step.decided_at)
        title = DraftState(step.outcome).label
        return {
            "state": "done",
            "role": "決裁",
            "name": surname(step.approver_name),
            "on": on,
            "title": title,
            "words": words,
        }
    state = "you" if step.approver_id == staff.pk else "later"
    return {"state": state, "role": "決裁", "title": "決裁", "words": words}


def stamped(at: datetime) -> str:
    """The day on a seal, as the office's calendar has it."""
    return f"{timezone.localtime(at):%-m.%-d}"


def surname(name: str) -> str:
    return name.replace("　", " ").split(" ")[0][:4]
