"""The route table and the document classes of a town on a day."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date

from madoguchi.clerical.decisions.models import DocumentClass, RouteTable
from madoguchi.clerical.decisions.routing import table as tables
from madoguchi.clerical.decisions.states import PaperRule

_READ: OrderedDict[str, tables.RouteTable] = OrderedDict()
_MOST_KEPT = 32


def table_in_force(on: date) -> tuple[str, tables.RouteTable]:
    """The name of the table (its hash, or "default" for the one shipped) and the table itself."""
    row = RouteTable.objects.filter(effective_from__lte=on).order_by("-effective_from").first()
    if row is None:
        return "default", tables.default_table()
    if row.sha256 not in _READ:
        _READ[row.sha256] = tables.read_table(row.text)
        if len(_READ) > _MOST_KEPT:
            _READ.popitem(last=False)
    return row.sha256, _READ[row.sha256]


def paper_rule(kind: str) -> tuple[PaperRule, str]:
    """What the town demands of this kind of document, and why; free when it says nothing."""
    row = DocumentClass.objects.filter(kind=kind).first() if kind else None
    return (PaperRule(row.paper_rule), row.paper_reason) if row else (PaperRule.FREE, "")


def filing_of(kind: str) -> tuple[str, str]:
    """分類記号 and 保存年限 under which this kind is filed, empty when the town says nothing."""
    row = DocumentClass.objects.filter(kind=kind).first() if kind else None
    return (row.class_code, row.retention) if row else ("", "")
