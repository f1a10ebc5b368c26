"""What the ledger is narrowed to, and the questions that follow; every condition has an index behind it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from madoguchi.services.applications.calendars import office_calendar
from madoguchi.services.applications.ledger_figures import figure_condition
from madoguchi.services.applications.ledger_indexes import STILL_OPEN
from madoguchi.services.applications.models import Application, Correction, SearchText
from madoguchi.services.applications.rules import soon_until
from madoguchi.services.applications.searching import can_be_found, found_ids, words_of
from madoguchi.services.applications.states import Audience, Channel, Stage

VIEWS: dict[str, str] = {
    "mine": "自分の担当",
    "due": "期限が近い",
    "correcting": "補正中",
    "paper": "紙・入力待ち",
    "marked": "自動チェックに印",
    "all": "すべて",
}

NOTHING = Q(pk__in=())


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. `on` is the day 「期限が近い」 is told for, `me` whose 「自分の担当」 it is.

    `sort` is a key of SORTS, with "-" in front for descending. `after` and `before` are places in that order
    (LedgerPage.next, .previous). `sections` are people.sections_seen of the reader; None is every section. Measures may add `outcome` and
    `corrected`. `near` is the last due date that counts as near on that day; without it the calendar is asked.
    `figure` is what a figure of the statistics counts (ledger_figures).
    `sees_sensitive` lets the text be looked for in sensitive answers too.
    """

    procedure: str = ""
    period: str = ""
    sections: Collection[int] | None = None
    stage: str = ""
    channel: str = ""
    first_wish: str = ""
    grade: int | None = None
    text: str = ""
    view: str = "all"
    sort: str = "-changed"
    after: str = ""
    before: str = ""
    assigned_to: int | None = None
    received_from: date | None = None
    received_to: date | None = None
    outcome: str = ""
    corrected: bool = False
    score_from: int | None = None
    me: int | None = None
    on: date | None = None
    near: date | None = None
    sees_sensitive: bool = False
    figure: str = ""


DAYS = ("received_from", "received_to", "on", "near")


def as_told(filters: Filters) -> dict[str, Any]:
    """The filters as they stand in a queue or a record."""
    told = {
        name: value.isoformat() if name in DAYS and value else value
        for name, value in asdict(filters).items()
    }
    return told | {"sections": None if filters.sections is None else sorted(filters.sections)}


def from_told(told: dict[str, Any]) -> Filters:
    """The filters from `as_told`."""
    read = {name: date.fromisoformat(told[name]) if told.get(name) else None for name in DAYS}
    return Filters(**(told | read))


@dataclass(frozen=True)
class Narrowed:
    """The applications within the filters. `searched` when words narrow them, `common` when these stand in so many
    cases that they are not all listed."""

    rows: QuerySet[Application]
    searched: bool = False
    common: bool = False


def narrowed(filters: Filters) -> Narrowed:
    """The applications within the filters, whatever the view."""
    exact = {
        "procedure": filters.procedure,
        "period_code": filters.period,
        "stage": filters.stage,
        "channel": filters.channel,
        "first_wish": filters.first_wish,
        "outcome": filters.outcome,
        "grade_order": filters.grade,
        "assigned_to": filters.assigned_to,
        "score_order__gte": None if filters.score_from is None else filters.score_from * 10,
    }
    rows = Application.objects.filter(
        **{name: value for name, value in exact.items() if value not in ("", None)}
    )
    if filters.sections is not None:
        rows = rows.filter(_of_sections(filters.sections))
    if filters.corrected:
        rows = rows.filter(Exists(Correction.objects.filter(application=OuterRef("pk"))))
    if filters.figure:
        rows = rows.filter(figure_condition(filters.figure, filters.on))
    return _within_text(_within_days(rows, filters), filters)


def _of_sections(sections: Collection[int]) -> Q:
    # One section is asked for by equality, which an ordered index can answer without sorting.
    return Q(section_id=next(iter(sections))) if len(sections) == 1 else Q(section_id__in=list(sections))


def _within_days(rows: QuerySet[Application], filters: Filters) -> QuerySet[Application]:
    tokyo = timezone.get_default_timezone()
    if filters.received_from:
        rows = rows.filter(received_at__gte=_midnight(filters.received_from, tokyo))
    if filters.received_to:
        rows = rows.filter(received_at__lt=_midnight(filters.received_to + timedelta(days=1), tokyo))
    return rows


def _midnight(day: date, zone: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _within_text(rows: QuerySet[Application], filters: Filters) -> Narrowed:
    """By number, names and answers in any spelling; more words narrow further."""
    if not filters.text.strip():
        return Narrowed(rows)
    words = words_of(filters.text)
    if not can_be_found(words):
        return Narrowed(rows.none())
    readers = [Audience.BOTH, Audience.FULL if filters.sees_sensitive else Audience.OPEN]
    ids = found_ids(words, readers)
    if ids is not None:
        return Narrowed(rows.filter(_one_of(ids)), searched=True)
    texts = SearchText.objects.filter(application=OuterRef("pk"), audience__in=readers)
    for word in words:
        texts = texts.filter(GreaterThan(StrIndex(F("text"), Value(word)), 0))
    return Narrowed(rows.filter(Exists(texts)), searched=True, common=True)


def _one_of(ids: list[int]) -> Func:
    """`id = ANY(array)`: one value however many there are, written as PostgreSQL reads an array."""
    listed = Value("{" + ",".join(map(str, ids)) + "}", output_field=TextField())
    return Func(
        F("pk"),
        listed,
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def view_conditions(filters: Filters) -> dict[str, Q]:
    """What each built-in view shows, within the filters."""
    conditions = {
        "mine": NOTHING if filters.me is None else STILL_OPEN & Q(assigned_to=filters.me),
        "due": NOTHING,
        "correcting": Q(stage=Stage.CORRECTING),
        "paper": Q(channel=Channel.PAPER, stage=Stage.RECEIVED),
        "marked": STILL_OPEN & Q(checks_to_look_at__gt=0),
        "all": Q(),
    }
    if filters.on is not None:
        near = filters.near or soon_until(filters.on, office_calendar())
        conditions["due"] = STILL_OPEN & Q(due_on__lte=near, clock_stopped_on__isnull=True)
    return conditions


def chosen_rows(filters: Filters) -> QuerySet[Application]:
    """The applications of the filters and their view, in no order."""
    return narrowed(filters).rows.filter(view_conditions(filters).get(filters.view, Q()))
