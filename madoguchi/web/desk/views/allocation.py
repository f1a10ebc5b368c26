"""選考: one round of one period — compute, look, submit for decision."""

from collections.abc import Mapping
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.allocation import actions, queries
from madoguchi.services.allocation.errors import DeclineFaulty, SeatFaulty
from madoguchi.services.applications.queries import candidates
from madoguchi.web.desk.lookups import facility_names, live, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.bulk import job_key
from madoguchi.web.desk.withheld import placement_told

ROWS = 50


SUMS = (("applications", "申請"), ("placed", "承認"), ("waitlisted", "待機"), ("refused", "不承認"))
ASIDES = (
    ("excused_siblings", "きょうだいの希望による例外"),
    ("blocking", "どの割当てでも、順位により席を求められる家族"),
    ("undecided", "人が決めることが残る"),
    ("staying", "転園の希望がかなわず、今の席に残る子ども"),
)


@needs(Power.ALLOCATE, Power.APPROVE)
def round_page(request: StaffRequest, slug: str) -> HttpResponse:
    return shown(request, slug, request.GET.get("period", ""), turn=turn_of(request.GET.get("turn", "")))


def turn_of(text: str) -> int | None:
    """Which round of the period is asked for; nothing for the last one."""
    return int(text) if text.isdecimal() and len(text) < 4 else None


def shown(
    request: StaffRequest,
    slug: str,
    code: str,
    typed: Mapping[str, str] | None = None,
    turn: int | None = None,
) -> HttpResponse:
    """A round; with what was typed into the form of a seat or of a 辞退 when that was refused."""
    package = live(slug).package
    period = period_of(package, code, today())
    found = queries.round_of(slug, period.code, turn) if period else None
    if turn and found is None:
        raise NotFound("選考")
    turns = queries.turns_of(slug, period.code) if period else []
    context = {
        "package": package,
        "period": period,
        "round": found,
        "names": facility_names(package),
        "heads": office.staff_with_power(Power.APPROVE, today()),
        "asked": request.GET,
        "may_allocate": Power.ALLOCATE in powers(request),
        "turns": turns,
        "is_last": found is not None and found.sequence == turns[-1],
        "declines": queries.declines(slug, period.code) if found and found.settled_at else [],
        "held_seats": queries.held_seats(found.id) if found else [],
        "typed": typed or {},
        **(results(request, found, package) if found and found.computed_at else {}),
    }
    return render(request, "desk/allocation.html", context, status=422 if typed else 200)


def results(request: StaffRequest, found, package) -> dict:
    """The sums, and one page of the placements with the people they are about."""
    asked = request.GET
    rows = queries.placements(found.id, facility_code=asked.get("club", ""), outcome=asked.get("outcome", ""))
    page = Paginator(list(rows), ROWS).get_page(asked.get("page"))
    people = {one.application_id: one for one in candidates([row.application_id for row in page])}
    return {
        "page": page,
        "rows": [
            (placement_told(row, package, powers(request)), people.get(row.application_id)) for row in page
        ],
        "quotas": queries.quota_lines(found),
        "sums": [(label, found.figures.get(key, 0)) for key, label in SUMS],
        "asides": [
            (label, found.figures[key])
            for key, label in ASIDES
            if key in found.figures and (key != "staying" or found.by_class)
        ],
    }


@require_POST
@needs(Power.ALLOCATE)
def act(request: StaffRequest, slug: str) -> HttpResponse:
    """Open, compute, submit or order the letters of this period's round."""
    package = live(slug).package
    period = period_of(package, request.POST.get("period", ""), today())
    verb = request.POST.get("verb", "")
    if period is None:
        raise NotFound("選考")
    here = f"{reverse('desk:allocation', args=[slug])}?period={period.code}"
    turn = turn_of(request.POST.get("turn", ""))
    if turn and verb != "again":
        here += f"&turn={turn}"
    if verb == "compute":
        round_id = the_round(request, slug, period.code).id
        job = actions.order_computation(round_id=round_id, by=request.user, at=now(), job_id=job_key(request))
        return redirect(f"{reverse('desk:job', args=[job])}?back={quote(here)}")
    if verb not in VERBS:
        raise NotFound("選考")
    try:
        messages.success(request, VERBS[verb](request, slug, period.code))
    except (SeatFaulty, DeclineFaulty) as refusal:
        messages.error(request, str(refusal))
        return shown(request, slug, period.code, request.POST.dict(), turn)
    return redirect(here)


def opened(request: StaffRequest, slug: str, period_code: str) -> str:
    actions.open_round(slug=slug, period_code=period_code, by=request.user, at=now())
    return "選考の回を作りました。次は「計算する」です。"


def submitted(request: StaffRequest, slug: str, period_code: str) -> str:
    approver = office.staff_by_login(request.POST.get("approver", ""))
    if approver is None:
        raise NotFound("決裁する人")
    actions.submit_round(
        round_id=the_round(request, slug, period_code).id, approver=approver, by=request.user, at=now()
    )
    return f"{approver.name}さんに決裁を頼みました。"


def ordered(request: StaffRequest, slug: str, period_code: str) -> str:
    actions.order_letters(the_round(request, slug, period_code).id, by=request.user, at=now())
    return "通知を作り始めました。できた分から「通知」で確かめられます。"


def held(request: StaffRequest, slug: str, period_code: str) -> str:
    actions.hold_seat(
        round_id=the_round(request, slug, period_code).id,
        number=request.POST.get("number", ""),
        facility_code=request.POST.get("facility", ""),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
    )
    return "席を個別に決めました。次の計算から、順位によらずこの席に置きます。"


def released(request: StaffRequest, slug: str, period_code: str) -> str:
    actions.release_seat(
        round_id=the_round(request, slug, period_code).id,
        number=request.POST.get("number", ""),
        by=request.user,
        at=now(),
    )
    return "個別に決めた席を取り消しました。次の計算から、順位で決めます。"


def declined(request: StaffRequest, slug: str, period_code: str) -> str:
    actions.decline_seat(
        round_id=the_round(request, slug, period_code).id,
        number=request.POST.get("number", ""),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
    )
    return "辞退を記録しました。空いた席は、次の再調整で割り当てます。"


def again(request: StaffRequest, slug: str, period_code: str) -> str:
    opened = actions.open_again(round_id=the_round(request, slug, period_code).id, by=request.user, at=now())
    return f"{opened.sequence}回目の選考（空き枠の再調整）を作りました。「回の席」を確かめてから計算します。"


def the_round(request: StaffRequest, slug: str, period_code: str):
    """The round a press is about: that of the page it was pressed on, else the last one."""
    found = queries.round_of(slug, period_code, turn_of(request.POST.get("turn", "")))
    if found is None:
        raise NotFound("選考")
    return found


VERBS = {
    "hold": held,
    "release": released,
    "open": opened,
    "submit": submitted,
    "letters": ordered,
    "decline": declined,
    "again": again,
}
