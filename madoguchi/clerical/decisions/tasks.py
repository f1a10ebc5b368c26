"""Long work of the decisions room, queued in the database."""

from uuid import UUID

from procrastinate import RetryStrategy

from madoguchi.clerical.decisions.bulk_deciding import work_off
from madoguchi.clerical.decisions.reminding import remind_all
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session


@app.task(name="decisions.approve_many", retry=RetryStrategy(max_attempts=6, linear_wait=3))
def approve_many(municipality_id: int, job_id: str, staff_id: str, items: list[list[object]]) -> None:
    """Approve many drafts one by one; running it again does only what is left."""
    with municipality_session(municipality_id, Sight.ALL):
        work_off(UUID(job_id), staff_id, items, at=clock.now())


# The queue counts in UTC: seven in the morning in Tokyo.
@app.periodic(cron="0 22 * * *")
@app.task(name="decisions.remind_all", queueing_lock="decisions.remind_all")
def remind_all_task(timestamp: int) -> None:  # noqa: ARG001
    """Every morning: remind whoever holds a draft up for too long."""
    for municipality in municipalities():
        with municipality_session(municipality.pk, Sight.ALL):
            remind_all(at=clock.now())
