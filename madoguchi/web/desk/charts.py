"""Charts drawn on the server as SVG; the same numbers stand beside them as a table."""

import json
import re
from functools import lru_cache

import vl_convert
from django.utils.safestring import SafeString, mark_safe

_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
CONFIG = {
    "aria": False,
    "background": None,
    "font": "Noto Sans JP, Noto Sans CJK JP, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "labelColor": "#333333",
        "domain": False,
        "ticks": False,
        "gridColor": "#e6e6e6",
        "labelLimit": 260,
        "labelPadding": 8,
    },
    "text": {"fontSize": 13},
}
BEFORE, NOW = "前（聞き取り）", "今（実測）"


def minutes_by_step(rows: list[dict]) -> SafeString:
    """Staff minutes a case: [{step, minutes, before}]. Heard and measured values keep their own ground."""
    values = [{"step": row["step"], "who": NOW, "minutes": row["minutes"]} for row in rows]
    values += [
        {"step": row["step"], "who": BEFORE, "minutes": row["before"]}
        for row in rows
        if row.get("before") is not None
    ]
    words = [row["step"] for row in rows]
    x = {"field": "minutes", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    offset = {"field": "who", "sort": [BEFORE, NOW]}
    two = any(value["who"] == BEFORE for value in values)
    spec = {
        "width": 360,
        "height": {"step": 22 if two else 34},
        "data": {"values": values},
        "encoding": {
            "y": {"field": "step", "type": "nominal", "sort": words, "title": None},
            **({"yOffset": offset} if two else {}),
            "x": x,
        },
        "layer": [
            {
                "mark": {"type": "bar", "size": 16 if two else 20},
                "encoding": {"color": who_colour("#cccccc", "#0017c1")},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontWeight": "bold"},
                "encoding": {
                    "text": {"field": "minutes", "format": ".1f"},
                    "color": who_colour("#4d4d4d", "#00118f"),
                },
            },
        ],
    }
    return svg(spec)


def who_colour(before: str, now: str) -> dict:
    return {"field": "who", "scale": {"domain": [BEFORE, NOW], "range": [before, now]}, "legend": None}


def share_over_time(rows: list[dict], target: float | None) -> SafeString:
    """A share that grows day by day: [{day: "2026-11-02", share: 41.2}], with its target as a dashed line."""
    y = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "scale": {"domainMin": 0, "nice": True},
        "axis": {"labelExpr": "datum.value + '%'", "tickCount": 5},
    }
    x = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%-m/%-d", "grid": False, "tickCount": 5},
    }
    layers: list[dict] = [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "strokeWidth": 3, "color": "#0017c1"},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": rows[-1:]},
            "mark": {"type": "point", "filled": True, "size": 110, "color": "#0017c1", "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": rows[-1:]},
            "mark": {
                "type": "text",
                "align": "right",
                "dy": -14,
                "fontWeight": "bold",
                "color": "#00118f",
                "fontSize": 14,
            },
            "encoding": {"x": x, "y": y, "text": {"value": f"{rows[-1]['share']:.1f}%" if rows else ""}},
        },
    ]
    if target is not None and rows:
        layers += target_line(rows[0]["day"], target)
    return svg({"width": 560, "height": 220, "layer": layers})


def target_line(first_day: str, target: float) -> list[dict]:
    values = {"values": [{"day": first_day, "share": target}]}
    y = {"field": "share", "type": "quantitative"}
    return [
        {
            "data": values,
            "mark": {"type": "rule", "strokeDash": [5, 3], "strokeWidth": 2, "color": "#c74700"},
            "encoding": {"y": y},
        },
        {
            "data": values,
            "mark": {"type": "text", "align": "left", "dy": 14, "color": "#ac3e00", "fontWeight": "bold"},
            "encoding": {
                "y": y,
                "x": {"field": "day", "type": "temporal"},
                "text": {"value": f"目標 {target:g}%"},
            },
        },
    ]


def svg(spec: dict) -> SafeString:
    return mark_safe(_drawn(json.dumps(spec, ensure_ascii=False, sort_keys=True)))  # noqa: S308 - our own drawing


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": CONFIG,
        **json.loads(spec),
    }
    # The picture is one image to a screen reader; its numbers are read from the table.
    return _ROLES.sub("", vl_convert.vegalite_to_svg(whole))


def counts_over_time(rows: list[dict]) -> SafeString:
    """Receipts by day, week or month: [{start: "2026-11-02", count: 41}]."""
    x = {"field": "start", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "labelOverlap": True}}
    y = {"field": "count", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "tickCount": 5}}
    bars = {"mark": {"type": "bar", "color": "#0017c1"}, "encoding": {"x": x, "y": y}}
    return svg({"width": 560, "height": 200, "data": {"values": rows}, "layer": [bars]})
