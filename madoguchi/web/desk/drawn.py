"""The long parts of the desk's pages, drawn line by line: a template's node costs more than the line it writes.

Every text from outside goes through `e`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString

from madoguchi.web.components import dates
from madoguchi.web.components.addresses import address as address
from madoguchi.web.components.templatetags.components import icon


def e(text: object) -> str:
    return escape(str(text))


def lines_of_text(text: str) -> str:
    return "<br>".join(e(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def answers(lines: Iterable[Any]) -> SafeString:
    """Answers of one page of the form; rows of a group inside."""
    return SafeString(
        f'<dl class="definitions definitions--side">{"".join(_answer(line) for line in lines)}</dl>'
    )


def _answer(line: Any) -> str:
    told = "".join(map(_row, range(1, len(line.rows) + 1), line.rows)) or lines_of_text(line.text)
    wide, quiet = ' class="line--wide"' if line.wide else "", "" if line.given else ' class="quiet"'
    return f"<div{wide}><dt>{e(line.label)}</dt><dd{quiet}>{told}</dd></div>"


def _row(number: int, cells: Iterable[Any]) -> str:
    told = "".join(
        f'<span class="answer-cell"><small>{e(cell.label)}</small> {e(cell.text)}</span> '
        for cell in cells
        if cell.given
    )
    return f'<div class="answer-row"><b class="answer-row__no">{number}</b><span>{told}</span></div>'


def timeline(lines: Iterable[tuple[tuple[str, str], Any]]) -> SafeString:
    """記録, newest first."""
    return SafeString("".join(_deed(mark, row) for (mark, _), row in lines))


def _deed(mark: str, row: Any) -> str:
    why = f" 目的：{e(row.purpose)}" if row.purpose else ""
    return (
        f"<li>{moment(row.at)}"
        f'<span class="timeline__mark">{icon(mark)}</span><span><b>{e(row.sentence)}</b>{why}</span>'
        f'<span class="timeline__who">{e(row.actor_name)}</span></li>'
    )


def moment(at: Any) -> str:
    return f'<time datetime="{at.isoformat()}">{dates.short_time(at)}</time>'


def passed_checks(checks: Iterable[Any]) -> SafeString:
    return SafeString("".join(map(_passed, checks)))


def _passed(check: Any) -> str:
    settled = (
        f'<span class="checks__reason quiet">{e(check.settled_by)}：{e(check.settled_reason)}</span>'
        if check.settled_by
        else ""
    )
    return (
        f'<li class="checks__pass">{icon("check")}<div><span class="hidden-words">{e(check.result.label)}：</span>'
        f'<span class="checks__name">{e(check.label)}</span>{settled}</div>'
        f'<span class="quiet">{"確かめた" if check.settled_by else ""}</span></li>'
    )


def entries(menu: Iterable[Any], marked: bool = True) -> SafeString:
    """The lines of one part of the menu; `marked` with a picture and the page one is on."""
    return SafeString("".join(_entry(each, marked) for each in menu))


def _entry(one: Any, marked: bool) -> str:
    here = ' aria-current="page"' if marked and one.here else ""
    count = (
        f'<span class="count">{one.count}<span class="hidden-words">件</span></span>'
        if marked and one.count
        else ""
    )
    picture = icon(one.icon) if marked else ""
    return (
        f'<li><a href="{e(one.href)}"{here}>{picture}<span class="name">{e(one.name)}</span>{count}</a></li>'
    )


def changed_query(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """The conditions of an address with some changed; changing one goes back to the first page."""
    left = changes.keys() if "page" in changes else {*changes, "page"}
    kept = [(name, values) for name, values in query.lists() if name not in left]
    told = [(name, value) for name, value in changes.items() if value not in (None, "")]
    return "?" + urlencode([*kept, *told], doseq=True)


def heads(headers: Iterable[Mapping[str, str]], query: QueryDict) -> SafeString:
    return SafeString("".join(_head(each, query) for each in headers))


def _head(head: Mapping[str, str], query: QueryDict) -> str:
    label, order = e(head["label"]), head["sorted"]
    kind = f' class="{e(head["kind"])}"' if head["kind"] else ""
    mark = f' <span aria-hidden="true">{"▼" if order == "descending" else "▲"}</span>' if order else ""
    if head["key"]:
        href = e(changed_query(query, {"sort": head["next"], "after": "", "before": ""}))
        label = f'<a href="{href}">{label}{mark}</a>'
    sort = f' aria-sort="{order}"' if order else ""
    return f'<th scope="col"{kind}{sort}>{label}</th>'


def tabs(views: Iterable[tuple[Any, Any]], opened: str) -> SafeString:
    return SafeString("".join(_tab(place, *each, opened) for place, each in enumerate(views, 1)))


def _tab(place: int, view: Any, count: Any, opened: str) -> str:
    here = ' aria-current="page"' if view.key == opened else ""
    return (
        f'<a href="?view={e(view.key)}"{here} data-view="{place}" title="{e(view.about)}">{e(view.name)} '
        f'<span class="quiet">{e(count)}</span> <kbd class="key" aria-hidden="true">{place}</kbd></a>'
    )


def place_options(places: Iterable[Any], chosen: str) -> SafeString:
    return SafeString(
        "".join(
            f'<option value="{e(place.code)}"{" selected" if place.code == chosen else ""}>{e(place.label)}</option>'
            for place in places
        )
    )


def facts(lines: Iterable[Any], carried: str, to: str, today: str, day: Any) -> SafeString:
    """職員が入れる事実, a folded group each. `carried` are the hidden fields of a form that goes `to`."""
    form = f'<form method="post" action="{e(to)}">{carried}'
    groups = ((heading, list(each)) for heading, each in groupby(lines, lambda line: line.rule.heading))
    return SafeString("".join(_facts(heading, each, form, today, day) for heading, each in groups))


def _facts(heading: str, lines: list[Any], form: str, today: str, day: Any) -> str:
    opened = " open" * sum(bool(line.standing) for line in lines)
    told = "".join(_fact(line, form, today, day) for line in lines)
    head = f'<summary>{e(heading)} <span class="quiet">{len(lines)}</span></summary>'
    return f'<details class="staff-facts"{opened}>{head}<ul>{told}</ul></details>'


def _fact(line: Any, form: str, today: str, day: Any) -> str:
    rule, found = line.rule, line.standing
    row = "" if rule.row is None else f"（{rule.row + 1}行目）"
    since = (
        f'<p class="quiet">{day(found.dated_on)}現在・{e(found.source)}・{e(found.entered_by)}</p>'
        if found
        else ""
    )
    return (
        f'<li class="fact"><div class="fact__now"><span>{e(rule.label)}{row}</span><b>{e(line.told or "—")}</b></div>'
        f"{since}\n{_change(line, form, today)}</li>"
    )


def _change(line: Any, form: str, today: str) -> str:
    rule, key = line.rule, e(line.rule.key)
    if not line.may:
        return f'<p class="quiet">決めるのは{e(rule.approver)}です。</p>' if rule.approver else ""
    bounds = "" if rule.low is None else f"（{_number(rule.low)}点〜{_number(rule.high)}点）"
    return (
        f'<details class="settle"><summary>{"改める" if line.standing else "入れる"}</summary>{form}'
        f'<input type="hidden" name="fact" value="{key}">'
        f'<label class="field__label" for="fact-{key}">値{bounds}</label>{_value(line, key)}'
        f'<label class="field__label" for="fact-source-{key}">根拠（だれの、いつの、どの文書か）</label>'
        f'<input class="input" id="fact-source-{key}" name="source" maxlength="300" required>'
        f'<label class="field__label" for="fact-day-{key}">いつ現在</label>'
        f'<input class="input input--middle" id="fact-day-{key}" name="dated" value="{e(today)}" required autocomplete="off">'
        '<button class="button">入れて計算し直す</button><p class="quiet">空にすると外れます。</p></form></details>'
    )


def _value(line: Any, key: str) -> str:
    if line.rule.kind == "yesno":
        options = [
            f'<option value="{code}"{_selected(code, line)}>{word}</option>'
            for code, word in (("yes", "はい"), ("no", "いいえ"))
        ]
    elif line.rule.choices:
        options = [f"<option{_selected(each, line)}>{e(each)}</option>" for each in line.rule.choices]
    else:
        return (
            f'<input class="input input--short" id="fact-{key}" name="value" value="{e(line.value)}"'
            ' inputmode="decimal" autocomplete="off">'
        )
    listed = "".join(options)
    return f'<select class="input" id="fact-{key}" name="value"><option value="">—</option>{listed}</select>'


def _selected(code: str, line: Any) -> str:
    return " selected" if code == line.value else ""


def _number(value: Decimal) -> str:
    return f"{value:f}"
