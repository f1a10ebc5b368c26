"""How many cases each tab of the ledger holds: exact up to a bound, one question for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models import Count, Q, QuerySet

from madoguchi.ledgers.office.prepared import Written
from madoguchi.services.applications.ledger_filters import NOTHING, Filters, Narrowed, chosen_rows
from madoguchi.services.applications.models import Application

TAB_BOUND = 1_000
COMMON_BOUND = 100
"""How far the cases with a very common word are counted, a page: each must be read."""


class Bounded(int):
    """A count up to a bound: `more` when there are more than it says."""

    more: bool

    def __new__(cls, counted: int, bound: int) -> "Bounded":
        made = super().__new__(cls, min(counted, bound))
        made.more = counted > bound
        return made

    @classmethod
    def at_least(cls, counted: int) -> "Bounded":
        """Where the counting ended early."""
        return cls(counted + 1, counted)

    def __str__(self) -> str:
        if self.more and not self:
            return "—"
        return f"{int(self):,}{'以上' if self.more else ''}"


@dataclass(frozen=True)
class Counting:
    """Counts up to bounds, as one question."""

    question: Written
    bounds: tuple[int, ...]

    def told(self) -> tuple[Bounded, ...]:
        return tuple(map(Bounded, self.question.rows()[0], self.bounds)) if self.bounds else ()


@dataclass(frozen=True)
class Tabs:
    """The counts of all tabs; `opened` is the place of the tab whose rows are shown."""

    counting: Counting
    opened: int

    def counts(self) -> tuple[Bounded, ...]:
        """The total of the list, each tab, and what else was asked for."""
        found = self.counting.told()
        return (found[self.opened], *found)


def counts_of(
    chosen: Narrowed, views: Mapping[str, Q], view: str, also: Sequence[Filters], ordering: Sequence[str]
) -> tuple[Bounded, ...]:
    """The total, each view and each of `also`, counted no further than their bounds."""
    if chosen.searched:
        others = [(chosen_rows(each), TAB_BOUND) for each in also]
        return (*_of_hits(chosen, views, view, ordering), *_bounded(others).told())
    return tabs(chosen, views, view, also).counts()


def tabs(chosen: Narrowed, views: Mapping[str, Q], view: str, also: Sequence[Filters]) -> Tabs:
    """The question for every count of a list that no words narrow."""
    asked = [(chosen.rows.filter(each), TAB_BOUND) for each in views.values()]
    others = [(chosen_rows(each), TAB_BOUND) for each in also]
    # The list is as long as the tab that is open: one walk tells both.
    return Tabs(_bounded([*asked, *others]), list(views).index(view if view in views else "all"))


def _of_hits(
    chosen: Narrowed, views: Mapping[str, Q], view: str, ordering: Sequence[str]
) -> tuple[Bounded, ...]:
    """The same among what a search found, in one walk; of very common words along the beginning of the list only."""
    hits = chosen.rows.order_by(*ordering)[: COMMON_BOUND + 1] if chosen.common else chosen.rows.order_by()
    # Among sliced rows a condition that nothing meets would make Django answer 0 to everything.
    parts = {
        f"in_{name}": Count("pk", filter=each or None) for name, each in views.items() if each != NOTHING
    }
    told: dict[str, int] = {f"in_{name}": 0 for name in views} | hits.aggregate(within=Count("pk"), **parts)
    tabs = [told[f"in_{name}"] for name in views]
    if chosen.common and told["within"] > COMMON_BOUND:
        counted = tuple(Bounded.at_least(min(each, COMMON_BOUND)) for each in tabs)
        open_one = views.get(view, Q())
        if not open_one:
            return (counted[list(views).index("all")], *counted)
        inside = [(chosen.rows.filter(open_one).order_by(*ordering), COMMON_BOUND)]
        return (*_bounded(inside).told(), *counted)
    total = told[f"in_{view}"] if view in views else told["within"]
    return (Bounded(total, TAB_BOUND), *(Bounded(each, TAB_BOUND) for each in tabs))


def _bounded(asked: Sequence[tuple[QuerySet[Application], int]]) -> Counting:
    """How many rows each question has, up to its bound, in one question."""
    parts, values = [], []
    for rows, bound in asked:
        sql, given = _count_sql(rows, bound)
        parts.append(sql)
        values += given
    return Counting(Written(f"SELECT {', '.join(parts)}", tuple(values)), tuple(bound for _, bound in asked))


def _count_sql(rows: QuerySet[Application], bound: int) -> tuple[str, list[Any]]:
    try:
        sql, values = rows.values("pk")[: bound + 1].query.sql_with_params()
    except (EmptyResultSet, FullResultSet):
        return "0", []
    return f"(SELECT count(*) FROM ({sql}) AS counted)", list(values)
