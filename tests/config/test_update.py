"""What the first release wrote is there, and can be found, after an update."""

import json
import os
import uuid

import psycopg
from django.conf import settings
from psycopg import sql

from config.embedded_database import start_embedded_database
from config.start import migrate
from scenarios.stage import beside, drop_database
from tests.scratch import run_python, running_on


def test_rows_of_the_first_release_can_be_found_after_an_update() -> None:
    server = os.environ.get("DATABASE_URL") or start_embedded_database(settings.VAR_DIR / "test-database")
    name = f"older_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        empty = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
        connection.execute(empty.format(sql.Identifier(name)))
        try:
            address = beside(server, name)
            run_python("-m", "tests.config.older_rows", env=running_on(address, MADOGUCHI_RUN_AS_OWNER="1"))
            migrate(address)
            told = json.loads(run_python("-m", "tests.config.after_update", env=running_on(address)))
        finally:
            drop_database(connection, name)
    assert {"applications.tidy_ledger", "registry.enter_given_names"} <= set(told["queued"])
    assert told["live"] == "2026-04"
    assert (told["cases"], told["stopped"]) == (["GK0000012"], [True])
    assert len(told["people"]) == 1
