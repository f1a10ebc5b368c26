"""Long work of the registry, queued in the database and safe to repeat."""

from datetime import datetime
from uuid import UUID

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.registry import importing


@app.task(name="registry.read_import")
def read_import(municipality_id: int, import_id: str) -> None:
    """Read a file and compare it with the register."""
    code = next(town.code for town in municipalities() if town.pk == municipality_id)
    with municipality_session(municipality_id):
        importing.read(import_id=UUID(import_id), municipality_code=code, at=clock.now())


@app.task(name="registry.apply_import")
def apply_import(municipality_id: int, import_id: str, at: str) -> None:
    """Write the register anew, as of the moment when the button was pressed."""
    with municipality_session(municipality_id):
        importing.apply(import_id=UUID(import_id), at=datetime.fromisoformat(at))
