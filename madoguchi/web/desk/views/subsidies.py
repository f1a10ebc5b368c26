"""交付決定: accepted cases chosen for one draft, the total against what is left; claim and controls of one case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.clerical.payments.queries import appropriations
from madoguchi.common.ages import fiscal_year
from madoguchi.common.era import parse_japanese_date
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.controls import POSTS
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.applications.states import Outcome
from madoguchi.services.subsidies import actions, queries
from madoguchi.services.subsidies.granting import Choice
from madoguchi.services.subsidies.package_file import is_subsidy, subsidy_of
from madoguchi.web.desk.lookups import live
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest


@needs(Power.REVIEW_CASES, Power.APPROVE)
def subsidy(request: StaffRequest, slug: str) -> HttpResponse:
    """The accepted cases with what they ask for, the budget they come from, the drafts so far, and what was taken back."""
    package = live(slug).package
    if not is_subsidy(package):
        raise NotFound("補助金")
    subsidy, sections = subsidy_of(package), sections_seen(request.user, today())
    rows = queries.grant_rows(slug, subsidy, sections)
    budgets = appropriations(fiscal_year(today()), sections, setsu=subsidy.setsu)
    context = {
        "package": package,
        "rows": rows,
        "total": sum(row.amount for row in rows if not row.open_controls),
        "clear": sum(not row.open_controls for row in rows),
        "budgets": budgets,
        "left": sum(budget.left for budget in budgets),
        "batches": queries.batches(slug),
        "taken_back": queries.waiting_for_their_letter(slug, sections),
        "heads": [
            one for one in office.staff_with_power(Power.APPROVE, today()) if one.pk != request.user.pk
        ],
        "may_draft": Power.REVIEW_CASES in powers(request),
        "may_release": Power.RELEASE_LETTERS in powers(request),
    }
    return render(request, "desk/subsidy.html", context)


@require_POST
@needs(Power.REVIEW_CASES, Power.RELEASE_LETTERS)
def act(request: StaffRequest, slug: str) -> HttpResponse:
    """Draft what was chosen, or order the letters of a decided batch or of what was taken back."""
    if not is_subsidy(live(slug).package):
        raise NotFound("補助金")
    verbs = {"grant": granted, "refuse": granted, "letters": lettered, "withdrawals": confirmed}
    verb = request.POST.get("verb", "")
    if verb not in verbs:
        raise NotFound("補助金")
    messages.success(request, verbs[verb](request, slug, verb))
    return redirect(reverse("desk:subsidy", args=[slug]))


def granted(request: StaffRequest, slug: str, verb: str) -> str:
    approver = office.staff_by_login(request.POST.get("approver", ""))
    if approver is None:
        raise NotFound("決裁する人")
    outcome = Outcome.REFUSED if verb == "refuse" else Outcome.GRANTED
    chosen = [int(key) for key in request.POST.getlist("case") if key.isascii() and key.isdigit()]
    actions.submit_grants(
        slug=slug,
        choices=[Choice(key, outcome, request.POST.get("reason", "")) for key in chosen],
        appropriation_id=number_in(request, "budget"),
        approver=approver,
        by=request.user,
        at=now(),
    )
    return f"{len(chosen)}件の決裁を{approver.name}さんに頼みました。"


def lettered(request: StaffRequest, slug: str, _: str) -> str:
    batch = number_in(request, "batch")
    if batch not in {each.id for each in queries.batches(slug)}:
        raise NotFound("起案")
    actions.order_letters(batch, by=request.user, at=now())
    return "通知を作り始めました。できた分から「通知」で確かめられます。"


def confirmed(request: StaffRequest, slug: str, _: str) -> str:
    made = actions.order_withdrawal_letters(slug=slug, by=request.user, at=now())
    return f"取下げの確認通知を{made}件作りました。「通知」で確かめてから発送してください。"


def number_in(request: StaffRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise NotFound("予算")
    return int(text)


@require_POST
@needs(Power.REVIEW_CASES, Power.ENTER_CASES)
def claim(request: StaffRequest, number: str) -> HttpResponse:
    """請求 that came in on paper, entered with its day."""
    day = request.POST.get("claimed", "").strip()
    told = actions.claim(
        number=number,
        by=actor_of(request.user),
        at=now(),
        claimed_on=parse_japanese_date(day) if day else None,
    )
    messages.success(request, f"請求を受け付けました（支出命令 {told}）。")
    return redirect(f"{reverse('desk:case', args=[number])}#money")


@require_POST
@needs(Power.REVIEW_CASES, Power.ENTER_CASES)
def checklist(request: StaffRequest, number: str) -> HttpResponse:
    """確認表: what this person confirms of the case."""
    items = request.POST.getlist("item")
    complete = actions.confirm(
        number=number, key=request.POST.get("key", ""), items=items, by=request.user, at=now()
    )
    messages.success(
        request, "確認表を残しました。" if complete else "確認表を残しました。まだ印のない行があります。"
    )
    return redirect(f"{reverse('desk:case', args=[number])}#money")


@require_POST
@needs(Power.APPROVE, Power.REVIEW_CASES)
def let_stand(request: StaffRequest, number: str) -> HttpResponse:
    """例外を認める, with a reason; the control says who may."""
    post = actions.let_stand(
        number=number,
        finding_id=number_in(request, "finding"),
        reason=request.POST.get("reason", ""),
        by=request.user,
        at=now(),
    )
    messages.success(request, f"例外を認めました（{POSTS.get(post, post)}）。")
    return redirect(f"{reverse('desk:case', args=[number])}#money")


@require_POST
@needs(Power.REVIEW_CASES)
def controls(request: StaffRequest, number: str) -> HttpResponse:
    """統制を調べる: those of 申請 and 審査, on the case as it stands."""
    found = actions.check_case(number=number, by=request.user, at=now())
    messages.success(request, f"統制を調べました。片付いていないものは{len(found)}件です。")
    return redirect(f"{reverse('desk:case', args=[number])}#money")
