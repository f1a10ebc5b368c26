"""成績: what was measured, each figure a link to its cases; the printed table stands beside and is never added."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.improvement.insight import printed, queries
from madoguchi.improvement.insight.states import Verdict
from madoguchi.ledgers.office.clock import now, today
from madoguchi.ledgers.office.roles import Power
from madoguchi.web.desk import charts
from madoguchi.web.desk.lookups import live, period_of
from madoguchi.web.desk.powers import needs, powers
from madoguchi.web.desk.requests import StaffRequest

MARKS = {Verdict.MET: "good", Verdict.MISSED: "look"}


@needs(Power.SEE_MEASURES)
def measures(request: StaffRequest, slug: str) -> HttpResponse:
    package = live(slug).package
    period = period_of(package, request.GET.get("period", ""), today())
    found = queries.measures(slug, period.code if period else "", on=today())
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
    }
    return render(request, "desk/measures.html", context)


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
        "href": cases if links and measure.link_filter else f"#define-{measure.key}",
        "mark": MARKS.get(measure.verdict, "none"),
        "base": base(measure),
    }


def base(measure) -> str:
    """分子 ／ 分母 in words."""
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
