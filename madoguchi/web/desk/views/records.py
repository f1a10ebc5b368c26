"""簿冊: the files of the section, what waits to be filed, one file with its clock, holds and copies."""

import tempfile
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.clerical.records import access, actions, queries
from madoguchi.clerical.records.copying import KEPT_DAYS
from madoguchi.clerical.records.filing import MOST_AT_ONCE, Filing, completion_of
from madoguchi.clerical.records.queries import VIEWS, Filters
from madoguchi.clerical.records.states import Appraisal, HoldGround
from madoguchi.common.era import parse_japanese_date
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.bulk import job_key

ROWS = 100
PURPOSES = ("監査の資料", "文書主管課への引継ぎ", "公文書館への移管", "開示請求への対応", "課内の確認")
READERS = (Power.SEE_CASES, Power.SEE_TRACE, Power.RUN_RETENTION)
DRAFT_READERS = {Power.APPROVE, Power.ALLOCATE, Power.SEE_CASES}


@needs(*READERS)
def records(request: StaffRequest) -> HttpResponse:
    """Every file in sight, narrowed down by view, year, class and words; each number leads to its files."""
    filters = read_filters(request)
    counts = queries.file_counts(request.user, filters, at=now())
    page = Paginator(queries.files(request.user, filters, at=now()), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.file_rows(list(page), now()),
        "filters": filters,
        "tabs": [(view, name, counts[view]) for view, name in VIEWS.items()],
        "years": queries.years_of(request.user, at=now()),
        "classes": queries.classes_of(request.user, at=now()),
        "unfiled": queries.unfiled(request.user, at=now()).count() if may_file(request) else None,
        "on": today(),
    }
    return render(request, "desk/records.html", context)


def read_filters(request: StaffRequest) -> Filters:
    asked = request.GET
    year = asked.get("year", "")
    return Filters(
        asked.get("view", ""),
        int(year) if year.isdecimal() and len(year) == len("2026") else None,
        asked.get("class", ""),
        asked.get("q", "").strip(),
    )


def may_file(request: StaffRequest) -> bool:
    return Power.SEE_CASES in powers(request)


@needs(Power.SEE_CASES)
def unfiled(request: StaffRequest) -> HttpResponse:
    """Settled drafts in no file yet, class and retention as they were drafted. POST files the chosen ones, or one."""
    if request.method == "POST":
        return filed(request)
    page = Paginator(queries.unfiled(request.user, at=now()), ROWS).get_page(request.GET.get("page"))
    known = queries.classes_in_force()
    context = {
        "page": page,
        "rows": [(draft, known.get(draft.class_code), completion_of(draft)) for draft in page],
        "classes": known.values(),
        "most": MOST_AT_ONCE,
    }
    return render(request, "desk/records_unfiled.html", context)


def filed(request: StaffRequest) -> HttpResponse:
    asked = request.POST
    if one := asked.get("one", ""):
        file_id = actions.file_draft(
            draft_id=number(one), by=request.user, at=now(), filing=read_filing(asked)
        )
        messages.success(request, "簿冊に綴じました。")
        return redirect("desk:case-file", file_id)
    chosen = [number(each) for each in asked.getlist("draft")]
    done = actions.file_drafts(
        draft_ids=chosen, by=request.user, at=now(), class_code=asked.get("class_code", "")
    )
    if done.count:
        messages.success(request, f"{done.count}件を綴じました。")
    for problem in done.problems[:20]:
        messages.error(request, problem)
    if not chosen:
        messages.error(request, "綴じる起案が選ばれていません。左の欄に印を付けてください。")
    return redirect("desk:records-unfiled")


def read_filing(asked) -> Filing:
    day = asked.get("completed_on", "").strip()
    return Filing(
        class_code=asked.get("class_code", ""),
        retention=asked.get("retention", ""),
        completed_on=parse_japanese_date(day) if day else None,
        title=asked.get("title", ""),
    )


def number(text: str) -> int:
    if not text.isdecimal() or len(text) > len("9999999999"):
        raise NotFound("起案")
    return int(text)


@needs(*READERS)
def case_file(request: StaffRequest, casefile_id: int) -> HttpResponse:
    """One file: its documents, how long it is kept and why, what holds it, its copies, how it ended."""
    found = access.file_for(request.user, casefile_id, now())
    running = [jobs.job_progress(copy.id) for copy in found.copies if copy.state == "ordered"]
    context = {
        "file": found,
        "row": found.row,
        "grounds": HoldGround.choices,
        "appraisals": [choice for choice in Appraisal.choices if choice[0]],
        "running": [job for job in running if job is not None],
        "purposes": PURPOSES,
        "kept_days": KEPT_DAYS,
        "opens_drafts": bool(powers(request) & DRAFT_READERS),
        "opens_trace": Power.SEE_TRACE in powers(request),
        "over": found.row.ends_on is not None and found.row.ends_on < today(),
    }
    return render(request, "desk/case_file.html", context)


@require_POST
@needs(*READERS)
def act(request: StaffRequest, casefile_id: int) -> HttpResponse:
    """Close, open again, hold, release, appraise, take a draft out, order a copy."""
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise NotFound("処理")
    messages.success(request, VERBS[verb](request, casefile_id))
    return redirect("desk:case-file", casefile_id)


def closed(request: StaffRequest, file_id: int) -> str:
    actions.close_file(file_id=file_id, by=request.user, at=now(), edition=edition(request))
    return "簿冊を完結しました。保存年限を数え始めます。"


def reopened(request: StaffRequest, file_id: int) -> str:
    reason = request.POST.get("reason", "")
    actions.reopen_file(file_id=file_id, by=request.user, at=now(), edition=edition(request), reason=reason)
    return "簿冊を開き直しました。綴じ終えたら、もう一度完結してください。"


def held(request: StaffRequest, file_id: int) -> str:
    ground, until = request.POST.get("ground", ""), request.POST.get("until", "").strip()
    if ground not in HoldGround.values:
        raise NotFound("区分")
    actions.hold_file(
        file_id=file_id,
        ground=HoldGround(ground),
        reason=request.POST.get("reason", ""),
        until=parse_japanese_date(until) if until else None,
        by=request.user,
        at=now(),
    )
    return "この簿冊の廃棄を止めました。"


def released(request: StaffRequest, file_id: int) -> str:
    hold_id = number(request.POST.get("hold", ""))
    actions.release_hold(hold_id=hold_id, file_id=file_id, by=request.user, at=now())
    return "廃棄の停止を解きました。"


def signed(request: StaffRequest, file_id: int) -> str:
    hold_id = number(request.POST.get("hold", ""))
    actions.sign_hold(hold_id=hold_id, file_id=file_id, by=request.user, at=now())
    return "延長を確かめました。"


def appraised(request: StaffRequest, file_id: int) -> str:
    chosen = request.POST.get("appraisal", "")
    if not chosen or chosen not in Appraisal.values:
        raise NotFound("選別")
    actions.appraise_file(
        file_id=file_id,
        appraisal=Appraisal(chosen),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
        edition=edition(request),
    )
    return f"「{Appraisal(chosen).label}」と選別しました。"


def taken_out(request: StaffRequest, file_id: int) -> str:  # noqa: ARG001  every verb is called alike
    draft_id = number(request.POST.get("draft", ""))
    actions.unfile_draft(draft_id=draft_id, by=request.user, at=now(), reason=request.POST.get("reason", ""))
    return "簿冊から外しました。「綴じていない起案」に戻っています。"


def copied(request: StaffRequest, file_id: int) -> str:
    actions.order_copy(
        file_id=file_id,
        purpose=request.POST.get("purpose", ""),
        by=request.user,
        at=now(),
        copy_id=job_key(request),
    )
    return "写しを作り始めました。できると、この画面から受け取れます。"


VERBS = {
    "close": closed,
    "reopen": reopened,
    "hold": held,
    "release": released,
    "sign": signed,
    "appraise": appraised,
    "take-out": taken_out,
    "copy": copied,
}


def edition(request: StaffRequest) -> int:
    told = request.POST.get("edition", "")
    return int(told) if told.isdecimal() else 0


@needs(*READERS)
def copy(request: StaffRequest, copy_id: UUID) -> Any:
    """A copy one has ordered, from the disk of this process: no copy is held in memory."""
    # The answer closes the file when it is through.
    out = tempfile.TemporaryFile()  # noqa: SIM115
    made = actions.fetch_copy(copy_id=copy_id, by=request.user, at=now(), out=out)
    answer = FileResponse(out, content_type="application/zip")
    name = f"{made.file.fiscal_year}-{made.file.class_code}-{made.file.title}.zip".replace("/", "_")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
