"""How often somebody may ask for what is expensive or can be guessed: counted in the database, for all processes together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from madoguchi.ledgers.office.models import RateWindow

# One statement: two processes that count at the same moment both count. The municipality is the session's.
_COUNT = """
INSERT INTO office_ratewindow (kind, key, began_at, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (municipality_id, kind, key) DO UPDATE SET
  count = CASE WHEN office_ratewindow.began_at = EXCLUDED.began_at THEN office_ratewindow.count + 1 ELSE 1 END,
  began_at = EXCLUDED.began_at
RETURNING count
"""
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Budget:
    """So many times in so many seconds."""

    times: int
    seconds: int


def count_once(kind: str, key: str, budget: Budget, *, at: datetime) -> int:
    """Count one more; 0 when it is within the budget, else the seconds until the next stretch begins."""
    passed = int(at.timestamp()) % budget.seconds
    began = datetime.fromtimestamp(int(at.timestamp()) - passed, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [kind, key, began])
        count = cursor.fetchone()[0]
    return 0 if count <= budget.times else budget.seconds - passed


def forget_old_windows(*, at: datetime) -> int:
    """Take away what was counted before yesterday."""
    return RateWindow.objects.filter(began_at__lt=at - FORGOTTEN_AFTER).delete()[0]
