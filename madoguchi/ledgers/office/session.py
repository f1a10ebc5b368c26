"""The municipality and the sight of a database session: what a connection may see and write.

A session is bound to one municipality, and to one sight: the rows of protected people (支援措置) are there for
nobody (PLAIN), for everybody with the right and for machine work that must count all (ALL), or for one protection
unit itself (OWN). PostgreSQL keeps both; no question of the product names them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from psycopg.pq import TransactionStatus

SETTING = "madoguchi.municipality"
SIGHT = "madoguchi.sight"
PROTECTION = "madoguchi.protection"


class Sight(StrEnum):
    """Which protected people the session sees."""

    PLAIN = ""
    ALL = "all"
    OWN = "own"


@dataclass(frozen=True)
class Binding:
    """What one connection is bound to."""

    municipality_id: int | None = None
    sight: Sight = Sight.PLAIN
    protection: int | None = None


def bind(binding: Binding) -> None:
    """Bind this connection; everything it was bound to before is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('{SETTING}', %s, false), set_config('{SIGHT}', %s, false),"
            f" set_config('{PROTECTION}', %s, false)",
            [str(binding.municipality_id or ""), str(binding.sight), str(binding.protection or "")],
        )


def binding() -> Binding:
    """What this connection is bound to now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT current_setting('{SETTING}', true), current_setting('{SIGHT}', true),"
            f" current_setting('{PROTECTION}', true)"
        )
        town, sight, unit = cursor.fetchone()
    return Binding(int(town) if town else None, Sight(sight or ""), int(unit) if unit else None)


def enter_municipality(municipality_id: int | None) -> None:
    """Bind this connection to one municipality with plain sight, or to none: then it sees and writes nothing."""
    bind(Binding(municipality_id))


def enter_sight(sight: Sight, protection: int | None = None) -> None:
    """Change what the session sees of protected people; OWN needs the unit."""
    if (sight == Sight.OWN) != (protection is not None):
        raise ValueError("a protection unit belongs to Sight.OWN and to nothing else")
    bind(Binding(binding().municipality_id, sight, protection))


def current_municipality_id() -> int | None:
    """The municipality this connection is bound to."""
    return binding().municipality_id


def current_sight() -> Sight:
    """What the session sees of protected people."""
    return binding().sight


@contextmanager
def municipality_session(
    municipality_id: int, sight: Sight = Sight.PLAIN, protection: int | None = None
) -> Iterator[None]:
    """Work inside one municipality and return to the former binding afterwards."""
    with _bound(Binding(municipality_id, sight, protection)):
        yield


@contextmanager
def full_sight() -> Iterator[None]:
    """A stretch of machine work that must count everybody: numbers, duplicates, allocation, letters, retention.

    What it saw is never shown to a person without the right.
    """
    former = binding()
    if former.sight == Sight.ALL:
        yield
        return
    with _bound(Binding(former.municipality_id, Sight.ALL), former):
        yield


@contextmanager
def plain_sight() -> Iterator[None]:
    """The opposite stretch: what everybody may see, whoever asks. For figures that are published."""
    former = binding()
    with _bound(Binding(former.municipality_id), former):
        yield


@contextmanager
def _bound(wanted: Binding, known: Binding | None = None) -> Iterator[None]:
    former = known or binding()
    bind(wanted)
    try:
        yield
    finally:
        if not _rolls_back():
            bind(former)


def _rolls_back() -> bool:
    """A transaction that must roll back takes the binding made inside it back by itself."""
    if connection.needs_rollback:
        return True
    opened = connection.connection
    return opened is None or opened.info.transaction_status == TransactionStatus.INERROR
