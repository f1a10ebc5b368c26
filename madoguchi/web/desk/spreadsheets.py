"""The ledger as a file for a spreadsheet. No cell can become a formula (OWASP CSV injection)."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter
from django.utils import timezone

from madoguchi.common.text import spreadsheet_safe

HEADS = (
    "受付番号",
    "受付日時",
    "更新日時",
    "経路",
    "児童",
    "児童カナ",
    "学年",
    "第1希望",
    "指数",
    "確かめる印",
    "状態",
    "結果",
    "期限",
    "担当",
)


def cells(row: Any, names: dict[str, str]) -> list[Any]:
    """One line, guarded."""
    values = [
        row.number,
        minute(row.received_at),
        minute(row.changed_at),
        row.channel.label,
        row.person_name,
        row.person_kana,
        row.grade,
        names.get(row.first_wish, row.first_wish),
        float(row.score) if row.score is not None else None,
        row.checks_to_look_at,
        row.stage.label,
        row.outcome.label if row.outcome else "",
        row.due_on.isoformat(),
        row.assigned_to,
    ]
    return [spreadsheet_safe(value) for value in values]


def minute(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def as_csv(rows: Iterable[list[Any]]) -> bytes:
    """UTF-8 with a byte order mark, so that a double click opens it unspoiled."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(rows: list[list[Any]]) -> bytes:
    """One sheet with a frozen head; every text is written as text."""
    body = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(body, options) as book:
        sheet = book.add_worksheet("台帳")
        sheet.write_row(0, 0, HEADS, book.add_format({"bold": True, "bg_color": "#e6e6e6"}))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(HEADS) - 1, 16)
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, row)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADS) - 1)
    return body.getvalue()


KINDS: dict[str, tuple[str, Callable[[list[list[Any]]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
