"""目録 on paper: the files of a list, for those who decide it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from madoguchi.clerical.records.sheets import typeset

if TYPE_CHECKING:
    from madoguchi.clerical.records.models import CaseFile

SHEET = """
#let told = json(bytes(sys.inputs.cases))
#set page(paper: "a4", margin: 16mm, footer: context align(right, text(8pt)[#counter(page).display("1 / 1", both: true)]))
#set text(font: "IPAexGothic", size: 9pt, lang: "ja")
#set document(title: told.title)
#text(14pt)[#told.title]
#line(length: 100%)
#table(
  columns: (auto, auto, auto, 1fr, auto, auto, auto), stroke: 0.4pt + gray, inset: 4pt,
  table.header[番][年度][分類][簿冊名][文書][保存年限][保存の最後の日],
  ..told.rows.flatten()
)
#if told.missing != "" [#text(8pt)[書体にない文字を〓で示しました（#told.missing）。]]
"""


def list_pdf(title: str, files: Sequence[tuple[CaseFile, int]], *, seconds: int) -> bytes:
    """Every file of a list on A4."""
    rows = [
        [
            str(place),
            str(file.fiscal_year),
            file.class_code,
            file.title,
            f"{count}件",
            file.retention,
            str(file.ends_on or "—"),
        ]
        for place, (file, count) in enumerate(files, 1)
    ]
    return typeset(SHEET, {"title": title, "rows": rows}, seconds=seconds)
