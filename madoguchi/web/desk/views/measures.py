"""成績: what was measured, each figure a link to its cases; the printed table stands beside and is never added."""

import csv
import io
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.common.disclosure import EXPLANATION, HIDDEN_MARK, shown
from madoguchi.common.text import spreadsheet_safe
from madoguchi.improvement.insight import printed, queries
from madoguchi.improvement.insight.errors import PurposeMissing
from madoguchi.improvement.insight.publishing import Published, published
from madoguchi.improvement.insight.states import Verdict
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject
from madoguchi.web.desk import charts
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

HEADS = ("指標", "値", "単位", "分子", "分母", "数え方")
PURPOSES = ("課内の確認", "統計・報告", "議会・公表の資料")
MARKS = {Verdict.MET: "good", Verdict.MISSED: "look"}


@needs(Power.SEE_MEASURES)
def measures(request: StaffRequest, slug: str) -> HttpResponse:
    package = live(slug).package
    period = period_of(package, request.GET.get("period", ""), today())
    found = shown_measures(slug, period)
    if request.method == "POST":
        return handed_over(request, slug, period, found)
    links = Power.SEE_CASES in powers(request)
    context = {
        "package": package,
        "period": period,
        "at": now(),
        "found": found,
        "cards": [card(measure, slug, links) for measure in found.measures],
        "days": [
            {"day": day, "online": online, "total": total, "share": 100 * online / total}
            for day, online, total in found.online_by_day
        ],
        "share_chart": share_chart(found),
        "minutes": found.measure("staff_minutes"),
        "minutes_chart": minutes_chart(found),
        "compared": compared(found),
        "survey": [(score.label, shown(count)) for score, count in found.survey.items()],
        "applications": shown(found.applications),
        "explained": EXPLANATION if found.hides else "",
        "may_export": Power.EXPORT in powers(request),
        "purposes": PURPOSES,
    }
    return render(request, "desk/measures.html", context)


def shown_measures(slug: str, period) -> Published:
    """The measures of a period without small groups; nothing else of them leaves this file."""
    found = queries.measures(slug, period.code if period else "", on=today())
    return published(found, settings.MADOGUCHI_SMALL_CELL)


def handed_over(request: StaffRequest, slug: str, period, found: Published) -> HttpResponse:
    """The same figures as CSV, for people who may export; the purpose stays in the trace."""
    if Power.EXPORT not in powers(request):
        raise NotAllowed(Power.EXPORT.label)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        raise PurposeMissing
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    lines = list(csv_lines(found))
    for line in lines:
        writer.writerow(map(spreadsheet_safe, line))
    subject = Subject("insight.measures", f"{slug}/{period.code if period else ''}")
    note = {"rows": len(lines), "kind": "csv"}
    leave_trace(actor_of(request.user), "insight.exported", subject, at=now(), purpose=purpose, note=note)
    answer = HttpResponse(b"\xef\xbb\xbf" + text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-measures.csv"'
    return answer


def csv_lines(found: Published) -> Iterator[list[str]]:
    """One line a figure, with 「x」 where the page has it."""
    for measure in found.measures:
        yield [measure.label, *figures(measure), measure.definition]
        for part in measure.parts:
            yield [f"{measure.label}　{part.label}", *figures(part), ""]
    for score, count in found.survey.items():
        yield [f"アンケート　{score.label}", shown(count), "件", "", "", ""]
    if found.hides:
        yield [EXPLANATION, "", "", "", "", ""]


def figures(each) -> list[str]:
    """値・単位・分子・分母."""
    told = [HIDDEN_MARK if each.hidden else "" if value is None else str(value) for value in values_of(each)]
    return [told[0], each.unit, told[1], told[2]]


def values_of(each) -> tuple:
    return each.value, each.numerator, each.denominator


def share_chart(found) -> str:
    """The online share day by day; nothing before the first application."""
    target = found.measure("online_share").target
    rows = [
        {"day": day.isoformat(), "share": round(100 * online / total, 1)}
        for day, online, total in found.online_by_day
    ]
    return charts.share_over_time(rows, float(target.value) if target else None) if rows else ""


def minutes_chart(found) -> str:
    """Staff minutes a case by step; nothing before a step was timed."""
    parts = found.measure("staff_minutes").parts
    rows = [{"step": part.label, "minutes": float(part.value or 0)} for part in parts]
    return charts.minutes_by_step(rows) if rows else ""


def card(measure, slug: str, links: bool) -> dict:
    """One figure with what it was divided from, its target and where its cases are."""
    cases = f"{reverse('desk:ledger', args=[slug])}?{urlencode(measure.link_filter)}"
    return {
        "measure": measure,
        "href": cases if links and measure.link_filter and not measure.hidden else f"#define-{measure.key}",
        "mark": MARKS.get(measure.verdict, "none"),
        "base": base(measure),
    }


def base(measure) -> str:
    """分子 ／ 分母 in words."""
    if measure.hidden:
        return f"{HIDDEN_MARK} ／ {HIDDEN_MARK}"
    if measure.denominator is None:
        return ""
    if measure.numerator is None:
        return f"{measure.denominator:,}件の中央値"
    shown = f"{measure.numerator:,.1f}".removesuffix(".0")
    return f"{shown} ／ {measure.denominator:,}件"


def compared(found) -> list[dict]:
    """The rows of the printed table, with the measured figure where there is one of the same kind."""
    measured = {measure.key: measure for measure in found.measures}
    return [
        {
            "label": label,
            "cities": [figure for _, figure in printed.printed_row(key)],
            "measure": measured.get(key),
        }
        for key, label in printed.ROWS
    ]
