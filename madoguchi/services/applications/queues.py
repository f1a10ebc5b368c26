"""How long work of this room gets into the queue, by name: the tasks import the actions, not the other way round."""

import uuid
from typing import Any

from madoguchi.ledgers.office.queue import app


def begin_work(municipality_id: int, bulk_id: uuid.UUID) -> None:
    """Queue a bulk with the transaction that orders it."""
    app.configure_task("applications.work_bulk").defer(municipality_id=municipality_id, bulk_id=str(bulk_id))


def begin_export(municipality_id: int, job_id: uuid.UUID, told: dict[str, Any]) -> None:
    """Queue an export with the transaction that orders it."""
    app.configure_task("applications.export").defer(
        municipality_id=municipality_id, job_id=str(job_id), told=told
    )


def begin_core_export(municipality_id: int, press: uuid.UUID, told: dict[str, Any]) -> None:
    """Queue a large file for a core system with the transaction that orders it."""
    app.configure_task("applications.core_export").defer(
        municipality_id=municipality_id, press=str(press), told=told
    )
