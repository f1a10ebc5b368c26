"""What the room counts, from its tables and the trace, for the measures. Days are calendar days."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from madoguchi.services.applications.states import Channel


@dataclass(frozen=True)
class ChannelCount:
    """Applications of one channel and the corrections asked of them."""

    channel: Channel
    applications: int
    corrections: int


@dataclass(frozen=True)
class StepTime:
    """Seconds one step took, by people (`staff`) or by the machine (`system`), and how many acts were timed."""

    step: str
    actor_kind: str
    seconds: int
    acts: int


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


BY_CHANNEL = """
SELECT application.channel, count(DISTINCT application.id), count(correction.id)
FROM applications_application AS application
LEFT JOIN applications_correction AS correction ON correction.application_id = application.id
WHERE application.procedure = %s AND application.period_code = %s
GROUP BY application.channel
"""


def by_channel(procedure: str, period_code: str) -> list[ChannelCount]:
    """Applications received (withdrawn ones too) and corrections asked, by channel."""
    found = {row[0]: row for row in _rows(BY_CHANNEL, procedure, period_code)}
    return [ChannelCount(channel, *found.get(channel, ("", 0, 0))[1:]) for channel in Channel]


DAYS_TO_DECISION = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY
  (decided_at AT TIME ZONE 'Asia/Tokyo')::date - (received_at AT TIME ZONE 'Asia/Tokyo')::date)
FROM applications_application
WHERE procedure = %s AND period_code = %s AND decided_at IS NOT NULL
"""


def days_to_decision(procedure: str, period_code: str) -> tuple[int, float | None]:
    """How many are decided, and the median of calendar days from receipt to decision (民法140: first day out)."""
    count, median = _rows(DAYS_TO_DECISION, procedure, period_code)[0]
    return int(count), None if median is None else float(median)


STEP_TIMES = """
SELECT trace.note ->> 'step', trace.actor_kind, sum((trace.note ->> 'staff_seconds')::numeric)::bigint, count(*)
FROM office_trace AS trace
JOIN applications_application AS application
  ON trace.subject_kind = 'applications.application' AND trace.subject_id = application.id::text
WHERE application.procedure = %s AND application.period_code = %s
  AND trace.note ->> 'staff_seconds' IS NOT NULL AND trace.note ->> 'step' IS NOT NULL
GROUP BY 1, 2 ORDER BY 1, 2
"""


def step_times(procedure: str, period_code: str) -> list[StepTime]:
    """Time by step from the trace; what residents spend is not counted."""
    rows = _rows(STEP_TIMES, procedure, period_code)
    return [StepTime(*row) for row in rows if row[1] != "resident"]


MEDIAN_MINUTES = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY
  extract(epoch FROM application.received_at - unsent.started_at) / 60)
FROM applications_unsentapplication AS unsent
JOIN applications_application AS application ON application.id = unsent.application_id
WHERE application.procedure = %s AND application.channel = 'online'
"""


def median_minutes(procedure: str) -> float | None:
    """Median minutes from the first page to sending, of online applications; None before there is one."""
    median = _rows(MEDIAN_MINUTES, procedure)[0][0]
    return None if median is None else float(median)
