"""回の席: what each class of each facility has for one round — a file, a form for one facility, sums and what is missing."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.allocation import actions, queries, seat_rules
from madoguchi.services.allocation.contest import class_name
from madoguchi.services.allocation.errors import SeatFault, SeatsFaulty
from madoguchi.services.allocation.seats import RatioKind
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.trials import round_here

FIELDS = {
    "capacity": seat_rules.CAPACITY,
    "staying": seat_rules.STAYING,
    "staff": seat_rules.STAFF,
    "floor": seat_rules.FLOOR,
    "ratio": seat_rules.RATIO,
}
"""The inputs of the form and the columns of the file they are."""


@needs(Power.ALLOCATE)
def seats(request: StaffRequest, slug: str) -> HttpResponse:
    """The table of the period's round; `?file=1` gives it as a file to fill in, `?facility=` a form for one facility."""
    if request.GET.get("file"):
        _, period, found = round_here(slug, request.GET)
        answer = HttpResponse(queries.seat_file(found.id), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="seats-{slug}-{period.code}.csv"'
        return answer
    return shown(request, slug, request.GET, request.GET.get("facility", ""))


def shown(
    request: StaffRequest,
    slug: str,
    here: QueryDict,
    facility: str,
    typed: Mapping[str, str] | None = None,
    faults: tuple[SeatFault, ...] = (),
) -> HttpResponse:
    """The page; with what was typed and what is wrong with it when it was refused."""
    package, period, found = round_here(slug, here)
    table = queries.seat_table(found.id)
    chosen = next((line for line in table.facilities if line.code == facility), None)
    if facility and chosen is None:
        raise NotFound("施設")
    context = {
        "package": package,
        "period": period,
        "round": found,
        "table": table,
        "chosen": chosen,
        "inputs": [(line, typed_or_kept(line, typed)) for line in chosen.classes] if chosen else [],
        "kinds": list(RatioKind),
        "changes": queries.seat_changes(found.id),
        "faults": faults,
    }
    return render(request, "desk/round_seats.html", context, status=422 if faults else 200)


def typed_or_kept(line, typed: Mapping[str, str] | None) -> dict[str, str]:
    """What stands in the inputs of a class."""
    if typed is not None:
        return {name: typed.get(f"{name}-{line.age_class}", "") for name in FIELDS}
    row = line.row
    if row is None:
        return dict.fromkeys(FIELDS, "")
    told = (row.capacity, row.staying, row.staff, row.floor, row.ratio.value)
    return {name: "" if value is None else str(value) for name, value in zip(FIELDS, told, strict=True)}


@require_POST
@needs(Power.ALLOCATE)
def act(request: StaffRequest, slug: str) -> HttpResponse:
    """Enter a file or the form of one facility; when something is wrong nothing is entered and everything is told."""
    facility = request.POST.get("facility", "")
    package, period, found = round_here(slug, request.POST)
    told = {"round_id": found.id, "by": request.user, "at": now()}
    try:
        if request.POST.get("verb") == "file":
            said = enter_file(request, package, told)
        else:
            said = enter_form(request, package, queries.seat_table(found.id), facility, told)
    except SeatsFaulty as refusal:
        messages.error(request, str(refusal))
        typed = request.POST.dict() if facility else None
        return shown(request, slug, request.POST, facility, typed, refusal.faults)
    messages.success(request, said)
    here = {"period": period.code, "turn": found.sequence}
    asked = urlencode(here | ({"facility": facility} if facility else {}))
    return redirect(f"{reverse('desk:round-seats', args=[slug])}?{asked}")


def enter_file(request: StaffRequest, package, told: dict) -> str:
    file = request.FILES.get("table")
    if file is None:
        fault = SeatFault("ファイル", "CSV", "選ばれていません。", "ファイルを選んでください。")
        raise SeatsFaulty([fault])
    rows = seat_rules.read_seat_file(file.read(), package.facilities)
    changed = actions.give_seats(rows=rows, **told)
    return f"{len(rows)}行を確かめ、{changed}行を入れました。"


def enter_form(request: StaffRequest, package, table, facility: str, told: dict) -> str:
    """One facility: a class left blank altogether is taken back."""
    line = next((line for line in table.facilities if line.code == facility), None)
    if line is None:
        raise NotFound("施設")
    cells, blank = [], []
    for each in line.classes:
        typed = {name: request.POST.get(f"{name}-{each.age_class}", "").strip() for name in FIELDS}
        if not any(value for name, value in typed.items() if name != "ratio"):
            blank += [each] if each.row else []
            continue
        row = {FIELDS[name]: value for name, value in typed.items()}
        place = {seat_rules.CODE: facility, seat_rules.CLASS: each.age_class if each.class_name else ""}
        cells.append((class_name(each.age_class) or line.label, place | row))
    if not cells and not blank:
        fault = SeatFault(line.label, "定員", "何も入っていません。", "1つ以上のクラスに入れてください。")
        raise SeatsFaulty([fault])
    rows = seat_rules.read_rows(cells, package.facilities) if cells else []
    changed = actions.give_seats(rows=rows, **told)
    for each in blank:
        actions.clear_seats(facility=facility, age_class=each.age_class, **told)
    return f"{line.label}の席を入れました（変わった行 {changed + len(blank)}）。"
