"""How many applications a second are received, beside plain INSERTs of the same rows."""

from django.db import connection, transaction

from scenarios.bench_town import found, timed
from scenarios.gakudo_club.season import PLAN
from scenarios.report import Report
from scenarios.stage import Stage
from scenarios.whole_period.intake import receive_all

APPLICATIONS = {"small": 300, "full": 2000}
SLOWEST = 0.001
"""Rules, checks and score cost more than an INSERT, but not a thousand times as much."""

ROWS = "SELECT to_jsonb(application)::text FROM applications_application AS application"
PLAIN_TABLE = "CREATE TEMP TABLE plain_application (LIKE applications_application INCLUDING DEFAULTS)"
PLAIN_INSERT = """
INSERT INTO plain_application SELECT * FROM jsonb_populate_record(NULL::applications_application, %s::jsonb)
"""


def play(stage: Stage) -> Report:
    """Receive with answers read, checks, score and trace; then enter the same rows without any of it."""
    loaded, drawn, _ = found(APPLICATIONS[stage.size])
    receipts, seconds = timed(lambda: receive_all(PLAN, loaded, drawn, PLAN.seed))
    received = len(receipts)
    entered, plain_seconds = timed(_enter_plainly)
    report = Report("receipts")
    report.figures |= {
        "applications": received,
        "seconds": round(seconds, 2),
        "receipts_per_second": round(received / seconds, 1),
        "plain_inserts_per_second": round(entered / plain_seconds, 1),
        "share_of_yardstick": round(plain_seconds / seconds * received / entered, 4),
    }
    report.check("everything sent was received", received == len(drawn), f"{received} of {len(drawn)}")
    report.check("the yardstick entered the same rows", entered == received, str(entered))
    share = report.figures["share_of_yardstick"]
    report.check("not a thousand times slower than a plain INSERT", share > SLOWEST, str(share))
    return report


@transaction.atomic
def _enter_plainly() -> int:
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        rows = cursor.fetchall()
        cursor.execute(PLAIN_TABLE)
        for row in rows:
            cursor.execute(PLAIN_INSERT, row)
    return len(rows)
