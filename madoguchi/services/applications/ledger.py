"""台帳. The section's list: filtered, sorted, paged, counted, with the same few questions for ten cases and a million.

A page begins where another ended (a place in the order, not a number of rows to skip). A count is exact up to a bound and
says when it is not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from madoguchi.ledgers.office.prepared import Written, written
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.ledger_counts import Bounded, Tabs, counts_of, tabs
from madoguchi.services.applications.ledger_filters import (
    VIEWS,
    Filters,
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
CHANNELS: dict[str, Channel] = {each.value: each for each in Channel}
STAGES: dict[str, Stage] = {each.value: each for each in Stage}
OUTCOMES: dict[str, Outcome] = {each.value: each for each in Outcome}
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
        if will_be_asked_again(filters, *also):
            found = _page_written(filters, tuple(answers), size).rows()
            counts = _tabs_written(filters, tuple(also)).counts()
        else:
            chosen, views = narrowed(filters), view_conditions(filters)
            inside = chosen.rows.filter(views.get(filters.view, Q()))
            found = [list(row) for row in _page_asked(inside, filters, answers, size)]
            counts = counts_of(chosen, views, filters.view, also, _ordering(*order_of(filters.sort)))
    rows, following, former = _page(found, filters, answers, size)
    return LedgerPage(
        rows,
        counts[0],
        dict(zip(VIEWS, counts[1:], strict=False)),
        counts[len(VIEWS) + 1 :],
        following,
        former,
    )


def will_be_asked_again(*every: Filters) -> bool:
    """Whether the question of these filters hangs on nothing but them, and names nobody who was looked for."""
    return all(
        not (each.text or each.figure)
        and (each.on is None or each.near is not None)
        and (each.sections is None or isinstance(each.sections, tuple))
        for each in every
    )


@lru_cache(maxsize=256)
def _page_written(filters: Filters, answers: tuple[str, ...], size: int) -> Written:
    return written(_page_asked(chosen_rows(filters), filters, answers, size))


@lru_cache(maxsize=256)
def _tabs_written(filters: Filters, also: tuple[Filters, ...]) -> Tabs:
    return tabs(narrowed(filters), view_conditions(filters), filters.view, also)


def _page_asked(
    wanted: QuerySet[Application], filters: Filters, answers: Sequence[str], size: int
) -> QuerySet[Application, Any]:
    """One row more than a page has, in the order of the page or, for the page before, backwards."""
    key, down = order_of(filters.sort)
    start, backwards = read_place(filters.before or filters.after, key), bool(filters.before)
    if start is not None:
        wanted = wanted.filter(_beyond(key, start, down is not backwards))
    ordered = wanted.annotate(unread=UNREAD).order_by(*_ordering(key, down is not backwards))
    return ordered.values_list(*page_columns(answers, key))[: size + 1]


def page_columns(answers: Sequence[str], key: str) -> list[str]:
    """What is read of each row: the row itself, answers, and what it is ordered by."""
    return list(dict.fromkeys([*COLUMNS, *(f"answers__{name}" for name in answers), key]))


def _page(
    found: list[list[Any]], filters: Filters, answers: Sequence[str], size: int
) -> tuple[tuple[LedgerRow, ...], str, str]:
    key, _ = order_of(filters.sort)
    backwards = bool(filters.before)
    start = read_place(filters.before or filters.after, key)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    rows = tuple(_row(row, answers) for row in found)
    place = page_columns(answers, key).index(key)
    ends = [place_of(row[place], row[0]) for row in (found[:1] + found[-1:])]
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


def export_rows(filters: Filters, answers: Sequence[str] = ()) -> Iterator[LedgerRow]:
    """Every line of the filtered list in its order, read in pieces. The caller leaves the trace."""
    columns = [*COLUMNS, *(f"answers__{name}" for name in answers), "pk"]
    wanted = chosen_rows(filters).annotate(unread=UNREAD).order_by(*_ordering(*order_of(filters.sort)))
    return (_row(row, answers) for row in wanted.values_list(*columns).iterator(chunk_size=2000))


def chosen_numbers(filters: Filters) -> list[str]:
    """The numbers of every application the filters show: 「条件に合うすべてを選ぶ」."""
    return list(chosen_rows(filters).order_by("pk").values_list("number", flat=True))


def _row(row: Sequence[Any], answers: Sequence[str] = ()) -> LedgerRow:
    plain = len(COLUMNS)
    told: list[Any] = list(row[:plain])
    told[4], told[12] = CHANNELS[told[4]], STAGES[told[12]]
    told[13] = OUTCOMES[told[13]] if told[13] else None
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
