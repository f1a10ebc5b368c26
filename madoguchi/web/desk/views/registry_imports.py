"""住民データの取り込み: hand in a file, read the report, look at the differences, apply or throw away."""

from datetime import date
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.registry import access, actions, import_mapping, imports_seen
from madoguchi.ledgers.registry.states import ImportScope, RowChange, RowOutcome
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.registry_files import as_csv
from madoguchi.web.desk.requests import StaffRequest

OUTCOMES = (RowOutcome.REJECTED, RowOutcome.REPAIRED, RowOutcome.ACCEPTED)
CHANGES = (RowChange.NEW, RowChange.CHANGED, RowChange.LEFT, RowChange.MISSING)
PURPOSES = ("住民記録システムでの修正", "取り込みの確認", "監査への対応")
LAST, OWN = "last", "own"


@needs(Power.IMPORT_RESIDENTS)
def imports(request: StaffRequest) -> HttpResponse:
    return render(request, "desk/registry_imports.html", {"imports": imports_seen.imports()})


@needs(Power.IMPORT_RESIDENTS)
def new(request: StaffRequest) -> HttpResponse:
    """GET shows the form; POST hands the file in. A refused file leaves nothing behind but the refusal."""
    if request.method != "POST":
        return form_page(request, {"key": uuid4()})
    try:
        import_id = handed_in(request)
    except NotFound:
        raise
    except Refusal as refusal:
        return form_page(request, {"key": uuid4(), "refusal": refusal}, status=422)
    messages.info(request, "ファイルを受け取りました。読み取りは画面を閉じても続きます。")
    return redirect("desk:registry-import", import_id)


def form_page(request: StaffRequest, context: dict, status: int = 200) -> HttpResponse:
    context |= {
        "posted": request.POST,
        "mappings": import_mapping.shipped(),
        "last": imports_seen.last_mapping(),
        "scopes": ImportScope,
        "today": today(),
        "standard": import_mapping.shipped_text(import_mapping.STANDARD),
    }
    return render(request, "desk/registry_import_new.html", context, status=status)


def handed_in(request: StaffRequest) -> UUID:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        raise Refusal(
            "ファイルが選ばれていません。",
            next_step="CSVかExcelのファイルを選んでください。",
            code="registry.no_file",
        )
    return actions.open_import(
        name=file.name or "",
        source=cast(BinaryIO, file.file),
        mapping_toml=chosen_mapping(request),
        scope=ImportScope.PART if request.POST.get("scope") == ImportScope.PART else ImportScope.WHOLE,
        as_of=chosen_day(request.POST.get("as_of", "")),
        by=request.user,
        at=now(),
        import_id=key_of(request),
    )


def chosen_mapping(request: StaffRequest) -> str:
    """The town's own file, the one used last, or a shipped one."""
    own, choice = request.FILES.get("mapping_file"), request.POST.get("mapping", import_mapping.STANDARD)
    last = imports_seen.last_mapping()
    if own is not None:
        return own.read(import_mapping.LONGEST + 1).decode("utf-8-sig", errors="replace")
    if choice == LAST and last is not None:
        return last[1]
    return import_mapping.shipped_text(choice)


def chosen_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today()
    if day > today():
        raise Refusal(
            "基準日が今日より後です。",
            next_step="ファイルを書き出した日を入れてください。",
            code="registry.as_of",
        )
    return day


def key_of(request: StaffRequest) -> UUID:
    """The key in the form makes a second press of the same button the same import."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@needs(Power.IMPORT_RESIDENTS)
def report(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """What became of the lines; each count is a list."""
    found = imports_seen.import_view(import_id)
    outcome = picked(request.GET.get("outcome", ""), OUTCOMES, found.outcomes)
    rows = None
    if found.is_read:
        text, page = request.GET.get("q", ""), page_of(request)
        rows = imports_seen.rows_by_outcome(import_id, outcome, text=text, page=page)
        looked(request, import_id, outcome, len(rows.rows))
    listed, count, blocking = imports_seen.findings(import_id)
    context = {
        "run": found,
        "outcomes": [(each, found.outcomes[each.value]) for each in OUTCOMES],
        "outcome": outcome,
        "rows": rows,
        "findings": listed,
        "finding_count": count,
        "blocking": blocking,
        "job": jobs.job_progress(found.job) if found.is_busy else None,
        "text": request.GET.get("q", ""),
    }
    return render(request, "desk/registry_import.html", context)


def picked(asked: str, known: tuple, counts: dict[str, int]) -> str:
    """What was asked for, else the first that has rows."""
    if asked in [each.value for each in known]:
        return asked
    return next((each.value for each in known if counts[each.value]), known[0].value)


def page_of(request: StaffRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def looked(request: StaffRequest, import_id: UUID, what: str, rows: int) -> None:
    access.leave_import_look(import_id, what, rows, by=actor_of(request.user), at=now())


@needs(Power.IMPORT_RESIDENTS)
def differences(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """What would change, person by person, before anything does."""
    found = imports_seen.import_view(import_id)
    if not found.is_read:
        return redirect("desk:registry-import", import_id)
    change = picked(request.GET.get("change", ""), CHANGES, found.changes)
    move, text = request.GET.get("move", ""), request.GET.get("q", "")
    rows = imports_seen.rows_by_change(import_id, change, move=move, text=text, page=page_of(request))
    looked(request, import_id, change, len(rows.rows))
    _, _, blocking = imports_seen.findings(import_id, limit=0)
    context = {
        "run": found,
        "changes": [(each, found.changes[each.value]) for each in CHANGES],
        "same": found.changes[RowChange.SAME.value],
        "change": change,
        "move": move,
        "rows": rows,
        "text": text,
        "blocking": blocking,
    }
    return render(request, "desk/registry_differences.html", context)


@require_POST
@needs(Power.IMPORT_RESIDENTS)
def apply(request: StaffRequest, import_id: UUID) -> HttpResponse:
    strike = request.POST.get("strike_missing") == "yes"
    actions.order_apply(import_id=import_id, strike_missing=strike, by=request.user, at=now())
    messages.info(request, "反映を始めました。1回にまとめて書き込むので、途中の状態はだれにも見えません。")
    return redirect("desk:registry-import", import_id)


@require_POST
@needs(Power.IMPORT_RESIDENTS)
def discard(request: StaffRequest, import_id: UUID) -> HttpResponse:
    actions.discard_import(import_id=import_id, by=request.user, at=now())
    messages.success(request, "破棄しました。読み取った内容は残していません。住民記録は変わっていません。")
    return redirect("desk:registry-imports")


@needs(Power.IMPORT_RESIDENTS)
def rejections(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """The rejected lines as CSV, for a purpose that is written down."""
    found = imports_seen.import_view(import_id)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if request.method != "POST" or not purpose:
        return render(request, "desk/registry_rejections.html", {"run": found, "purposes": PURPOSES})
    table = access.rejections_for(import_id, by=actor_of(request.user), at=now(), purpose=purpose)
    answer = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-{found.as_of:%Y%m%d}.csv"'
    return answer
