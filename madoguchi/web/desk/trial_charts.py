"""Charts of trials: the same numbers stand beside them as tables."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from madoguchi.services.allocation.trial_queries import RowWeightView, RunView
from madoguchi.web.desk.charts import svg

MOST_ROWS = 15
KINDS = (
    ("placed", "承認", "#0017c1"),
    ("first_choice", "第1希望", "#0095c8"),
    ("together", "同じ施設の家族", "#118a4e"),
)


def shares_chart(runs: Sequence[RunView]) -> SafeString:
    """Seats, first wishes and families together of each run, a bar each."""
    values = [
        {"run": run.name, "what": label, "count": getattr(run.shares, name)}
        for run in runs
        for name, label, _ in KINDS
        if run.shares is not None
    ]
    most = max((value["count"] for value in values), default=0)
    labels, colours = [label for _, label, _ in KINDS], [colour for _, _, colour in KINDS]
    place = {
        "y": {"field": "run", "type": "nominal", "sort": [run.name for run in runs], "title": None},
        "yOffset": {"field": "what", "sort": labels},
        "x": {
            "field": "count",
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, max(most, 1) * 1.15]},
        },
    }
    colour = {
        "field": "what",
        "scale": {"domain": labels, "range": colours},
        "legend": {"title": None, "orient": "bottom"},
    }
    words = {"text": {"field": "count", "format": ","}, "color": {"value": "#333333"}}
    return svg(
        {
            "width": 460,
            "height": {"step": 18},
            "data": {"values": values},
            "encoding": place,
            "layer": [
                {"mark": {"type": "bar", "size": 14}, "encoding": {"color": colour}},
                {"mark": {"type": "text", "align": "left", "dx": 5}, "encoding": words},
            ],
        }
    )


def weights_chart(weights: Sequence[RowWeightView]) -> SafeString:
    """The rows on which most hangs: children who would end otherwise without the row."""
    told = [row for row in weights if row.changed][:MOST_ROWS]
    if not told:
        return mark_safe("")
    values = [{"row": f"{row.row_id} {row.text}"[:34], "changed": row.changed} for row in told]
    place = {
        "y": {"field": "row", "type": "nominal", "sort": [value["row"] for value in values], "title": None},
        "x": {"field": "changed", "type": "quantitative", "axis": None},
    }
    return svg(
        {
            "width": 420,
            "height": {"step": 26},
            "data": {"values": values},
            "encoding": place,
            "layer": [
                {"mark": {"type": "bar", "size": 18, "color": "#0017c1"}},
                {
                    "mark": {"type": "text", "align": "left", "dx": 5, "fontWeight": "bold"},
                    "encoding": {"text": {"field": "changed", "format": ","}},
                },
            ],
        }
    )
