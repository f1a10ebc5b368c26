"""A database of a scenario goes away with whoever of ours is still in it."""

import os
import uuid

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from config.embedded_database import start_embedded_database
from scenarios.stage import beside, drop_database


def test_a_scratch_database_goes_with_its_sessions_and_a_second_time_is_no_error() -> None:
    server = os.environ.get("DATABASE_URL") or start_embedded_database(settings.VAR_DIR / "test-database")
    name = f"gone_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        with psycopg.connect(beside(server, name), autocommit=True) as left_open:
            drop_database(connection, name)
            with pytest.raises(psycopg.OperationalError):
                left_open.execute("SELECT 1")
        drop_database(connection, name)
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    assert known is None
