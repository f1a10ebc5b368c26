"""A migrated database to copy from: making one takes seconds, copying it takes none."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from config.start import migrate
from scenarios.stage import beside, drop_database

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "madoguchi_template_"
LOCK = 7311


def template_of(server: str) -> str:
    """The name of the template that fits this code; made when it is missing, others are dropped."""
    name = PREFIX + _fingerprint()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        known = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        names = {row[0] for row in known}
        for old in names - {name}:
            with suppress(psycopg.Error):
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        if name not in names:
            _make(connection, server, name)
    return name


def _make(connection: psycopg.Connection, server: str, name: str) -> None:
    half = f"half_{name}"
    drop_database(connection, half)
    connection.execute(
        sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(half))
    )
    migrate(beside(server, half))
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
    )


def _fingerprint() -> str:
    """Everything that has a say in how the tables are made."""
    digest = hashlib.sha256()
    for folder in ("madoguchi", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def copied_database(server: str, name: str) -> Iterator[str]:
    """The address of a fresh, migrated database beside the one of the tests; it is dropped afterwards."""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    template = template_of(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    try:
        yield beside(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop_database(connection, name)
