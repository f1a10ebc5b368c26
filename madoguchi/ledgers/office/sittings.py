"""The row of the session that the door has already brought along: asked once a request, with the municipality."""

from collections.abc import Sequence
from typing import Any

from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS

from madoguchi.ledgers.office.remembering import remember, remembered

SITTING = ("session_key", "session_data", "expire_date")


def remember_sitting(key: str, told: Sequence[Any] | None) -> None:
    """Keep what the door was told of the session with this key; None when there is none that is not over."""
    remember(("sitting", key), (told,))


def sitting_at_the_door(key: str) -> tuple[Session | None] | None:
    """The session with this key in a tuple of one, or None where the door was not asked for it.

    It is given once: who writes the session and reads it again in the same request must see what was written.
    """
    found = remembered(("sitting", key))
    if found is None:
        return None
    remember(("sitting", key), None)
    (told,) = found
    return (Session.from_db(DEFAULT_DB_ALIAS, SITTING, told) if told else None,)
