"""電子決裁の割合: how drafts are decided, measured; what others printed stands beside and is never added."""

import calendar
import csv
import io
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from madoguchi.clerical.decisions.adoption_facts import Behind, drafts_behind
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason, StepKind
from madoguchi.common.ages import fiscal_year
from madoguchi.common.text import spreadsheet_safe
from madoguchi.improvement.insight.adoption_queries import Adoption, adoption, sections_of_office
from madoguchi.improvement.insight.errors import PurposeMissing
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.web.desk import adoption_charts, adoption_tables
from madoguchi.web.desk.figures import sheet_rows
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest
from madoguchi.web.desk.views.decisions import int_of

PAGE = 100
YEARS_BACK = 8
HEADS = ("表", "行", "列", "値", "件数")
PURPOSES = ("課内の確認", "統計・報告", "議会・公表の資料")


@needs(Power.SEE_MEASURES)
def rates(request: StaffRequest) -> HttpResponse:
    """One fiscal year: shares by month, office and section, the same work compared, reasons, days, long waits."""
    year = asked_year(request)
    found = adoption(*adoption_tables.days_of(year), at=now())
    if request.method == "POST":
        return handed_over(request, year, found)
    link = adoption_tables.linking(year)
    context = {
        "year": year,
        "years": years(),
        "at": now(),
        "found": found,
        "rate": adoption_tables.percent(found.whole.rate),
        "cells": adoption_tables.shares_cells(found.whole, link),
        "link_electronic": link(mode="electronic"),
        "link_both": link(mode=["electronic", "paper"]),
        "days": [adoption_tables.days_told(each.median) for each in found.days.values()],
        "days_saved": adoption_tables.days_told(found.days_saved),
        "months_chart": adoption_charts.shares_by_month(found.by_month) if found.by_month else "",
        "printed_chart": adoption_charts.printed_rates(found.printed),
        "sources": sorted({each.source for each in found.printed}),
        "tables": adoption_tables.all_tables(found, link),
        "may_export": Power.EXPORT in powers(request),
        "purposes": PURPOSES,
    }
    return render(request, "desk/adoption.html", context)


def asked_year(request: StaffRequest) -> int:
    """The fiscal year of the address; this one when none of the list is asked for."""
    asked = int_of(request.GET.get("year", ""))
    return asked if 1989 <= asked <= fiscal_year(today()) else fiscal_year(today())


def years() -> list[int]:
    this = fiscal_year(today())
    return list(range(this, this - YEARS_BACK, -1))


def handed_over(request: StaffRequest, year: int, found: Adoption) -> HttpResponse:
    """The tables as CSV, the printed values as a table of their own; the purpose stays in the trace."""
    if Power.EXPORT not in powers(request):
        raise NotAllowed(Power.EXPORT.label)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        raise PurposeMissing
    rows = sheet_rows(adoption_tables.all_tables(found, adoption_tables.linking(year)))
    rows += [
        ["測ったほかの値", "印刷しなかった枚数", "電子", found.sheets_not_printed, found.whole.electronic]
    ]
    rows += [
        [f"印刷された値（{each.whose}）", each.year_label, "電子決裁率", f"{each.percent}%", ""]
        for each in found.printed
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    writer.writerows([spreadsheet_safe(cell) for cell in row] for row in rows)
    note = {"rows": len(rows), "kind": "csv"}
    subject = Subject("insight.adoption", str(year))
    leave_trace(actor_of(request.user), "insight.exported", subject, at=now(), purpose=purpose, note=note)
    answer = HttpResponse(b"\xef\xbb\xbf" + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="electronic-decisions-{year}.csv"'
    return answer


@needs(Power.SEE_MEASURES)
def drafts(request: StaffRequest) -> HttpResponse:
    """The drafts behind a figure, as far as this person may see them; the rest is only counted."""
    after = int_of(request.GET.get("after", ""))
    total, seen, rows = drafts_behind(request.user, asked_drafts(request), now(), most=PAGE, after=after)
    query = request.GET.copy()
    query["after"] = str(after + PAGE)
    context = {
        "year": asked_year(request),
        "total": total,
        "seen": seen,
        "unseen": total - seen,
        "drafts": rows,
        "more": query.urlencode() if seen > after + PAGE else "",
    }
    return render(request, "desk/adoption_drafts.html", context)


def asked_drafts(request: StaffRequest) -> Behind:
    """The conditions of the address; what cannot be read narrows nothing."""
    asked = request.GET
    first, last = asked_days(request)
    reason, step = asked.get("reason", ""), asked.get("step", "")
    return Behind(
        first,
        last,
        asked_sections(request, last),
        asked.get("kind", "")[:10] or None,
        frozenset(ApprovalMode(each) for each in asked.getlist("mode") if each in ApprovalMode.values),
        PaperReason(reason) if reason in PaperReason.values else None,
        StepKind(step) if step in StepKind.values else None,
        "reminded" in asked,
        "waiting" in asked,
    )


def asked_sections(request: StaffRequest, on: date) -> frozenset[int] | None:
    section, office = int_of(request.GET.get("section", "")), request.GET.get("office", "")
    if section:
        return frozenset({section})
    return sections_of_office(office, on) if office else None


def asked_days(request: StaffRequest) -> tuple[date, date]:
    """A month of the address, or the whole fiscal year."""
    year, _, month = request.GET.get("month", "").partition("-")
    number, at = int_of(month), int_of(year)
    if 1 <= number <= 12 and 1989 <= at <= 9998:
        return date(at, number, 1), date(at, number, calendar.monthrange(at, number)[1])
    return adoption_tables.days_of(asked_year(request))
