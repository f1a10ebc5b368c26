"""Long and nightly work of the registry, queued in the database and safe to repeat."""

from datetime import datetime
from uuid import UUID

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.ledgers.registry import importing
from madoguchi.ledgers.registry.import_forgetting import forget_unfinished_imports
from madoguchi.ledgers.registry.older_names import key_given_names
from madoguchi.ledgers.registry.protecting import announce_lapsing, end_lapsed_protections


@app.task(name="registry.read_import")
def read_import(municipality_id: int, import_id: str) -> None:
    """Read a file and compare it with the register."""
    code = next(town.code for town in municipalities() if town.pk == municipality_id)
    with municipality_session(municipality_id, Sight.ALL):
        importing.read(import_id=UUID(import_id), municipality_code=code, at=clock.now())


@app.task(name="registry.apply_import")
def apply_import(municipality_id: int, import_id: str, at: str) -> None:
    """Write the register anew, as of the moment when the button was pressed."""
    with municipality_session(municipality_id, Sight.ALL):
        importing.apply(import_id=UUID(import_id), at=datetime.fromisoformat(at))


@app.task(name="registry.enter_given_names")
def enter_given_names(municipality_id: int) -> None:
    """Enter the keys that residents from before an update lack, in pieces; repeatable."""
    with municipality_session(municipality_id, Sight.ALL):
        last = key_given_names()
        while last:
            last = key_given_names(last)


@app.periodic(cron="7 0 * * *")
@app.task(name="registry.look_after_protections")
def look_after_protections(timestamp: int) -> None:  # noqa: ARG001  the queue hands it over
    """Every night, in every municipality: end lapsed protection units, announce those about to lapse, and forget
    imports that nobody finished."""
    now = clock.now()
    for town in municipalities():
        with municipality_session(town.pk, Sight.ALL):
            end_lapsed_protections(on=now.date(), at=now)
            announce_lapsing(on=now.date(), at=now)
            forget_unfinished_imports(at=now)
