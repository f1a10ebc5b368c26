"""Long and nightly work on case files, in pieces that may be run again."""

import uuid

from madoguchi.clerical.records.closing import close_past_years
from madoguchi.clerical.records.copying import drop_expired_copies, make_copy
from madoguchi.clerical.records.disposing import dispose_chunk
from madoguchi.clerical.records.readable import check_readable_files
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session


@app.task(name="records.dispose_chunk")
def dispose_chunk_task(municipality_id: int, list_id: str) -> None:
    """Dispose of the next files of a decided list; the chunk queues its successor itself."""
    with municipality_session(municipality_id, Sight.ALL):
        dispose_chunk(list_id=uuid.UUID(list_id), at=clock.now())


@app.task(name="records.make_copy")
def make_copy_task(municipality_id: int, copy_id: str) -> None:
    """Make a copy for the member of staff who ordered it; a failed one says why in the job."""
    with municipality_session(municipality_id):
        make_copy(copy_id=uuid.UUID(copy_id), at=clock.now())


@app.periodic(cron="53 1 * * *")
@app.task(name="records.close_past_years")
def close_past_years_task(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over; the office has its own clock
    """Every night: close past years' files, see that old ones can be read, forget unfetched copies, in every town."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            close_past_years(at=now)
            check_readable_files(at=now)
            drop_expired_copies(at=now)
