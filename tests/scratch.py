"""A database of one's own, for tests that start processes or kill them."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql

from config.embedded_database import start_embedded_database


@contextmanager
def scratch_database() -> Iterator[str]:
    """The address of a fresh, migrated database beside the one of the tests; it is dropped afterwards."""
    server = os.environ.get("DATABASE_URL") or start_embedded_database(settings.VAR_DIR / "test-database")
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
        )
        try:
            address = urlsplit(server)._replace(path=f"/{name}").geturl()
            run_python(
                "-m",
                "django",
                "migrate",
                "-v0",
                "--skip-checks",
                env=running_on(address, MADOGUCHI_RUN_AS_OWNER="1"),
            )
            yield address
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def running_on(address: str, **changes: str) -> dict[str, str]:
    """The environment of a process of the product on this database, under the running role."""
    root = str(settings.BASE_DIR)
    known = {"DJANGO_SETTINGS_MODULE": "config.settings.base", "DATABASE_URL": address, "PYTHONPATH": root}
    known |= {"MADOGUCHI_SECRET_KEY": "tests-only", "MADOGUCHI_VAR": str(settings.VAR_DIR)}
    return {**os.environ, **known, **changes}


def run_python(*arguments: str, env: dict[str, str], killed: bool = False) -> str:
    """What the process printed. It must end well, or, with `killed`, by SIGKILL."""
    done = subprocess.run(
        [sys.executable, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == (-9 if killed else 0), done.stderr[-3000:]
    return done.stdout
