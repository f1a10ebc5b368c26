"""A database of its own for a scenario, a bench or a test: made, migrated, dropped."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from config.start import find_database, migrate
from scenarios.stage import beside, drop_database


@contextmanager
def scratch_database() -> Iterator[str]:
    """The address of a fresh, migrated database on the same server; dropped at the end whatever happened."""
    server = find_database()
    name = f"madoguchi_scratch_{uuid.uuid4().hex[:12]}"
    url = beside(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        migrate(url)
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop_database(connection, name)
