"""The stage on which a scenario plays: a database of its own, the real pages, a real worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

Size = Literal["small", "full"]


class Serve(Protocol):
    """Start a web server for the time of a `with`; its address. `settings` are added to the environment."""

    def __call__(
        self, application: str, *, processes: int, settings: dict[str, str]
    ) -> AbstractContextManager[str]: ...


@dataclass(frozen=True)
class Stage:
    """`turn_to(day)` starts pages and worker on that day of the story and returns the portal's address."""

    size: Size
    turn_to: Callable[[date], str]
    serve: Serve


def beside(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def drop_database(server: psycopg.Connection, name: str) -> None:
    """Drop a database with whoever of our own login is still in it. Nothing happens when there is none.

    `WITH (FORCE)` is not used: it also wants to end the server's own vacuum, which only a superuser may.
    """
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        return
    database = sql.Identifier(name)
    server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
    end_sessions(server, name)
    server.execute(sql.SQL("DROP DATABASE {}").format(database))


def end_sessions(server: psycopg.Connection, name: str) -> None:
    """End the sessions of our own login in a database, and theirs alone."""
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        [name],
    )
