"""One application: everything needed to judge it, on one screen."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.clerical.controls.queries import open_findings
from madoguchi.clerical.notices.queries import letters_of
from madoguchi.clerical.payments.queries import commitment_about, order_about
from madoguchi.clerical.payments.states import OrderState
from madoguchi.common.era import format_era
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.allocation import queries as allocation
from madoguchi.services.applications import access
from madoguchi.services.applications.case_reads import case_reads
from madoguchi.services.applications.looked_up import wanted_by
from madoguchi.services.applications.states import OPEN, CheckResult, PauseReason, Stage
from madoguchi.services.applications.version_queries import moves_of
from madoguchi.services.subsidies.confirming import checklists
from madoguchi.services.subsidies.package_file import is_subsidy
from madoguchi.web.desk import case_page, happenings, message_panel, words
from madoguchi.web.desk.answers_shown import answered_pages
from madoguchi.web.desk.lookups import calendar_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.withheld import move_told, placement_told

PURPOSE = "申請の審査"


LETTERED = {Stage.DECIDED, Stage.WITHDRAWN}
PLACED = {Stage.ACCEPTED, Stage.DECIDING, Stage.DECIDED}


@needs(Power.SEE_CASES)
def case(request: StaffRequest, number: str) -> HttpResponse:
    """The case; the number of one that went into another leads there, unless it is asked for itself."""
    at = now()
    found = access.application_for(request.user, number, at=at, purpose=PURPOSE)
    if found.went_into and "own" not in request.GET:
        return redirect(f"{reverse('desk:case', args=[found.went_into.kept])}?from={quote(found.number)}")
    package = found.package
    files = {str(document.id): document.name for document in found.documents}
    seen_at = happenings.last_sitting(found.timeline, request.user.pk, at)
    marked = [check for check in found.checks if check.result in (CheckResult.LOOK, CheckResult.NOT_RUN)]
    context = {
        "case": found,
        "package": package,
        "pages": answered_pages(package, found.answers),
        "corrections": [case_page.correction(package, one, files, seen_at) for one in found.corrections],
        "marked": marked,
        "passed": [check for check in found.checks if check not in marked],
        "sheet": case_page.score(package, found),
        "household": case_page.household(found.facts),
        "timeline": [(words.deed(row.verb), row) for row in found.timeline],
        "placement": placement_told(allocation.placement_of(found.id), package, powers(request))
        if found.stage in PLACED
        else None,
        "colleagues": found.colleagues,
        "letters": letters_of(Subject("applications.application", str(found.id)))
        if found.stage in LETTERED
        else [],
        "news": happenings.since(found.timeline, request.user.pk, seen_at),
        "seen_at": seen_at,
        "present": happenings.present(found.timeline, request.user.pk, at),
        "clock": case_page.clock(package, found, at.date(), calendar_of(request)),
        "comments": [
            (each, each.may_edit(request.user.pk, at), each.may_strike(request.user.pk))
            for each in found.comments
        ],
        "money": money_of(found, package, powers(request)),
        "lookups": case_page.lookups(package, found, powers(request)),
        "asks_lists": bool(wanted_by(package)),
        "facts": case_page.facts(package, found, powers(request), at.date()),
        "today_words": format_era(at.date()),
        "came_from": request.GET.get("from", "")[:12],
        "pause_reasons": [reason for reason in PauseReason if reason != PauseReason.CORRECTION],
        "may": allowed(found, powers(request)),
        "talk": message_panel.panel(found, powers(request)),
        "moves": [
            move_told(move, package, powers(request))
            for move in (moves_of(found.id) if found.has_moved else [])
        ],
    }
    return render(request, "desk/case.html", context)


def money_of(found, package, held: frozenset[Power]) -> dict | None:
    """What was bound, claimed and paid for a case, its checklists and the controls that stand in the way."""
    if not is_subsidy(package):
        return None
    subject = Subject("applications.application", str(found.id))
    lists, order = checklists(case_reads([found.id])[0], "clerk"), order_about(subject)
    decided = found.stage == Stage.DECIDED
    return {
        "bound": commitment_about(subject),
        "order": order,
        "may_claim": order is None or order.state == OrderState.FAILED,
        "open_controls": open_findings(subject),
        "checklists": lists,
        "fillable": {each.key for each in lists if each.is_late == decided}
        if may_confirm(found, held)
        else set(),
    }


def may_confirm(found, held: frozenset[Power]) -> bool:
    """Checklists are filled in before the decision; those of 実績 after it."""
    return bool(held & {Power.REVIEW_CASES, Power.ENTER_CASES}) and (
        found.stage in OPEN or found.stage == Stage.DECIDED
    )


def allowed(found, held: frozenset[Power]) -> dict[str, bool]:
    """Which buttons this person sees for this stage."""
    review = Power.REVIEW_CASES in held
    return {
        "review": review and found.stage == Stage.RECEIVED,
        "retain": Power.RUN_RETENTION in held,
        "accept": review and Stage.ACCEPTED in found.may_go_to,
        "correct": review and Stage.CORRECTING in found.may_go_to,
        "withdraw": bool(held & {Power.REVIEW_CASES, Power.ENTER_CASES})
        and Stage.WITHDRAWN in found.may_go_to,
        "settle": review and found.stage in OPEN,
        "assign": review and found.decided_at is None,
        "clock": review and found.stage in OPEN,
        "merge": review and found.stage in OPEN and found.stage != Stage.DECIDING,
        "claim": bool(held & {Power.REVIEW_CASES, Power.ENTER_CASES}) and found.stage == Stage.DECIDED,
        "let_stand": bool(held & {Power.APPROVE, Power.REVIEW_CASES}),
        "check_controls": review and found.stage in OPEN - {Stage.DECIDING},
        "look_up": review and found.resident_id is not None and found.stage in OPEN - {Stage.DECIDING},
        "comment": True,
    }
