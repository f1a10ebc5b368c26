"""The municipality and the sight of a database session: what a connection may see and write.

A session is bound to one municipality, and to one sight: the rows of protected people (支援措置) are there for
nobody (PLAIN), for everybody with the right and for machine work that must count all (ALL), or for one protection
unit itself (OWN). PostgreSQL keeps both; no question of the product names them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from psycopg.pq import TransactionStatus

from madoguchi.ledgers.office.prepared import run

SETTING = "madoguchi.municipality"
SIGHT = "madoguchi.sight"
PROTECTION = "madoguchi.protection"
ALL_OF_IT = ", ".join(f"set_config('{name}', %s, false)" for name in (SETTING, SIGHT, PROTECTION))
BIND = "SELECT " + ", ".join(
    f"set_config('{name}', ${place}, false)" for place, name in enumerate((SETTING, SIGHT, PROTECTION), 1)
)
AS_IT_STANDS = ", ".join(f"current_setting('{name}', true)" for name in (SETTING, SIGHT, PROTECTION))


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
    run(BIND, _told(binding))


def _told(binding: Binding) -> list[str]:
    return [str(binding.municipality_id or ""), str(binding.sight), str(binding.protection or "")]


def binding() -> Binding:
    """What this connection is bound to now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {AS_IT_STANDS}")
        return _read(cursor.fetchone())


def _exchange(changes: str, told: Sequence[object]) -> Binding:
    """Change the binding and say what it was, in one question: PostgreSQL works a SELECT list out from left to right."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {AS_IT_STANDS}, {changes}", [str(each or "") for each in told] or None)
        return _read(cursor.fetchone()[:3])


def _read(row: Sequence[str | None]) -> Binding:
    town, sight, unit = row
    return Binding(int(town) if town else None, Sight(sight or ""), int(unit) if unit else None)


def enter_municipality(municipality_id: int | None) -> None:
    """Bind this connection to one municipality with plain sight, or to none: then it sees and writes nothing."""
    bind(Binding(municipality_id))


def enter_sight(sight: Sight, protection: int | None = None) -> None:
    """Change what the session sees of protected people; OWN needs the unit."""
    if (sight == Sight.OWN) != (protection is not None):
        raise ValueError("a protection unit belongs to Sight.OWN and to nothing else")
    _exchange(f"set_config('{SIGHT}', %s, false), set_config('{PROTECTION}', %s, false)", [sight, protection])


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
    with _bound(ALL_OF_IT, _told(Binding(municipality_id, sight, protection))):
        yield


@contextmanager
def full_sight() -> Iterator[None]:
    """A stretch of machine work that must count everybody: numbers, duplicates, allocation, letters, retention.

    What it saw is never shown to a person without the right.
    """
    with _bound(f"set_config('{SIGHT}', 'all', false), set_config('{PROTECTION}', '', false)"):
        yield


@contextmanager
def plain_sight() -> Iterator[None]:
    """The opposite stretch: what everybody may see, whoever asks. For figures that are published."""
    with _bound(f"set_config('{SIGHT}', '', false), set_config('{PROTECTION}', '', false)"):
        yield


@contextmanager
def _bound(changes: str, told: Sequence[object] = ()) -> Iterator[None]:
    former = _exchange(changes, told)
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
