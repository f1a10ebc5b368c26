"""Nightly work of the registry, queued in the database."""

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.ledgers.registry.protecting import announce_lapsing, end_lapsed_protections


@app.periodic(cron="7 0 * * *")
@app.task(name="registry.look_after_protections")
def look_after_protections(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over
    """Every night, in every municipality: end lapsed protection units and announce those about to lapse."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            end_lapsed_protections(on=now.date(), at=now)
            announce_lapsing(on=now.date(), at=now)
