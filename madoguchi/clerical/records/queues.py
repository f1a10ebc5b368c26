"""What is queued for the worker: queued in the transaction that makes it needed, so that neither is without the other."""

from __future__ import annotations

import uuid

from madoguchi.ledgers.office.queue import app


def queue_chunk(municipality_id: int, list_id: uuid.UUID) -> None:
    app.configure_task("records.dispose_chunk").defer(municipality_id=municipality_id, list_id=str(list_id))


def queue_copy(municipality_id: int, copy_id: uuid.UUID) -> None:
    app.configure_task("records.make_copy").defer(municipality_id=municipality_id, copy_id=str(copy_id))
