"""Long work of the webhooks room, queued in the database."""

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.webhooks import delivering


@app.task(name="webhooks.deliver")
def deliver(municipality_id: int, notice_ids: list[int]) -> None:
    """Send one chunk; running it again does only what is left. Plain sight: hidden cases are not told."""
    with municipality_session(municipality_id):
        for notice_id in notice_ids:
            delivering.deliver(notice_id, at=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="webhooks.resume", queueing_lock="webhooks.resume")
def resume(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes, take up what a crash has left behind."""
    for municipality in municipalities():
        with municipality_session(municipality.pk):
            delivering.resume(at=clock.now())
