"""Work of the office room that goes on by itself."""

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.rates import forget_old_windows
from madoguchi.ledgers.office.session import municipality_session


@app.periodic(cron="12 3 * * *")
@app.task(name="office.forget_rates", queueing_lock="office.forget_rates")
def forget_rates(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over
    """Every night: forget who asked for what how often."""
    for town in municipalities():
        with municipality_session(town.pk):
            forget_old_windows(at=clock.now())
