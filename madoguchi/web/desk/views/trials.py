"""試算: a round with other seats, points or wishes, two runs beside each other, and the weight of each row."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.allocation import actions, queries
from madoguchi.services.allocation.errors import TrialFaulty
from madoguchi.services.allocation.trial_rules import Changes, read_points, scored_rows
from madoguchi.services.applications.queries import candidates
from madoguchi.web.desk import trial_charts
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import needs
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.allocation import turn_of
from madoguchi.web.desk.views.bulk import job_key

LINES = (1, 2, 3)
"""How many facilities and rows one trial may change on the page."""
MOST_MOVED = 200


@needs(Power.ALLOCATE)
def trials(request: StaffRequest, slug: str) -> HttpResponse:
    """Every run of the period's round with its figures, the form of a new trial, and the weights."""
    return shown(request, slug, request.GET, QueryDict())


def shown(request: StaffRequest, slug: str, here: QueryDict, asked: QueryDict) -> HttpResponse:
    package, period, found = round_here(slug, here)
    runs, weights = queries.runs_of(found.id), queries.row_weights(found.id)
    through = [run for run in runs if run.outcomes is not None]
    context = {
        "package": package,
        "period": period,
        "round": found,
        "runs": runs,
        "through": through,
        "chart": trial_charts.shares_chart(through) if len(through) > 1 else "",
        "weights": weights,
        "firing": [row for row in weights if row.fired],
        "silent": [row for row in weights if not row.fired],
        "price": queries.price_of_fairness(found.id),
        "weights_chart": trial_charts.weights_chart(weights),
        "places": queries.open_places(found.id),
        "by_class": found.by_class,
        "rows": scored_rows(package.scoring).values(),
        "lines": [(number, *typed(asked, number)) for number in LINES],
        "asked": asked,
    }
    return render(request, "desk/trials.html", context, status=422 if asked else 200)


def typed(asked: QueryDict, number: int) -> list[str]:
    return [asked.get(f"{name}-{number}", "") for name in ("facility", "seats", "row", "points")]


def round_here(slug: str, asked: QueryDict):
    """Package, period and round of an address or a form: `period`, and `turn` for a round that is not the last one."""
    package = live(slug).package
    period = period_of(package, asked.get("period", ""), today())
    found = queries.round_of(slug, period.code, turn_of(asked.get("turn", ""))) if period else None
    if found is None or package.scoring is None:
        raise NotFound("選考")
    return package, period, found


@require_POST
@needs(Power.ALLOCATE)
def act(request: StaffRequest, slug: str) -> HttpResponse:
    """Begin a trial or the weighing of the rows; what was typed stays when it is refused."""
    _, period, found = round_here(slug, request.POST)
    here = f"{reverse('desk:trials', args=[slug])}?period={period.code}&turn={found.sequence}"
    told = {"round_id": found.id, "by": request.user, "at": now(), "job_id": job_key(request)}
    if request.POST.get("verb") == "weigh":
        job = actions.start_weighing(**told)
        return redirect(f"{reverse('desk:job', args=[job])}?back={quote(here)}")
    try:
        job = actions.start_trial(name=request.POST.get("name", ""), changes=changes_of(request.POST), **told)
    except TrialFaulty as refusal:
        messages.error(request, str(refusal))
        return shown(request, slug, request.POST, request.POST)
    return redirect(f"{reverse('desk:job', args=[job])}?back={quote(here)}")


def changes_of(form: QueryDict) -> Changes:
    """The changes as typed. Raises TrialFaulty."""
    seats, points = {}, {}
    for number in LINES:
        facility, many, row, new = typed(form, number)
        if facility or many:
            if not many.strip().isdecimal():
                raise TrialFaulty("定員", f"「{many}」は0以上の整数ではありません。")
            seats[facility] = int(many)
        if row or new:
            points[row.split(" ")[0].strip()] = read_points(new)
    wishes = {}
    child = form.get("number", "").strip()
    if child:
        codes = form.get("wishes", "").replace("、", " ").replace(",", " ").split()
        wishes = {child: tuple(codes)}
    return Changes(seats, points, wishes)


@needs(Power.ALLOCATE)
def compare(request: StaffRequest, slug: str) -> HttpResponse:
    """Two runs beside each other, with everybody who ends otherwise."""
    package, period, found = round_here(slug, request.GET)
    if not {"one", "other"} <= request.GET.keys():
        return redirect(f"{reverse('desk:trials', args=[slug])}?period={period.code}&turn={found.sequence}")
    told = queries.comparison(found.id, request.GET.get("one", ""), request.GET.get("other", ""))
    people = {one.application_id: one for one in candidates([row.application_id for row in told.moved])}
    context = {
        "package": package,
        "period": period,
        "round": found,
        "told": told,
        "both": (told.one, told.other),
        "runs": [run for run in queries.runs_of(found.id) if run.outcomes is not None],
        "clubs": [club for club in told.clubs if club.differs],
        "moved": [(row, people.get(row.application_id)) for row in told.moved[:MOST_MOVED]],
        "most": MOST_MOVED,
    }
    return render(request, "desk/trial_compare.html", context)
