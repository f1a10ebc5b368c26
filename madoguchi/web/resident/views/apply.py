"""The form: one question group a page. Every press saves first; nothing typed is ever lost."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.ledgers.registry.views import VisitorView
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.mandates import mandate_pdf
from madoguchi.services.applications.proofs import insist_on_level
from madoguchi.web.components.words import reader_of
from madoguchi.web.resident.form_pages import paper_of, pressed, typed
from madoguchi.web.resident.page_buttons import Press, attach_chosen, work
from madoguchi.web.resident.page_view import PageView
from madoguchi.web.resident.views.procedure import offered_package
from madoguchi.web.resident.visiting import for_visitors, now


@for_visitors
def begin(request: HttpRequest, visitor: VisitorView, slug: str) -> HttpResponse:
    """Begin, or go on with what this visitor began before: pressing twice opens the same paper."""
    loaded = offered_package(slug)
    insist_on_level(slug, loaded.package.required_identity, visitor)
    period = request.GET.get("period", "") or getattr(loaded.package.open_period(clock.today()), "code", "")
    unsent = actions.begin(slug=slug, period_code=period, visitor=visitor, staff=None, at=now())
    return redirect("resident:resume", unsent_id=unsent.id)


@for_visitors
def resume(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """The first page that is not done, or the review when all are."""
    unsent, paper = opened(request, visitor, unsent_id)
    pages = paper.pages(paper.reading.values)
    waiting = next((page.key for page in pages if page.key not in unsent.pages_done), None)
    if waiting is None:
        return redirect("resident:review", unsent_id=unsent_id)
    return redirect("resident:page", unsent_id=unsent_id, page=waiting)


@for_visitors
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID, page: str) -> HttpResponse:
    if request.method == "GET":
        return shown(request, PageView.of(request, visitor, *opened(request, visitor, unsent_id), page))
    button, value = pressed(request.POST)
    outcome = save(visitor, unsent_id, page, typed(request.POST))
    view = PageView.of(request, visitor, *opened(request, visitor, unsent_id, outcome.unsent), page)
    if button:
        return work(Press(request, visitor, view, value), button)
    if request.FILES:
        attach_chosen(Press(request, visitor, view, value))
        view = PageView.of(request, visitor, *opened(request, visitor, unsent_id), page)
        outcome = save(visitor, unsent_id, page, view.paper.raw)
    new = view.new_questions(request.POST.get("_shown", ""))
    wrong = [error for error in outcome.reading.errors if view.was_asked(error.name, new)]
    if new or wrong:
        return shown(request, view.judged(wrong, grew=bool(new) and not wrong))
    if here := looked_at(request, visitor, view):
        return shown(request, view.asked(here))
    return redirect(view.following(request.GET.get("from", "")))


def looked_at(request: HttpRequest, visitor: VisitorView, view: PageView) -> list[Any]:
    """What should be looked at again on this page; nothing is compared for a page without such a question."""
    if not view.is_compared:
        return []
    sure = request.POST.getlist("_sure")
    asked = actions.look_again(unsent_id=view.unsent.id, owner=visitor, at=now(), sure=sure)
    return [each for each in asked if view.has(each.field)]


def save(visitor: VisitorView, unsent_id: uuid.UUID, page: str, raw: Any) -> Any:
    try:
        return actions.save_page(unsent_id=unsent_id, owner=visitor, page_key=page, raw=raw, at=now())
    except KeyError as error:
        raise Http404 from error


def shown(request: HttpRequest, view: PageView) -> HttpResponse:
    status = 422 if view.errors else 200
    return render(request, "resident/page.html", view.as_context(), status=status)


def opened(
    request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID, known: Any = None
) -> tuple[Any, Any]:
    """The paper of this visitor; `known` as it was saved a moment ago, so that it is not asked for again."""
    on = clock.today()
    unsent = known or queries.unsent_of(unsent_id, visitor, on=on)
    package = package_of(unsent.version_id).package
    insist_on_level(package.slug, package.required_identity, visitor)
    return unsent, paper_of(package, unsent, reader_of(request), on)


@for_visitors
def mandate(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """委任状 to be signed, filled in as far as it is typed."""
    body = mandate_pdf(unsent_id=unsent_id, owner=visitor, town=request.municipality.name, at=now())
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="ininjo.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@for_visitors
def overview(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """全体を見る: every page and whether it is done."""
    unsent, paper = opened(request, visitor, unsent_id)
    pages = [
        {"page": each, "done": each.key in unsent.pages_done} for each in paper.pages(paper.reading.values)
    ]
    return render(
        request, "resident/overview.html", {"unsent": unsent, "package": paper.package, "pages": pages}
    )


@for_visitors
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, visitor: VisitorView, unsent_id: uuid.UUID) -> HttpResponse:
    """消す, after asking once."""
    unsent, paper = opened(request, visitor, unsent_id)
    if request.method == "POST":
        actions.drop_unsent(unsent_id=unsent_id, owner=visitor, at=now())
        return redirect("resident:top")
    return render(request, "resident/drop.html", {"unsent": unsent, "package": paper.package})
