"""Long work of the subsidies room, in pieces that may be run again."""

from uuid import UUID

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.services.subsidies.letters import prepare_chunk


@app.task(name="subsidies.prepare_letters_chunk")
def prepare_letters_chunk(municipality_id: int, release_id: str, batch_id: int, ids: list[int]) -> None:
    """Set one chunk of letters; running it again does only what is left."""
    with municipality_session(municipality_id, Sight.ALL):
        prepare_chunk(batch_id=batch_id, release_id=UUID(release_id), ids=ids, at=clock.now())
