"""Work of the room that nobody has to press a button for."""

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.procedures.publishing import go_live_due


@app.periodic(cron="2 * * * *")
@app.task(name="procedures.go_live")
def go_live(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every hour: use the versions that were published for this day, in every municipality."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk):
            go_live_due(at=now)
