"""支出命令データ as the accounting system takes it: the fields of a 支出負担行為兼支出命令書, one order a line; no queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madoguchi.common.text import spreadsheet_safe

COLUMNS = {
    "number": "命令番号",
    "commitment_number": "負担行為番号",
    "fiscal_year": "年度",
    "account": "会計",
    "section": "所属",
    "budget_kind": "予算区分",
    "committed_on": "起票日",
    "kan": "款",
    "kou": "項",
    "moku": "目",
    "project": "事業",
    "setsu": "節",
    "saisetsu": "細節",
    "decision_rank": "決裁区分",
    "spending_kind": "支出区分",
    "title": "件名",
    "claimed_on": "請求日",
    "due_on": "支払予定日",
    "budget_then": "予算現額",
    "left_then": "負担行為残額",
    "committed": "負担行為額",
    "amount": "命令額",
    "tax": "所得税",
    "net": "差引金額",
    "creditor_number": "債権者番号",
    "payee_name": "債権者名",
    "payee_kana": "債権者カナ",
    "bank_code": "金融機関コード",
    "branch_code": "支店コード",
    "deposit": "預金種目",
    "account_number": "口座番号",
    "holder_kana": "口座名義カナ",
    "drafter": "起案者",
    "approver": "決裁者",
    "payer": "支払者",
}
"""Key and heading, in the order of the file. Codes keep their zeros: they are text."""


@dataclass(frozen=True)
class FileSums:
    """照合: how many orders a file holds, and their sum."""

    count: int
    total: int


def sums_of(body: bytes) -> FileSums:
    """What the receiver of a file reads in it: its lines are read back, whatever was meant to be written."""
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    return FileSums(len(rows), sum(int(row[COLUMNS["amount"]] or 0) for row in rows))


def file_bytes(rows: Iterable[Mapping[str, object]]) -> bytes:
    """UTF-8 with BOM, CRLF, one heading line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for row in rows:
        writer.writerow([spreadsheet_safe(row[key]) for key in COLUMNS])
    return text.getvalue().encode("utf-8-sig")
