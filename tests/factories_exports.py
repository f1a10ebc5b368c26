"""Layouts of core systems for tests, and a reader of their files that shares no code with the product."""

import io
from typing import Any

from madoguchi.ledgers.procedures.core_layout import Layout, read_layout

DELIMITED = """
target = "daicho"
name = "台帳システム"
file_name = "D{town_code}_{date}_{number}.csv"
encoding = "ENCODING"
quoting = "QUOTING"
purpose = "台帳への登録"
[when]
stages = ["received", "accepted"]
[kinds]
new = "1"
changed = "2"
cancelled = "3"
[answer]
encoding = "cp932"
number = 1
result = 2
message = 3
accepted = ["0"]
[[column]]
name = "区分"
value = "export.kind"
[[column]]
name = "受付番号"
value = "case.number"
required = true
[[column]]
name = "氏名"
value = "child_name"
type = "name"
width = 60
[[column]]
name = "カナ"
value = "child_kana"
type = "kana"
letters = "half"
width = 40
[[column]]
name = "生年月日"
value = "child_birth"
type = "date"
date = "era7"
width = 7
[[column]]
name = "日数"
value = "work_days"
type = "number"
"""

FIXED = """
target = "ryokin"
name = "料金システム"
file_name = "R{number}.dat"
format = "fixed"
encoding = "cp932"
purpose = "調定"
[when]
stages = ["received"]
[[column]]
name = "番号"
value = "case.number"
width = 12
[[column]]
name = "氏名"
value = "child_name"
type = "name"
letters = "full"
fill = "　"
width = 40
[[column]]
name = "カナ"
value = "child_kana"
type = "kana"
letters = "half"
width = 30
[[column]]
name = "生年月日"
value = "child_birth"
type = "date"
width = 8
[[column]]
name = "金額"
value = "work_days"
type = "number"
width = 6
"""
WIDTHS = (12, 40, 30, 8, 6)
KNOWN = {"child_name", "child_kana", "child_birth", "work_days"}


def delimited(encoding: str = "cp932", quoting: str = "all", more: str = "") -> Layout:
    text = DELIMITED.replace("ENCODING", encoding).replace("QUOTING", quoting)
    return read_layout("exports/daicho.toml", (more + text).encode(), KNOWN)


def fixed() -> Layout:
    return read_layout("exports/ryokin.toml", FIXED.encode(), KNOWN)


def case_of(family: str = "見本", given: str = "そら", **changed: Any) -> dict[str, Any]:
    """What one case tells."""
    return {
        "child_name": {"family": family, "given": given},
        "child_kana": {"family": "みほん", "given": "そら"},
        "child_birth": "2020-06-14",
        "work_days": 20,
        "case": {"number": "MC-0000001"},
        "outcome": {},
        "facts": {},
        "export": {"kind": "1", "number": 1, "position": 1},
    } | changed


def read_quoted(body: bytes, codec: str) -> list[list[str]]:
    """An own small reader of delimited files (RFC 4180), character by character."""
    text, lines, line, cell, quoted = io.StringIO(body.decode(codec), newline=""), [], [], "", False
    while char := text.read(1):
        if quoted:
            if char != '"':
                cell += char
                continue
            after = text.read(1)
            if after == '"':
                cell += '"'
                continue
            quoted, char = False, after
        if char == '"':
            quoted = True
        elif char == ",":
            line, cell = [*line, cell], ""
        elif char == "\n":
            lines, line, cell = [*lines, [*line, cell.rstrip("\r")]], [], ""
        else:
            cell += char
    return lines


def read_fixed(body: bytes, widths: tuple[int, ...] = WIDTHS) -> list[list[str]]:
    """An own reader of fixed records: by bytes, then by characters."""
    size = sum(widths) + 2
    assert len(body) % size == 0
    rows = []
    for start in range(0, len(body), size):
        record, at, row = body[start : start + size], 0, []
        assert record[-2:] == b"\r\n"
        for width in widths:
            row.append(record[at : at + width].decode("cp932"))
            at += width
        rows.append(row)
    return rows
