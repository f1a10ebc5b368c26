"""The municipality as database session: what a connection may see and write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SETTING = "madoguchi.municipality"


def enter_municipality(municipality_id: int | None) -> None:
    """Bind this connection to one municipality, or to none: then it sees and writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('{SETTING}', %s, false)", [str(municipality_id or "")])


def current_municipality_id() -> int | None:
    """The municipality this connection is bound to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_setting('{SETTING}', true)")
        value = cursor.fetchone()[0]
    return int(value) if value else None


@contextmanager
def municipality_session(municipality_id: int) -> Iterator[None]:
    """Work inside one municipality and return to the former binding afterwards."""
    former = current_municipality_id()
    enter_municipality(municipality_id)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            enter_municipality(former)
