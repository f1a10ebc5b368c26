"""Does a table answer every amount exactly once on every day, and never lower as amounts rise? Part of table.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from madoguchi.clerical.decisions.routing.faults import TableFault
from madoguchi.clerical.decisions.routing.posts import rank_of
from madoguchi.clerical.decisions.routing.table_rows import FOR_EVER, Row
from madoguchi.common.yen import format_yen


def repeated_numbers(rows: Sequence[Row]) -> list[TableFault]:
    """Rows with a number another row has already; a route names its row, so the number must be one row's."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        first = seen.setdefault(row.row_id, row.line)
        if first != row.line:
            said = f"番号「{row.row_id}」は{first}行目にもあります。別の番号にしてください。"
            found.append(TableFault(row.line, "row_id", said))
    return found


def band_faults(rows: Sequence[Row]) -> list[TableFault]:
    """Overlaps, gaps and falling deciders, kind by kind, in each stretch of days the same rows are in force."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    found = [fault for each in kinds.values() for day in _turns(each) for fault in _on(each, day)]
    return list(dict.fromkeys(found))


def _turns(rows: Sequence[Row]) -> list[date]:
    """The days on which what is in force may change."""
    ends = {row.ends + timedelta(days=1) for row in rows if row.ends < FOR_EVER}
    return sorted({row.starts for row in rows} | ends)


def _on(rows: Sequence[Row], day: date) -> Iterator[TableFault]:
    bands = sorted((row for row in rows if row.in_force(day)), key=_lowest)
    if not bands:
        return
    if bands[0].amount_over is not None:
        said = f"{format_yen(bands[0].amount_over)}以下の行がありません。一番下の額は空欄にしてください。"
        yield TableFault(bands[0].line, "amount_over", said)
    highest = bands[0]
    for lower, upper in pairwise(bands):
        highest = max(highest, lower, key=_reach)
        yield from _between(highest, upper)
        yield from _falling(lower, upper)
    highest = max(highest, bands[-1], key=_reach)
    if highest.amount_upto is not None:
        said = f"{format_yen(highest.amount_upto)}を超える行がありません。一番上の額は空欄にしてください。"
        yield TableFault(highest.line, "amount_upto", said)


def _lowest(row: Row) -> int:
    return -1 if row.amount_over is None else row.amount_over


def _reach(row: Row) -> float:
    return float("inf") if row.amount_upto is None else row.amount_upto


def _between(lower: Row, upper: Row) -> Iterator[TableFault]:
    if _lowest(upper) < _reach(lower):
        said = f"{lower.line}行目（{lower.row_id}）と額が重なる日があります。額か適用の日付を直してください。"
        yield TableFault(upper.line, "amount_over", said)
    elif _lowest(upper) > _reach(lower):
        said = f"{lower.line}行目（{lower.row_id}）との間の額が抜けています。{lower.amount_upto} にしてください。"
        yield TableFault(upper.line, "amount_over", said)


def _falling(lower: Row, upper: Row) -> Iterator[TableFault]:
    if rank_of(upper.decider) < rank_of(lower.decider):
        said = (
            f"額が大きいのに、決裁者が{lower.line}行目の「{lower.decider}」より下です。"
            f"「{lower.decider}」以上の職にしてください。"
        )
        yield TableFault(upper.line, "decider", said)
