"""How long cases stay in a stage, from the trace."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from madoguchi.services.applications.states import Stage


@dataclass(frozen=True)
class StageTime:
    """Median calendar days in one stage, of the cases that have left it."""

    stage: Stage
    cases: int
    median_days: float


MEDIANS = """
WITH moved AS (
  SELECT trace.subject_id, trace.happened_at, trace.seq,
    CASE trace.verb WHEN 'applications.received' THEN 'received'
      WHEN 'applications.review_started' THEN 'reviewing' WHEN 'applications.correction_answered' THEN 'reviewing'
      WHEN 'applications.correction_asked' THEN 'correcting' WHEN 'applications.accepted' THEN 'accepted'
      WHEN 'applications.taken_back' THEN 'accepted' WHEN 'applications.put_under_decision' THEN 'deciding'
      ELSE 'over' END AS stage
  FROM office_trace AS trace
  JOIN applications_application AS application
    ON trace.subject_kind = 'applications.application' AND trace.subject_id = application.id::text
  WHERE application.section_id = ANY(%(sections)s) AND application.received_at >= %(since)s
    AND trace.verb = ANY(%(verbs)s)
), stays AS (
  SELECT stage, lead(happened_at) OVER (PARTITION BY subject_id ORDER BY happened_at, seq) - happened_at AS stay
  FROM moved
)
SELECT stage, count(stay), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM stay) / 86400)
FROM stays WHERE stay IS NOT NULL AND stage <> 'over' GROUP BY stage
"""
MOVES = (
    *("received", "review_started", "correction_asked", "correction_answered", "accepted"),
    *("taken_back", "put_under_decision", "decided", "withdrawn", "merged"),
)


def medians(sections: frozenset[int], since: datetime) -> list[StageTime]:
    """The median stay of the cases received since a moment, in the order of the stages."""
    with connection.cursor() as cursor:
        cursor.execute(
            MEDIANS,
            {
                "sections": sorted(sections),
                "since": since,
                "verbs": [f"applications.{verb}" for verb in MOVES],
            },
        )
        found = {row[0]: StageTime(Stage(row[0]), int(row[1]), float(row[2])) for row in cursor.fetchall()}
    return [found[stage] for stage in Stage if stage in found]
