"""統計: what the section's cases come to, every number leading to just its cases; for outside, small cells suppressed."""

from collections.abc import Iterable
from io import BytesIO
from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render

from madoguchi.common.disclosure import EXPLANATION
from madoguchi.common.text import spreadsheet_safe
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import plain_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications import section_figures
from madoguchi.services.applications.core_queries import retyping
from madoguchi.services.applications.exporting import MEDIA_TYPES, WRITERS
from madoguchi.services.applications.ledger_filters import Filters
from madoguchi.web.desk import charts, figures, ledger_views
from madoguchi.web.desk.lookups import live_here, period_of, procedures_here
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

UNITS = {"day": "日", "week": "週", "month": "月"}
SHEET_HEAD = ("表", "行", "列", "値", "件数")


@needs(Power.SEE_MEASURES)
def overview(request: StaffRequest) -> HttpResponse:
    """Every procedure with its main figures; for people without the cases, the suppressed tables of each."""
    sees = Power.SEE_CASES in powers(request)
    rows = [procedure_row(request, one.package) for one in procedures_here(request)] if sees else []
    context = {"at": now(), "rows": rows, "procedures": procedures_here(request), "sees": sees}
    return render(request, "desk/statistics_list.html", context)


def procedure_row(request: StaffRequest, package) -> dict:
    filters, period = asked_filters(request, package)
    found = section_figures.totals(filters, today())
    cells = figures.totals_column(found, figures.linking(package.slug, filters))
    return {"package": package, "period": period, "cells": cells}


def asked_filters(request: StaffRequest, package) -> tuple[Filters, object]:
    """The conditions of the page: the period and days, over the cases this person's ledger shows."""
    period = period_of(package, request.GET.get("period", ""), today())
    asked = request.GET.copy()
    for key in set(asked) - {"from", "to"}:
        del asked[key]
    held = powers(request)
    filters = ledger_views.read_filters(package.slug, period, asked, request.user, held, request.municipality)
    return filters, period


@needs(Power.SEE_MEASURES)
def statistics(request: StaffRequest, slug: str) -> HttpResponse:
    """The section's own page; whoever may not see its cases is shown what may leave the section."""
    package = live_here(request, slug).package
    if Power.SEE_CASES not in powers(request):
        return redirect("desk:statistics-public", slug)
    filters, period = asked_filters(request, package)
    unit = unit_of(request)
    tables = tables_of(request, package, filters, unit)
    context = {
        "package": package,
        "period": period,
        "filters": filters,
        "at": now(),
        "unit": unit,
        "units": UNITS,
        "tables": tables,
        "received_chart": received_chart(filters, unit),
        "steps_chart": steps_chart(filters),
        "retyping": retyping(slug),
    }
    return render(request, "desk/statistics.html", context)


def unit_of(request: StaffRequest) -> section_figures.Unit:
    asked = ledger_views.one_of(request.GET.get("unit"), list(UNITS)) or "week"
    return cast("section_figures.Unit", asked)


def tables_of(request: StaffRequest, package, filters: Filters, unit: str) -> list[figures.Figures]:
    former = former_period(package, filters.period)
    return figures.all_figures(
        filters,
        figures.shifted(filters, former) if former else None,
        package,
        unit,
        today(),
        for_head=Power.APPROVE in powers(request),
    )


def former_period(package, code: str) -> str:
    """The period that opened last before this one."""
    here = next((one for one in package.periods if one.code == code), None)
    before = [one for one in package.periods if here and one.opens < here.opens]
    return max(before, key=lambda one: one.opens).code if before else ""


def received_chart(filters: Filters, unit: section_figures.Unit) -> str:
    rows = [
        {"start": bucket.start.isoformat(), "count": bucket.total}
        for bucket in section_figures.buckets(filters, unit)
    ]
    return charts.counts_over_time(rows) if rows else ""


def steps_chart(filters: Filters) -> str:
    rows = [
        {"step": figures.STEPS.get(one.step, one.step), "minutes": round(one.seconds / one.cases / 60, 1)}
        for one in section_figures.steps(filters)
    ]
    return charts.minutes_by_step(rows) if rows else ""


@needs(Power.SEE_MEASURES)
def public(request: StaffRequest, slug: str) -> HttpResponse:
    """課の外に出す統計: small cells and those that would give them away are not printed."""
    package = live_here(request, slug).package
    period = period_of(package, request.GET.get("period", ""), today())
    context = {
        "package": package,
        "period": period,
        "at": now(),
        "tables": public_tables(package, period),
        "explanation": EXPLANATION,
    }
    return render(request, "desk/statistics_public.html", context)


def public_tables(package, period) -> list[figures.Figures]:
    """Over the whole town, with what everybody may see."""
    filters = Filters(procedure=package.slug, period=period.code if period else "", on=today())
    places = [(place.code, place.name) for place in package.facilities]
    with plain_sight():
        by_channel = section_figures.channel_table(filters)
        by_wish = section_figures.outcome_table(filters, places) if places else None
    tables = [figures.printed("channels", "経路と状態", by_channel)]
    if by_wish:
        tables.append(figures.printed("wishes", "第1希望と結果", by_wish))
    return tables


@needs(Power.SEE_MEASURES)
def file(request: StaffRequest, slug: str, kind: str) -> HttpResponse:
    """The tables as CSV or XLSX, one line a figure; ?public=1, and for people without the cases, suppressed."""
    package = live_here(request, slug).package
    if kind not in WRITERS:
        raise NotFound("書き出しの種類")
    filters, period = asked_filters(request, package)
    outside = request.GET.get("public") == "1" or Power.SEE_CASES not in powers(request)
    tables = (
        public_tables(package, period) if outside else tables_of(request, package, filters, unit_of(request))
    )
    note = {"kind": kind, "public": outside, "period": filters.period}
    subject = Subject("applications.ledger", slug)
    leave_trace(
        actor_of(request.user),
        "applications.statistics_exported",
        subject,
        at=now(),
        purpose="統計の書き出し",
        note=note,
    )
    out = BytesIO()
    WRITERS[kind](out, SHEET_HEAD, guarded(figures.sheet_rows(tables)))
    answer = HttpResponse(out.getvalue(), content_type=MEDIA_TYPES[kind])
    name = f"statistics-{slug}-{today():%Y%m%d}{'-public' if outside else ''}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def guarded(rows: Iterable[list]) -> list[list]:
    return [[spreadsheet_safe(cell) for cell in row] for row in rows]
