"""One application: everything needed to judge it, on one screen."""

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.clerical.notices.queries import letters_of
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.clock import now
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures import queries as procedures
from madoguchi.services.allocation import queries as allocation
from madoguchi.services.applications import access
from madoguchi.services.applications.states import OPEN, CheckResult, Stage
from madoguchi.services.applications.version_queries import moves_of
from madoguchi.web.desk import case_page, words
from madoguchi.web.desk.answers_shown import answered_pages
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

PURPOSE = "申請の審査"


@needs(Power.SEE_CASES)
def case(request: StaffRequest, number: str) -> HttpResponse:
    found = access.application_for(request.user, number, at=now(), purpose=PURPOSE)
    package = procedures.package_of(found.version_id).package
    marked = [check for check in found.checks if check.result in (CheckResult.LOOK, CheckResult.NOT_RUN)]
    context = {
        "case": found,
        "package": package,
        "pages": answered_pages(package, found.answers),
        "corrections": [case_page.correction(package, one) for one in found.corrections],
        "marked": marked,
        "passed": [check for check in found.checks if check not in marked],
        "sheet": case_page.score(package, found),
        "household": case_page.household(found.facts),
        "timeline": [(words.deed(row.verb), row) for row in found.timeline],
        "placement": allocation.placement_of(found.id),
        "colleagues": office.colleagues(request.user),
        "letters": letters_of(Subject("applications.application", str(found.id))),
        "may": allowed(found, powers(request)),
        "moves": moves_of(found.id),
    }
    return render(request, "desk/case.html", context)


def allowed(found, held: frozenset[Power]) -> dict[str, bool]:
    """Which buttons this person sees for this stage."""
    review = Power.REVIEW_CASES in held
    return {
        "review": review and found.stage == Stage.RECEIVED,
        "accept": review and Stage.ACCEPTED in found.may_go_to,
        "correct": review and Stage.CORRECTING in found.may_go_to,
        "withdraw": bool(held & {Power.REVIEW_CASES, Power.ENTER_CASES})
        and Stage.WITHDRAWN in found.may_go_to,
        "settle": review and found.stage in OPEN,
        "assign": review and found.decided_at is None,
    }
