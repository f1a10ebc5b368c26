"""What the office looks at and tidies by itself. Times of the queue are UTC."""

from madoguchi.ledgers.office import backup, clock, health
from madoguchi.ledgers.office.models import Municipality
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.rates import forget_old_windows
from madoguchi.ledgers.office.session import Sight, municipality_session


@app.periodic(cron="12 3 * * *")
@app.task(name="office.forget_rates", queueing_lock="office.forget_rates")
def forget_rates(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over
    """Every night: forget who asked for what how often."""
    for town in municipalities():
        with municipality_session(town.pk):
            forget_old_windows(at=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="office.look_at_connectors", queueing_lock="office.look_at_connectors")
def look_at_connectors(timestamp: int) -> None:  # noqa: ARG001
    """Every quarter of an hour: call each connector cheaply and keep what it said."""
    for town in municipalities():
        with municipality_session(town.pk):
            health.look_at_all(town, at=clock.now())


@app.periodic(cron="41 17 * * *")
@app.task(name="office.verify_chains", queueing_lock="office.verify_chains")
def verify_chains(timestamp: int) -> None:  # noqa: ARG001
    """Every night: re-compute the chain of every municipality."""
    for town in municipalities():
        with municipality_session(town.pk):
            health.verify_and_note(town, at=clock.now())


@app.task(name="office.export_town")
def export_town(municipality_id: int) -> None:
    """Write one municipality to its file."""
    with municipality_session(municipality_id, Sight.ALL):
        backup.export_now(Municipality.objects.get(pk=municipality_id), at=clock.now())
