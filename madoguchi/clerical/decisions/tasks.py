"""Long work of the decisions room, queued in the database."""

from datetime import timedelta
from uuid import UUID

from procrastinate import RetryStrategy

from madoguchi.clerical.decisions.bulk_deciding import work_off
from madoguchi.clerical.decisions.carrying_out import carry_out, queue_what_is_lost
from madoguchi.clerical.decisions.reminding import remind_all
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session

LOST_AFTER = timedelta(minutes=5)


@app.task(name="decisions.approve_many", retry=RetryStrategy(max_attempts=6, linear_wait=3))
def approve_many(municipality_id: int, job_id: str, staff_id: str, items: list[list[object]]) -> None:
    """Approve many drafts one by one; running it again does only what is left."""
    with municipality_session(municipality_id, Sight.ALL):
        work_off(UUID(job_id), staff_id, items, at=clock.now())


@app.task(name="decisions.carry_out", retry=RetryStrategy(max_attempts=3, linear_wait=10))
def carry_out_task(municipality_id: int, draft_id: int) -> None:
    """Move what a decided draft decided on; running it again does nothing that is done."""
    with municipality_session(municipality_id, Sight.ALL):
        carry_out(draft_id=draft_id, at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="decisions.queue_what_is_lost", queueing_lock="decisions.queue_what_is_lost")
def queue_what_is_lost_task(timestamp: int) -> None:  # noqa: ARG001
    """Every five minutes: take up what a killed worker left."""
    for municipality in municipalities():
        with municipality_session(municipality.pk, Sight.ALL):
            queue_what_is_lost(before=clock.now() - LOST_AFTER)


# The queue counts in UTC: seven in the morning in Tokyo.
@app.periodic(cron="0 22 * * *")
@app.task(name="decisions.remind_all", queueing_lock="decisions.remind_all")
def remind_all_task(timestamp: int) -> None:  # noqa: ARG001
    """Every morning: remind whoever holds a draft up for too long."""
    for municipality in municipalities():
        with municipality_session(municipality.pk, Sight.ALL):
            remind_all(at=clock.now())
