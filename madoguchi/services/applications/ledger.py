"""台帳. The section's list: filtered, sorted, paged, counted, always with the same few questions to the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from madoguchi.common.kana import fold_kana, fold_width
from madoguchi.common.names import name_key
from madoguchi.common.text import strip_controls
from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.rules import soon_until
from madoguchi.services.applications.states import OPEN, Channel, Outcome, Stage

PAGE_SIZE = 50
VIEWS: dict[str, str] = {
    "mine": "自分の担当",
    "due": "期限が近い",
    "correcting": "補正中",
    "paper": "紙・入力待ち",
    "marked": "自動チェックに印",
    "all": "すべて",
}
SORTS: dict[str, str] = {
    "number": "number",
    "changed": "changed_at",
    "received": "received_at",
    "channel": "channel",
    "name": "person_kana",
    "grade": "grade",
    "first_wish": "first_wish",
    "score": "score",
    "checks": "checks_to_look_at",
    "stage": "stage",
    "due": "due_on",
    "assigned": "assigned_to__name_kana",
}
HEAVY = ("raw", "answers", "facts", "score_sheet", "outcome_facts")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. `on` is the day 「期限が近い」 is told for, `me` whose 「自分の担当」 it is.

    `sort` is a key of SORTS, with "-" in front for descending. Measures may add `outcome` and `corrected`.
    `sections` are people.sections_seen of the reader; None is every section.
    """

    procedure: str = ""
    period: str = ""
    stage: str = ""
    channel: str = ""
    first_wish: str = ""
    grade: int | None = None
    text: str = ""
    view: str = "all"
    sort: str = "-changed"
    page: int = 1
    assigned_to: int | None = None
    received_from: date | None = None
    received_to: date | None = None
    outcome: str = ""
    corrected: bool = False
    score_from: int | None = None
    me: int | None = None
    on: date | None = None
    sections: frozenset[int] | None = None


@dataclass(frozen=True)
class LedgerRow:
    """One line of the list."""

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


@dataclass(frozen=True)
class LedgerPage:
    """A page of the list; `counts_by_view` counts within the filters, for every view."""

    rows: tuple[LedgerRow, ...]
    total: int
    counts_by_view: dict[str, int]
    page: int
    pages: int


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
]


def ledger(filters: Filters) -> LedgerPage:
    """One page of the applications: two questions to the database however long the list is."""
    chosen = narrowed(filters)
    views = view_conditions(filters)
    counts = chosen.aggregate(**{f"view_{name}": Count("pk", filter=each) for name, each in views.items()})
    total = counts[f"view_{filters.view}"] if filters.view in views else counts["view_all"]
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, filters.page), pages)
    wanted = chosen.filter(views.get(filters.view, Q())).order_by(*order_of(filters.sort))
    rows = wanted.values_list(*COLUMNS)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return LedgerPage(
        tuple(_row(row) for row in rows),
        total,
        {name: counts[f"view_{name}"] for name in views},
        page,
        pages,
    )


def export_rows(filters: Filters) -> Iterator[LedgerRow]:
    """Every line of the filtered list in its order, read in pieces. The caller leaves the trace."""
    wanted = chosen_rows(filters).order_by(*order_of(filters.sort))
    return (_row(row) for row in wanted.values_list(*COLUMNS).iterator(chunk_size=2000))


def chosen_numbers(filters: Filters) -> list[str]:
    """The numbers of every application the filters show: 「条件に合うすべてを選ぶ」."""
    return list(chosen_rows(filters).order_by("pk").values_list("number", flat=True))


def chosen_rows(filters: Filters) -> QuerySet[Application]:
    return narrowed(filters).filter(view_conditions(filters).get(filters.view, Q()))


def order_of(sort: str) -> list[Any]:
    """The named order, with the number as the last word so that pages never overlap."""
    column = F(SORTS.get(sort.lstrip("-"), "changed_at"))
    down = sort.startswith("-") or sort not in SORTS
    return [column.desc(nulls_last=True) if down else column.asc(nulls_last=True), "number"]


def _row(row: tuple[Any, ...]) -> LedgerRow:
    told = dict(zip(COLUMNS, row, strict=True))
    return LedgerRow(
        **{name: told[name] for name in COLUMNS[:4]},
        channel=Channel(told["channel"]),
        **{name: told[name] for name in COLUMNS[5:12]},
        stage=Stage(told["stage"]),
        outcome=Outcome(told["outcome"]) if told["outcome"] else None,
        due_on=told["due_on"],
        clock_stopped=told["clock_stopped_on"] is not None,
        assigned_to=told["assigned_to__name"] or "",
        edition=told["edition"],
    )


def view_conditions(filters: Filters) -> dict[str, Q]:
    """What each saved view shows, within the filters."""
    still_open = Q(stage__in=OPEN)
    conditions = {
        "mine": still_open & Q(assigned_to=filters.me),
        "due": Q(pk__isnull=True),
        "correcting": Q(stage=Stage.CORRECTING),
        "paper": Q(channel=Channel.PAPER, stage=Stage.RECEIVED),
        "marked": still_open & Q(checks_to_look_at__gt=0),
        "all": Q(pk__isnull=False),
    }
    if filters.on is not None:
        near = soon_until(filters.on, office_calendar())
        conditions["due"] = still_open & Q(due_on__lte=near, clock_stopped_on__isnull=True)
    if filters.me is None:
        conditions["mine"] = Q(pk__isnull=True)
    return conditions


def narrowed(filters: Filters) -> QuerySet[Application]:
    """The applications within the filters, whatever the view."""
    exact = {
        "procedure": filters.procedure,
        "period_code": filters.period,
        "stage": filters.stage,
        "channel": filters.channel,
        "first_wish": filters.first_wish,
        "outcome": filters.outcome,
        "grade": filters.grade,
        "assigned_to": filters.assigned_to,
        "score__gte": filters.score_from,
    }
    rows = Application.objects.filter(
        **{name: value for name, value in exact.items() if value not in ("", None)}
    )
    if filters.sections is not None:
        rows = rows.filter(section_id__in=filters.sections)
    if filters.corrected:
        rows = rows.filter(pk__in=Correction.objects.values("application"))
    return within_text(within_days(rows, filters), filters.text)


def within_days(rows: QuerySet[Application], filters: Filters) -> QuerySet[Application]:
    tokyo = timezone.get_default_timezone()
    if filters.received_from:
        rows = rows.filter(received_at__gte=_midnight(filters.received_from, tokyo))
    if filters.received_to:
        rows = rows.filter(received_at__lt=_midnight(filters.received_to + timedelta(days=1), tokyo))
    return rows


def _midnight(day: date, zone: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def within_text(rows: QuerySet[Application], text: str) -> QuerySet[Application]:
    """By number, name in any spelling, or kana; more words narrow further."""
    for word in fold_width(strip_controls(text)).split():
        key = name_key(word)
        rows = rows.filter(
            Q(number__icontains=word)
            | (Q(person_key__contains=key) if key else Q())
            | Q(applicant_name__contains=word)
            | Q(person_kana__contains=fold_kana(word))
        )
    return rows


def counts_by_day(procedure: str, period_code: str) -> list[tuple[date, str, int]]:
    """Receipts by day and channel, for the running share."""
    rows = Application.objects.filter(procedure=procedure, period_code=period_code)
    days = rows.annotate(day=TruncDate("received_at")).values_list("day", "channel")
    return [(day, channel, count) for day, channel, count in days.annotate(count=Count("pk")).order_by("day")]
