"""決裁: what waits for my decision, and one draft read to its end before it is decided."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.states import Capacity, DraftState, StepOutcome
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import everybody, staff_by_login
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.allocation.queries import sums_in_sight
from madoguchi.web.components.downloads import as_download
from madoguchi.web.desk.dates import read_day
from madoguchi.web.desk.opened import staff_seconds
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

PAGE = 50
OF_SECTION, ALL_OF_SECTION = 20, 200
MOST_FILES = 10
VERBS = {"approve": actions.approve, "return": actions.return_draft, "reject": actions.reject}
SAID = {
    DraftState.SUBMITTED: "承認しました。次の人に回りました。",
    DraftState.APPROVED: "決裁しました。施行に進めます。",
    DraftState.RETURNED: "差し戻しました。起案した人が直して、同じ番号で出し直せます。",
    DraftState.REJECTED: "却下しました。この起案はここで終わりです。新しい起案で引用できます。",
}


@needs(Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES)
def inbox(request: StaffRequest) -> HttpResponse:
    """What waits for me, what I may decide for somebody who is away, what I am to look at, what my section drafted."""
    kind, after = request.GET.get("kind"), int_of(request.GET.get("after", ""))
    decides = Power.APPROVE in powers(request)
    rows = queries.inbox(request.user, kind=kind, most=PAGE + 1, after=after) if decides else []
    kinds = queries.kinds_that_wait(request.user, today()) if decides else []
    every = "section" in request.GET
    own = queries.drafts_of(request.user.section_id, most=ALL_OF_SECTION if every else OF_SECTION + 1)
    look = queries.to_look_at(request.user)
    # The menu of this page asks the same again.
    request.desk_steps = (sum(each.count for each in kinds), len(look))
    context = {
        "drafts": rows[:PAGE],
        "more": after + PAGE if len(rows) > PAGE else 0,
        "waiting": request.desk_steps[0],
        "kinds": kinds,
        "kind": kind,
        "alike": len({row.kind for row in rows}) == 1 and len(rows) > 1,
        "decides": decides,
        "stand_in": queries.to_stand_in_for(request.user, now(), today()) if decides else [],
        "look": look,
        "section_drafts": own if every else own[:OF_SECTION],
        "more_of_section": not every and len(own) > OF_SECTION,
        "may_draft": Power.SEE_CASES in powers(request),
    }
    return render(request, "desk/decisions.html", context)


def int_of(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@needs(Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES)
def draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    found = access.draft_for(request.user, draft_id, now())
    context = {
        "draft": found,
        "whole": whole_sums(request, found),
        "work": queries.work_of(request.user, draft_id, now()) if found.work else None,
        "route": route_of(found, request.user),
        "pull_ups": pull_ups(found),
        "only_shown": found.state in {DraftState.CIRCULATING, DraftState.SHOWN},
        "readers_seen": sum(step.outcome is not None for step in found.steps),
        "readers_left": sum(step.waits for step in found.steps),
        "mine": found.may_decide,
        "body": [line for line in found.body.splitlines() if line.endswith("。")],
        "lines": [line for line in found.body.splitlines() if line.strip() and not line.endswith("。")],
        "kind_name": queries.kind_name(found.kind, today()),
        "people": [each for each in everybody() if each.pk != request.user.pk],
        "own": found.drafted_by_id == request.user.pk,
        "back": found.state in {DraftState.RETURNED, DraftState.TAKEN_BACK},
        "of_section": found.section_id == request.user.section_id,
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
    reached = VERBS[verb](
        draft_id=draft_id,
        by=request.user,
        at=at,
        seen_sha256=request.POST.get("seen_sha256", ""),
        edition=int_of(request.POST.get("edition", "")),
        comment=request.POST.get("comment", "").strip(),
        staff_seconds=staff_seconds(request, at),
    )
    work = queries.work_of(request.user, draft_id, at) if reached == DraftState.APPROVED else None
    if work is not None:
        # Deciding is done; the page of the draft shows how far the moving of its cases is.
        messages.success(
            request, f"決裁しました。{work.total:,}件の処理を始めました。画面を閉じても続きます。"
        )
        return redirect("desk:draft", draft_id)
    messages.success(request, SAID[reached])
    return redirect("desk:decisions")


@needs(Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES)
def work(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The bar alone, as htmx asks for it."""
    found = queries.work_of(request.user, draft_id, now())
    if found is None:
        raise NotFound("起案の処理")
    return render(request, "desk/_draft_work.html", {"work": found})


@require_POST
@needs(Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES)
def act(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Everything one may do with a draft besides deciding it."""
    verb = request.POST.get("verb", "")
    if verb not in ACTS:
        return redirect("desk:draft", draft_id)
    messages.success(request, ACTS[verb](request, draft_id))
    return redirect("desk:draft", draft_id)


def take_back(request: StaffRequest, draft_id: int) -> str:
    reason = request.POST.get("reason", "")
    actions.take_back(draft_id=draft_id, by=request.user, at=now(), reason=reason)
    return "取り戻しました。直して、同じ番号で出し直せます。"


def discard(request: StaffRequest, draft_id: int) -> str:
    reason = request.POST.get("reason", "")
    actions.discard(draft_id=draft_id, by=request.user, at=now(), reason=reason)
    return "廃案にしました。番号は欠番になります。"


def stand_in(request: StaffRequest, draft_id: int) -> str:
    actions.stand_in(draft_id=draft_id, by=request.user, at=now())
    return "代決者になりました。内容を読んで決裁してください。不在の人には後閲で回ります。"


def pull_up(request: StaffRequest, draft_id: int) -> str:
    reason = request.POST.get("reason", "")
    actions.pull_up(draft_id=draft_id, by=request.user, at=now(), reason=reason)
    return "引き上げました。内容を読んで決裁してください。手前の人には後閲で回ります。"


def look_done(request: StaffRequest, draft_id: int) -> str:
    comment = request.POST.get("comment", "")
    actions.look_done(draft_id=draft_id, by=request.user, at=now(), comment=comment)
    return "確認したことを記録しました。"


def work_again(request: StaffRequest, draft_id: int) -> str:
    actions.carry_out_again(draft_id=draft_id, by=request.user, at=now())
    return "もう一度、処理を始めました。"


def give_back(request: StaffRequest, draft_id: int) -> str:
    reason = request.POST.get("reason", "")
    actions.give_back(draft_id=draft_id, by=request.user, at=now(), reason=reason)
    return "差し戻しました。起案した人が直して、同じ番号で出し直せます。"


def circulate(request: StaffRequest, draft_id: int) -> str:
    named = [staff_by_login(login) for login in request.POST.getlist("reader")]
    readers = [staff for staff in named if staff is not None]
    count = actions.circulate(draft_id=draft_id, to=readers, by=request.user, at=now())
    return f"{count}人に供覧しました。"


def attach(request: StaffRequest, draft_id: int) -> str:
    files = [(each.name or "", each.read()) for each in request.FILES.getlist("file")[:MOST_FILES]]
    added = actions.attach(draft_id=draft_id, files=files, by=request.user, at=now())
    return f"{len(added)}つの添付を足しました。" if added else "添付するファイルが選ばれていません。"


def paper(request: StaffRequest, draft_id: int) -> str:
    day = read_day(request.POST.get("decided_on", "")) or date.min
    actions.record_paper_decision(draft_id=draft_id, decided_on=day, by=request.user, at=now())
    return "紙の決裁を記録しました。"


def remind(request: StaffRequest, draft_id: int) -> str:
    count = actions.remind(draft_id=draft_id, by=request.user, at=now())
    return f"{count}人に催促しました。"


ACTS = {
    "remind": remind,
    "take_back": take_back,
    "discard": discard,
    "stand_in": stand_in,
    "pull_up": pull_up,
    "work_again": work_again,
    "give_back": give_back,
    "seen": look_done,
    "circulate": circulate,
    "attach": attach,
    "paper": paper,
}


@needs(Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES)
def file(request: StaffRequest, draft_id: int, document_id: UUID) -> HttpResponse:
    """One attachment; that it was opened stands in the trace of the draft."""
    if not document_id:
        raise NotFound("起案の添付")
    return as_download(access.file_for(request.user, draft_id, document_id, now()))


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
    return [drafted, *(seal(step, staff) for step in found.now)]


def pull_ups(found) -> list[str]:
    """Each 引上げ of the draft in words: who, when, past whom, why."""
    passed = [step for step in found.steps if step.outcome == StepOutcome.PASSED_OVER]
    told = []
    for at in sorted({step.decided_at for step in passed}):
        these = [step for step in passed if step.decided_at == at]
        up = [
            f"{step.post} {step.approver_name}".strip()
            for step in found.steps
            if step.capacity == Capacity.PULLED_UP
            and step.submission == these[0].submission
            and step.opened_at == at
        ]
        past = "、".join(f"{step.post} {step.approver_name}".strip() for step in these)
        who = f"{up[0]}さんが" if up else ""
        told.append(
            f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S} {who}引き上げました。"
            f"待たずに進んだ段：{past}（後閲）。理由：{these[0].comment}"
        )
    return told


def seal(step, staff) -> dict:
    title = step.post or step.kind.label
    if step.stands_for:
        title = f"{step.post}（{step.stands_for}の{step.capacity.label}）"
    elif step.capacity == Capacity.PULLED_UP:
        title = f"{title}（引上げ）"
    words = [f"{step.approver_name}（{step.kind.label}）", *([f"「{step.comment}」"] if step.comment else [])]
    known = {"role": step.kind.label, "title": title, "words": words}
    if step.outcome == StepOutcome.PASSED_OVER:
        # Who was passed over has set no seal.
        passed = f"{timezone.localtime(step.decided_at):%Y-%m-%d %H:%M:%S} {step.outcome.label}"
        return known | {"state": "later", "role": "省略", "words": [*words, passed]}
    if step.outcome:
        acted = f"{timezone.localtime(step.decided_at):%Y-%m-%d %H:%M:%S} {step.outcome.label}"
        return known | {
            "state": "done",
            "name": surname(step.approver_name),
            "on": stamped(step.decided_at),
            "words": [*words, acted],
        }
    return known | {"state": "you" if step.waits and step.approver_id == staff.pk else "later"}


def stamped(at: datetime) -> str:
    """The day on a seal, as the office's calendar has it."""
    return f"{timezone.localtime(at):%-m.%-d}"


def surname(name: str) -> str:
    return name.replace("　", " ").split(" ")[0][:4]
