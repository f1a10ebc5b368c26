"""Cases from before there was a search: after an update of the tables the worker enters what can be found of them."""

from typing import Any

from madoguchi.ledgers.office.queries import municipalities
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.session import Sight, municipality_session
from madoguchi.services.applications.searching import without_search_text


def queue_search_texts(using: str = "default", **_: Any) -> None:
    """Queue the nightly work now where a case cannot be found; nothing where every case can."""
    for town in municipalities() if using == "default" else ():
        with municipality_session(town.pk, Sight.ALL):
            lacking = without_search_text().exists()
        if lacking:
            app.configure_task("applications.tidy_ledger").defer(timestamp=0)
            return
