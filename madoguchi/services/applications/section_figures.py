"""課の統計: what the section counts, each figure over the same rows as the ledger shows. Aggregates only, no loops over cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils import timezone

from madoguchi.common.disclosure import CountTable
from madoguchi.services.applications.ledger_figures import STILL_OPEN, overdue
from madoguchi.services.applications.ledger_filters import Filters, narrowed
from madoguchi.services.applications.models import Application, Correction
from madoguchi.services.applications.states import Channel, Outcome, Stage

Unit = Literal["day", "week", "month"]
TRUNCS = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
TOP = 10


@dataclass(frozen=True)
class Bucket:
    """Cases received in one day, week or month, by channel."""

    start: date
    by_channel: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_channel.values())


@dataclass(frozen=True)
class Days:
    """Median and 90th percentile in calendar days over `cases`; None of nothing."""

    cases: int
    median: Decimal | None
    p90: Decimal | None


@dataclass(frozen=True)
class Top:
    """A field or text of corrections, and in how many cases it was asked."""

    key: str
    text: str
    cases: int


@dataclass(frozen=True)
class Step:
    """Working time of people in one step."""

    step: str
    seconds: int
    acts: int
    cases: int


@dataclass(frozen=True)
class Load:
    """Work of one clerk; None for cases nobody has yet."""

    staff_id: int | None
    name: str
    open: int
    overdue: int
    decided: int


@dataclass(frozen=True)
class Totals:
    """The figures that are compared between two periods."""

    received: int
    online: int
    open: int
    overdue: int
    corrected: int
    withdrawn: int
    to_decision: Days


def buckets(filters: Filters, unit: Unit) -> list[Bucket]:
    """Receipts by day, week (from Monday) or month, the oldest first."""
    when = TRUNCS[unit]("received_at", tzinfo=timezone.get_default_timezone())
    rows = narrowed(filters).rows.annotate(start=when).values_list("start", "channel")
    found: dict[date, dict[str, int]] = {}
    for start, channel, count in rows.annotate(count=Count("pk")).order_by("start", "channel"):
        found.setdefault(start.date(), {})[channel] = count
    return [Bucket(start, channels) for start, channels in found.items()]


def by_stage(filters: Filters) -> dict[str, int]:
    """Where the cases stand now."""
    rows = narrowed(filters).rows.order_by().values_list("stage").annotate(count=Count("pk"))
    return dict(rows)


def by_outcome(filters: Filters) -> dict[str, int]:
    """What was decided."""
    rows = narrowed(filters).rows.exclude(outcome="").order_by().values_list("outcome")
    return dict(rows.annotate(count=Count("pk")))


def totals(filters: Filters, on: date) -> Totals:
    """The figures of one period."""
    corrected = Exists(Correction.objects.filter(application=OuterRef("pk")))
    rows = narrowed(filters).rows.annotate(was_corrected=corrected)
    found = rows.aggregate(
        received=Count("pk"),
        online=Count("pk", filter=Q(channel=Channel.ONLINE)),
        open=Count("pk", filter=STILL_OPEN),
        overdue=Count("pk", filter=overdue(on)),
        corrected=Count("pk", filter=Q(was_corrected=True)),
        withdrawn=Count("pk", filter=Q(stage=Stage.WITHDRAWN)),
    )
    return Totals(**found, to_decision=to_decision(filters))


TO_DECISION = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY
  ((decided_at AT TIME ZONE 'Asia/Tokyo')::date - (received_at AT TIME ZONE 'Asia/Tokyo')::date)::float)
FROM applications_application WHERE decided_at IS NOT NULL AND stage = 'decided' AND id IN ({cases})
"""
STAYS = """
SELECT stage, count(DISTINCT application_id),
  percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM left_at - entered_at) / 86400)
FROM applications_stagestay WHERE left_at IS NOT NULL AND application_id IN ({cases}) GROUP BY stage
"""
FIELDS = """
SELECT field, field, count(DISTINCT application_id)
FROM applications_correction, jsonb_array_elements_text(fields) AS field
WHERE application_id IN ({cases}) GROUP BY field ORDER BY 3 DESC, 1 LIMIT 10
"""
TEXTS = """
SELECT md5(message), min(message), count(DISTINCT application_id)
FROM applications_correction WHERE application_id IN ({cases}) GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 10
"""
STEPS = """
SELECT note ->> 'step', sum((note ->> 'staff_seconds')::numeric)::bigint, count(*), count(DISTINCT subject_id)
FROM office_trace
WHERE subject_kind = 'applications.application' AND note ->> 'staff_seconds' IS NOT NULL
  AND note ->> 'step' IS NOT NULL AND actor_kind = 'staff' AND subject_id IN (SELECT chosen.id::text FROM ({cases}) AS chosen)
GROUP BY 1 ORDER BY 2 DESC
"""


def to_decision(filters: Filters) -> Days:
    """Calendar days from receipt to decision (民法140: the first day is not counted)."""
    (row,) = _asked(TO_DECISION, filters) or [(0, None)]
    return _days(row[0], row[1])


def stays(filters: Filters) -> dict[str, Days]:
    """Calendar days in each stage, of the cases that have left it."""
    return {stage: _days(cases, both) for stage, cases, both in _asked(STAYS, filters)}


def corrected_fields(filters: Filters) -> list[Top]:
    """The fields that most cases had to correct."""
    return [Top(*row) for row in _asked(FIELDS, filters)]


def correction_texts(filters: Filters) -> list[Top]:
    """The requests that most cases got."""
    return [Top(*row) for row in _asked(TEXTS, filters)]


def steps(filters: Filters) -> list[Step]:
    """Where the working time of people goes."""
    return [Step(*row) for row in _asked(STEPS, filters)]


def loads(filters: Filters, on: date) -> list[Load]:
    """Open cases by clerk, those without one first."""
    rows = narrowed(filters).rows.order_by().values("assigned_to", "assigned_to__name")
    counted = rows.annotate(
        open=Count("pk", filter=STILL_OPEN),
        overdue=Count("pk", filter=overdue(on)),
        decided=Count("pk", filter=Q(stage=Stage.DECIDED)),
    )
    found = [
        Load(row["assigned_to"], row["assigned_to__name"] or "", row["open"], row["overdue"], row["decided"])
        for row in counted
    ]
    return sorted(found, key=lambda load: (load.staff_id is not None, -load.open, load.name))


def outcome_table(filters: Filters, places: Sequence[tuple[str, str]]) -> CountTable:
    """First wish by outcome, for publication; the caller suppresses small cells."""
    rows = narrowed(filters).rows.exclude(outcome="").order_by().values_list("first_wish", "outcome")
    found = {(wish, outcome): count for wish, outcome, count in rows.annotate(count=Count("pk"))}
    return _table(found, places, Outcome.choices)


def channel_table(filters: Filters) -> CountTable:
    """Channel by stage, for publication."""
    rows = narrowed(filters).rows.order_by().values_list("channel", "stage")
    found = {(channel, stage): count for channel, stage, count in rows.annotate(count=Count("pk"))}
    return _table(found, Channel.choices, Stage.choices)


def _table(found: dict[Any, int], rows: Sequence[Any], columns: Sequence[Any]) -> CountTable:
    return CountTable(
        tuple(str(label) for _, label in rows),
        tuple(str(label) for _, label in columns),
        tuple(tuple(found.get((row, column), 0) for column, _ in columns) for row, _ in rows),
    )


def _asked(sql: str, filters: Filters) -> list[tuple[Any, ...]]:
    """One aggregate over the cases of the filters."""
    rows: QuerySet[Application] = narrowed(filters).rows
    try:
        cases, values = rows.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(cases=cases), values)
        return list(cursor.fetchall())


def _days(cases: int, both: Sequence[float] | None) -> Days:
    median, p90 = both or (None, None)
    return Days(int(cases), _tenth(median), _tenth(p90))


def _tenth(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.1"))
