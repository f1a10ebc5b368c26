"""手続の版: read as a person would, propose, publish by another person."""

from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.clerical.notices.typesetting import typeset
from madoguchi.common.era import parse_japanese_date
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures import publishing, queries
from madoguchi.ledgers.procedures.changes import compare
from madoguchi.ledgers.procedures.coverage import Coverage, coverage
from madoguchi.ledgers.procedures.errors import NoSuchProcedure
from madoguchi.ledgers.procedures.staff_examples import retire_example, tried_examples
from madoguchi.ledgers.procedures.states import PublicationState, VersionState
from madoguchi.services.applications import actions
from madoguchi.services.applications import version_queries as cases
from madoguchi.web.desk import reading_page
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.bulk import job_key

READERS = (Power.MANAGE_PROCEDURES, Power.PUBLISH_PROCEDURES)


@require_GET
@needs(*READERS)
def procedures(request: StaffRequest) -> HttpResponse:
    """Every procedure with its versions and what waits for whom."""
    found = [
        {"slug": slug, "versions": versions, "name": named(versions), "waiting": cases.waiting_count(slug)}
        for slug in queries.slugs()
        if (versions := queries.version_views(slug))
    ]
    may_decide = Power.REVIEW_CASES in powers(request)
    return render(request, "desk/procedures.html", {"procedures": found, "may_decide": may_decide})


def named(versions) -> str:
    live = next((each for each in versions if each.is_live), versions[0])
    return queries.package_of(live.id).package.names.ja


def version_of(slug: str, version: str):
    """One version and what it says; another town's or none is the same 404."""
    try:
        view = queries.version_view(slug, version)
    except NoSuchProcedure:
        raise NotFound("手続の版") from None
    return view, queries.package_of(view.id).package


@require_GET
@needs(*READERS)
def version(request: StaffRequest, slug: str, version: str) -> HttpResponse:
    """One version as a section head reads it before publishing."""
    view, package = version_of(slug, version)
    tried = tried_examples(view.id)
    against = compared_with(view, request.GET.get("against", ""))
    trial = cases.trial_of(view.id, package.sha256, slug)
    context = {
        "view": view,
        "package": package,
        "pages": reading_page.pages(package),
        "checks": reading_page.flow_checks(package),
        "controls": reading_page.controls(package),
        "control_points": reading_page.control_points(package),
        "stages": list(reading_page.days(package)),
        "tables": reading_page.tables(package),
        "other_tables": reading_page.other_tables(package),
        "letters": reading_page.letters(package, request.municipality),
        "tried": tried,
        "failing": [each for each in tried if not each.result.passed],
        "coverage": covered(view.id, package.sha256, tuple(each.id for each in tried if each.id)),
        "changes": compare(queries.package_of(against.id).package, package) if against else None,
        "against": against,
        "others": [each for each in queries.version_views(slug) if each.id != view.id],
        "trial": trial,
        "may": allowed(view, trial, bool([each for each in tried if not each.result.passed]), request),
    }
    return render(request, "desk/procedure_version.html", context)


@lru_cache(maxsize=16)
def covered(version_id: int, _sha256: str, _kept: tuple[int, ...]) -> Coverage:
    """What the examples try of a version; worked out once for these files and these examples of staff."""
    package = queries.package_of(version_id).package
    return coverage(package, [each.example for each in tried_examples(version_id)])


def compared_with(view, asked: str):
    """The version asked for; otherwise the one in use, or the one before."""
    others = [each for each in queries.version_views(view.slug) if each.id != view.id]
    chosen = [each for each in others if each.version == asked]
    live = [each for each in others if each.is_live]
    before = [each for each in others if each.version < view.version]
    return next(iter([*chosen, *live, *before]), None)


def allowed(view, trial, failing: bool, request: StaffRequest) -> dict:
    """Which buttons this person sees, and why a publication would be refused."""
    held = powers(request)
    asked = (
        view.publication if view.publication and view.publication.state == PublicationState.PROPOSED else None
    )
    own = asked is not None and asked.proposed_by_id == request.user.pk
    reasons = [
        *(["提案した人は、自分では公開できません。"] if own else []),
        *(["期待と違う例があります。直るまで公開できません。"] if failing else []),
        *([trial.why_not] if trial.why_not else []),
    ]
    return {
        "propose": view.state == VersionState.DRAFT and Power.MANAGE_PROCEDURES in held,
        "publish": asked is not None and Power.PUBLISH_PROCEDURES in held,
        "send_back": asked is not None and (own or Power.PUBLISH_PROCEDURES in held),
        "try": not view.is_live,
        "reasons": reasons,
    }


@require_POST
@needs(*READERS)
def act(request: StaffRequest, slug: str, version: str) -> HttpResponse:
    """Propose, try, publish, send back, or take a staff example out of use."""
    view, _ = version_of(slug, version)
    verb = ACTS.get(request.POST.get("verb", ""))
    here = reverse("desk:procedure-version", args=[slug, version])
    answer = verb(request, view) if verb else None
    return answer or redirect(here)


def proposed(request: StaffRequest, view):
    publishing.propose(
        version_id=view.id,
        by=request.user,
        at=now(),
        reason=request.POST.get("reason", ""),
        live_on=day_of(request),
    )
    messages.success(request, "公開を提案しました。ほかの人が読んで公開します。")


def day_of(request: StaffRequest) -> date | None:
    text = request.POST.get("live_on", "").strip()
    found = parse_japanese_date(text) if text else None
    return found if found and found > today() else None


def trial(request: StaffRequest, view) -> HttpResponse:
    here = reverse("desk:procedure-version", args=[view.slug, view.version])
    job = actions.start_dry_run(version_id=view.id, by=request.user, at=now(), job_id=job_key(request))
    return redirect(f"{reverse('desk:job', args=[job])}?back={quote(here)}")


def published(request: StaffRequest, view):
    state = publishing.publish(
        version_id=view.id,
        by=request.user,
        at=now(),
        seen_sha256=request.POST.get("seen_sha256", ""),
        dry_run_sha256=request.POST.get("dry_run_sha256", ""),
        comment=request.POST.get("comment", ""),
    )
    told = (
        "公開しました。進行中の申請の引き継ぎを始めます。" if state == "live" else "決まった日に公開します。"
    )
    messages.success(request, told)


def sent_back(request: StaffRequest, view):
    publishing.send_back(
        version_id=view.id, by=request.user, at=now(), comment=request.POST.get("comment", "")
    )
    messages.success(request, "差し戻しました。下書きに戻りました。")


def retired(request: StaffRequest, _view):
    number = request.POST.get("example", "")
    retire_example(example_id=int(number) if number.isdigit() else 0, by=request.user, at=now())
    messages.success(request, "例を取りやめました。")


ACTS = {"propose": proposed, "try": trial, "publish": published, "send_back": sent_back, "retire": retired}


@require_GET
@needs(*READERS)
def letter(request: StaffRequest, slug: str, version: str, outcome: str) -> HttpResponse:
    """One letter as the resident would get it, with an example's facts."""
    _, package = version_of(slug, version)
    told = package.flow.outcomes.get(outcome)
    if told is None or told.letter not in package.letters:
        raise NotFound("通知")
    facts = reading_page.letter_facts(package, request.municipality)
    title = {"title": f"{told.label.ja}通知書（見本）"}
    body = typeset(package.letters[told.letter], facts | title, seconds=0)
    return HttpResponse(body, content_type="application/pdf")
