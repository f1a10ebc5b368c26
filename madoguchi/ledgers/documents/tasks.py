"""Work of the documents room that goes on by itself."""

from madoguchi.ledgers.documents.scanning import scan_waiting
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session


@app.periodic(cron="* * * * *")
@app.task(name="documents.scan_waiting", queueing_lock="documents.scan_waiting")
def scan_waiting_files(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over
    """Every minute, in every municipality: look at the files that came while no scanner answered."""
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            scan_waiting(at=clock.now())
