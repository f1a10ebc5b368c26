"""台帳. The section's list: filtered, sorted, paged, counted, with the same few questions for ten cases and a million.

A page begins where another ended (a place in the order, not a number of rows to skip). A count is exact up to a bound and
says when it is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.ledger_filters import (
    NOTHING,
    VIEWS,
    Filters,
    Narrowed,
    chosen_rows,
    narrowed,
    view_conditions,
)
from madoguchi.services.applications.models import Application, Message
from madoguchi.services.applications.patience import patience
from madoguchi.services.applications.places import Place, place_of, read_place
from madoguchi.services.applications.states import Channel, Direction, Outcome, Stage

__all__ = [
    "PAGE_SIZE",
    "SORTS",
    "SORTS_EVERYWHERE",
    "VIEWS",
    "Bounded",
    "Filters",
    "LedgerPage",
    "LedgerRow",
    "chosen_numbers",
    "chosen_rows",
    "counts_by_day",
    "export_rows",
    "ledger",
]

PAGE_SIZE = 100
TAB_BOUND = 1_000
COMMON_BOUND = PAGE_SIZE
"""How far the cases with a very common word are counted: each must be read."""
SECONDS = 5

SORTS: dict[str, str] = {
    "number": "number",
    "changed": "changed_at",
    "received": "received_at",
    "channel": "channel",
    "name": "person_kana",
    "grade": "grade_order",
    "first_wish": "first_wish",
    "score": "score_order",
    "checks": "checks_to_look_at",
    "stage": "stage",
    "due": "due_on",
}
SORTS_EVERYWHERE = ("number", "changed", "received", "name", "due")
"""The orders that a list over all procedures offers."""


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
class LedgerRow:
    """One line of the list. `answers` holds those asked for as columns."""

    id: int
    number: str
    changed_at: datetime
    received_at: datetime
    channel: Channel
    person_name: str
    person_kana: str
    grade: int | None
    first_wish: str
    score: Decimal | None
    checks_to_look_at: int
    checks_run: int
    stage: Stage
    outcome: Outcome | None
    due_on: date
    clock_stopped: bool
    assigned_to: str
    edition: int
    procedure: str = ""
    version_id: int = 0
    unread: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)


ROW = tuple(each.name for each in fields(LedgerRow))


@dataclass(frozen=True)
class LedgerPage:
    """A page of the list; `counts_by_view` counts within the filters, for every view, `counts` for what was asked.

    `next` and `previous` are places for Filters.after and .before; empty at the ends.
    """

    rows: tuple[LedgerRow, ...]
    total: Bounded
    counts_by_view: dict[str, Bounded]
    counts: tuple[Bounded, ...]
    next: str
    previous: str


COLUMNS = [
    "id",
    "number",
    "changed_at",
    "received_at",
    "channel",
    "person_name",
    "person_kana",
    "grade",
    "first_wish",
    "score",
    "checks_to_look_at",
    "checks_run",
    "stage",
    "outcome",
    "due_on",
    "clock_stopped_on",
    "assigned_to__name",
    "edition",
    "procedure",
    "version_id",
    "unread",
]
UNREAD = Exists(
    Message.objects.filter(application=OuterRef("pk"), direction=Direction.RESIDENT, read_at__isnull=True)
)


def ledger(
    filters: Filters, *, answers: Sequence[str] = (), also: Sequence[Filters] = (), size: int = PAGE_SIZE
) -> LedgerPage:
    """One page of the applications: one question for the rows and one for every count, however long the list is.

    `answers` are the keys of fields to bring along, `also` further filters to be counted. Raises TookTooLong.
    """
    with patience(SECONDS):
        chosen = narrowed(filters)
        views = view_conditions(filters)
        inside = views.get(filters.view, Q())
        rows, following, former = _page(chosen.rows.filter(inside), filters, answers, size)
        ordering = _ordering(*order_of(filters.sort))
        counts = _counts(chosen, views, filters.view, also, ordering)
    return LedgerPage(
        rows,
        counts[0],
        dict(zip(views, counts[1:], strict=False)),
        counts[len(views) + 1 :],
        following,
        former,
    )


def _page(
    wanted: QuerySet[Application], filters: Filters, answers: Sequence[str], size: int
) -> tuple[tuple[LedgerRow, ...], str, str]:
    key, down = order_of(filters.sort)
    backwards = bool(filters.before)
    start = read_place(filters.before or filters.after, key)
    if start is not None:
        wanted = wanted.filter(_beyond(key, start, down is not backwards))
    columns = [*COLUMNS, *(f"answers__{name}" for name in answers), key]
    ordered = wanted.annotate(unread=UNREAD).order_by(*_ordering(key, down is not backwards))
    found = list(ordered.values_list(*columns)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    rows = tuple(_row(row, answers) for row in found)
    ends = [place_of(row[-1], row[0]) for row in (found[:1] + found[-1:])]
    has_next = more if not backwards else start is not None
    has_previous = (more if backwards else start is not None) and bool(found)
    return rows, ends[-1] if has_next and ends else "", ends[0] if has_previous else ""


def paged_rows(filters: Filters) -> QuerySet[Application]:
    """The rows of the filters in their order, from their place on."""
    key, down = order_of(filters.sort)
    wanted, start = chosen_rows(filters), read_place(filters.after, key)
    if start is not None:
        wanted = wanted.filter(_beyond(key, start, down))
    return wanted.order_by(*_ordering(key, down))


def order_of(sort: str) -> tuple[str, bool]:
    """The column of a named order and whether it runs down; nonsense is the newest change first."""
    key = SORTS.get(sort.removeprefix("-"))
    return (key, sort.startswith("-")) if key else ("changed_at", True)


def _ordering(key: str, down: bool) -> list[str]:
    return [f"-{key}", "-pk"] if down else [key, "pk"]


def _beyond(key: str, start: Place, down: bool) -> Func:
    """`(key, id) < (…, …)`: the rows behind a place, found in the index without reading those before it."""
    column: Any = Application._meta.get_field(key)
    output: Any = getattr(column, "output_field", column)
    here = Func(F(key), F("pk"), function="ROW")
    there = Func(Value(start.value, output_field=output), Value(start.id), function="ROW")
    return Func(
        here,
        there,
        template="%(expressions)s",
        arg_joiner=" < " if down else " > ",
        output_field=BooleanField(),
    )


def _counts(
    chosen: Narrowed, views: Mapping[str, Q], view: str, also: Sequence[Filters], ordering: Sequence[str]
) -> tuple[Bounded, ...]:
    """The total, each view and each of `also`, counted no further than their bounds."""
    others = [(chosen_rows(each), TAB_BOUND) for each in also]
    if chosen.searched:
        return (*_of_hits(chosen, views, view, ordering), *_bounded(others))
    asked = [(chosen.rows.filter(each), TAB_BOUND) for each in views.values()]
    found = _bounded([*asked, *others])
    # The list is as long as the tab that is open: one walk tells both.
    return (found[list(views).index(view if view in views else "all")], *found)


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
        return (*_bounded(inside), *counted)
    total = told[f"in_{view}"] if view in views else told["within"]
    return (Bounded(total, TAB_BOUND), *(Bounded(each, TAB_BOUND) for each in tabs))


def _bounded(asked: Sequence[tuple[QuerySet[Application], int]]) -> tuple[Bounded, ...]:
    """How many rows each question has, up to its bound, in one question."""
    parts, values = [], []
    for rows, bound in asked:
        sql, given = _count_sql(rows, bound)
        parts.append(sql)
        values += given
    if not parts:
        return ()
    # Not prepared: which index counts fastest hangs on the values.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return tuple(
            Bounded(count, bound) for count, (_, bound) in zip(cursor.fetchone(), asked, strict=True)
        )


def _count_sql(rows: QuerySet[Application], bound: int) -> tuple[str, list[Any]]:
    try:
        sql, values = rows.values("pk")[: bound + 1].query.sql_with_params()
    except (EmptyResultSet, FullResultSet):
        return "0", []
    return f"(SELECT count(*) FROM ({sql}) AS counted)", list(values)


def export_rows(filters: Filters, answers: Sequence[str] = ()) -> Iterator[LedgerRow]:
    """Every line of the filtered list in its order, read in pieces. The caller leaves the trace."""
    columns = [*COLUMNS, *(f"answers__{name}" for name in answers), "pk"]
    wanted = chosen_rows(filters).annotate(unread=UNREAD).order_by(*_ordering(*order_of(filters.sort)))
    return (_row(row, answers) for row in wanted.values_list(*columns).iterator(chunk_size=2000))


def chosen_numbers(filters: Filters) -> list[str]:
    """The numbers of every application the filters show: 「条件に合うすべてを選ぶ」."""
    return list(chosen_rows(filters).order_by("pk").values_list("number", flat=True))


def _row(row: tuple[Any, ...], answers: Sequence[str] = ()) -> LedgerRow:
    plain = len(COLUMNS)
    told: list[Any] = list(row[:plain])
    told[4], told[12] = Channel(told[4]), Stage(told[12])
    told[13] = Outcome(told[13]) if told[13] else None
    told[15], told[16] = told[15] is not None, told[16] or ""
    told.append(dict(zip(answers, row[plain : plain + len(answers)], strict=True)))
    # A hundred frozen rows, filled field by field, take a millisecond of every page.
    made = object.__new__(LedgerRow)
    made.__dict__.update(zip(ROW, told, strict=True))
    return made


def counts_by_day(procedure: str, period_code: str) -> list[tuple[date, str, int]]:
    """Receipts by day and channel, for the running share."""
    rows = Application.objects.filter(procedure=procedure, period_code=period_code)
    days = rows.annotate(day=TruncDate("received_at")).values_list("day", "channel")
    return [(day, channel, count) for day, channel, count in days.annotate(count=Count("pk")).order_by("day")]


def seen_by(filters: Filters, powers: frozenset[Power]) -> Filters:
    """The filters as somebody with these powers may use them."""
    return replace(filters, sees_sensitive=Power.SEE_SENSITIVE in powers)
