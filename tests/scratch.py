"""A database of one's own, for tests that start processes or kill them."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from config.embedded_database import start_embedded_database
from tests.template import copied_database


@contextmanager
def scratch_database() -> Iterator[str]:
    """The address of a fresh, migrated database beside the one of the tests; it is dropped afterwards."""
    server = os.environ.get("DATABASE_URL") or start_embedded_database(settings.VAR_DIR / "test-database")
    with copied_database(server, f"scratch_{uuid.uuid4().hex[:12]}") as address:
        yield address


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
