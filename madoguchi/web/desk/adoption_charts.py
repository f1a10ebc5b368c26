"""The charts of 電子決裁の割合; measured and printed values never stand in one drawing."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.safestring import SafeString

from madoguchi.clerical.decisions.states import ApprovalMode
from madoguchi.improvement.insight.adoption import Shares
from madoguchi.improvement.insight.printed_rates import PrintedRate
from madoguchi.web.desk.charts import svg

COLOURS = {ApprovalMode.ELECTRONIC: "#0017c1", ApprovalMode.MIXED: "#7096f8", ApprovalMode.PAPER: "#cccccc"}
PRINTED_INK = "#7a5c2e"
PERCENT_AXIS = {"labelExpr": "datum.value + '%'", "tickCount": 5}


def shares_by_month(by_month: Mapping[date, Shares]) -> SafeString:
    """Measured: each month one bar of 電子, 併用 and 紙, which together are all drafts decided."""
    values = [
        {"month": f"{month:%Y-%m}", "mode": mode.label, "order": place, "share": 100 * count / shares.total}
        for month, shares in by_month.items()
        for place, (mode, count) in enumerate(counts_of(shares))
    ]
    labels = [mode.label for mode in ApprovalMode]
    colour = {
        "field": "mode",
        "scale": {"domain": labels, "range": list(COLOURS.values())},
        "legend": {"orient": "top", "title": None, "labelFontSize": 13},
    }
    spec = {
        "width": 560,
        "height": 220,
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "month",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "labelOverlap": True},
            },
            "y": {
                "field": "share",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, 100]},
                "axis": PERCENT_AXIS,
            },
            "color": colour,
            "order": {"field": "order"},
        },
    }
    return svg(spec)


def counts_of(shares: Shares) -> Iterable[tuple[ApprovalMode, int]]:
    return zip(ApprovalMode, (shares.electronic, shares.mixed, shares.paper), strict=True)


def printed_rates(printed: Iterable[PrintedRate]) -> SafeString:
    """Printed: the values of a report, year by year, in an ink of their own."""
    values = [{"year": each.year_label, "rate": float(each.percent), "whose": each.whose} for each in printed]
    order = list(dict.fromkeys(each["year"] for each in values))
    x = {"field": "year", "type": "ordinal", "sort": order, "title": None, "axis": {"labelAngle": 0}}
    y = {
        "field": "rate",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 110]},
        "axis": PERCENT_AXIS | {"values": [0, 20, 40, 60, 80, 100]},
    }
    words = {
        "mark": {"type": "text", "dy": -14, "fontWeight": "bold", "color": PRINTED_INK},
        "encoding": {"x": x, "y": y, "text": {"field": "rate", "format": ".1f"}},
    }
    line = {
        "mark": {
            "type": "line",
            "strokeDash": [5, 3],
            "strokeWidth": 2,
            "color": PRINTED_INK,
            "point": {"color": PRINTED_INK, "size": 70},
        },
        "encoding": {"x": x, "y": y, "detail": {"field": "whose"}},
    }
    return svg({"width": 560, "height": 220, "data": {"values": values}, "layer": [line, words]})
