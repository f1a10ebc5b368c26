"""The rows of the ledger as HTML, cell by cell in Python: a hundred rows are a hundred small strings, not templates.

Every text passes `escape`; the marks around it are ours.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from madoguchi.services.applications.ledger_columns import ANSWER, Column, Names, answer_text
from madoguchi.services.applications.states import Stage
from madoguchi.web.components import dates
from madoguchi.web.components.addresses import address
from madoguchi.web.components.templatetags import components
from madoguchi.web.desk.templatetags.desk import points

NOTHING = "—"


@lru_cache(maxsize=64)
def tag(code: str) -> str:
    return str(components.tag({}, code))


@lru_cache(maxsize=8)
def channel(code: str) -> str:
    return str(components.channel(code))


@lru_cache(maxsize=512)
def due(until: date, stopped: bool, on: date) -> str:  # noqa: ARG001  the badge is another one tomorrow
    return str(components.due_badge(until, stopped=stopped))


@lru_cache(maxsize=16)
def icon(name: str) -> str:
    return str(components.icon(name))


def rows_html(
    rows: Sequence[Any],
    columns: Sequence[Column],
    names: Names,
    on: date,
    may_choose: bool,
    found: dict[int, Any],
) -> SafeString:
    """The body of the table."""
    link = address("desk:case", "@")
    cells = [CELLS.get(column.key) or answer_cell(column) for column in columns]
    lines = [_line(row, cells, names, on, may_choose, link) for row in rows]
    if found:
        lines = [
            line + found_line(found.get(row.id), len(columns) + may_choose)
            for line, row in zip(lines, rows, strict=True)
        ]
    return mark_safe("".join(lines))  # noqa: S308 - every text is escaped below


def _line(row: Any, cells: Sequence[Any], names: Names, on: date, may_choose: bool, link: str) -> str:
    number = escape(row.number)
    box = (
        f'<td><input type="checkbox" name="number" value="{number}" aria-label="{number} を選ぶ"></td>'
        if may_choose
        else ""
    )
    inside = "".join([cell(row, names, on, link) for cell in cells])
    return f"<tr>{box}{inside}</tr>\n"


def found_line(snippets: Any, width: int) -> str:
    """Under a row: in which answers the words stand."""
    if not snippets:
        return ""
    told = "　".join(
        f"{escape(each.label)}：{escape(each.before)}<mark>{escape(each.found)}</mark>{escape(each.after)}"
        for each in snippets
    )
    return f'<tr class="found"><td colspan="{width}">{told}</td></tr>\n'


def answer_cell(column: Column) -> Callable[..., str]:
    key = column.key.removeprefix(ANSWER)
    return lambda row, names, *_: f"<td>{escape(answer_text(row, key, names.package)) or NOTHING}</td>"


def _name(row: Any, *_: Any) -> str:
    return f'<td class="name">{escape(row.person_name) or "（名前なし）"}<small>{escape(row.person_kana)}</small></td>'


def _number(row: Any, names: Names, on: date, link: str) -> str:  # noqa: ARG001
    number = escape(row.number)
    mark = f'<span class="look" title="未読の連絡">{icon("mail")}<span class="hidden-words">未読の連絡あり</span></span>'
    return f'<td><a href="{link.replace("@", number)}">{number}</a>{mark if row.unread else ""}</td>'


def _checks(row: Any, *_: Any) -> str:
    if row.checks_to_look_at:
        return f'<td><span class="look">{icon("look")}{row.checks_to_look_at}件</span></td>'
    if row.checks_run:
        return f'<td><span class="good">{icon("check")}{row.checks_run}/{row.checks_run}</span></td>'
    return '<td><span class="quiet">未実行</span></td>'


def _due(row: Any, names: Names, on: date, link: str) -> str:  # noqa: ARG001
    over = row.stage in (Stage.DECIDED, Stage.WITHDRAWN)
    return f"<td>{NOTHING if over else due(row.due_on, row.clock_stopped, on)}</td>"


def _moment(value: Any) -> str:
    return f'<td><time datetime="{value.isoformat()}">{dates.short_time(value)}</time></td>'


@lru_cache(maxsize=512)
def _points(score: Any) -> str:
    return points(score)


CELLS: dict[str, Callable[..., str]] = {
    "number": _number,
    "changed": lambda row, *_: _moment(row.changed_at),
    "received": lambda row, *_: _moment(row.received_at),
    "procedure": lambda row, names, *_: (
        f"<td>{escape(names.procedures.get(row.procedure, row.procedure))}</td>"
    ),
    "channel": lambda row, *_: f"<td>{channel(row.channel.value)}</td>",
    "name": _name,
    "kana": lambda row, *_: f"<td>{escape(row.person_kana)}</td>",
    "grade": lambda row, *_: f'<td class="number">{f"{row.grade}年" if row.grade else NOTHING}</td>',
    "first_wish": lambda row, names, *_: (
        f"<td>{escape(names.facilities.get(row.first_wish, '')) or NOTHING}</td>"
    ),
    "score": lambda row, *_: f'<td class="number"><b>{_points(row.score)}</b></td>',
    "checks": _checks,
    "stage": lambda row, *_: f"<td>{tag((row.outcome or row.stage).value)}</td>",
    "outcome": lambda row, *_: f"<td>{tag(row.outcome.value) if row.outcome else NOTHING}</td>",
    "due": _due,
    "assigned": lambda row, *_: f"<td>{escape(row.assigned_to) or NOTHING}</td>",
}
