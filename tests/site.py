"""A running サンプル市 for the tests that need real pages: its own database, web server and worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import processes
from config.embedded_database import start_embedded_database
from config.scratch import scratch_database

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("MADOGUCHI_VAR", ROOT / "var"))


@dataclass(frozen=True)
class Site:
    """`address` has no slash at its end; `environment` starts further processes on the same database."""

    address: str
    database: str
    environment: dict[str, str]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a madoguchi command on this site."""
        return subprocess.run(
            [sys.executable, "-m", "config.cli", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
        )


@contextmanager
def fresh_database() -> Iterator[tuple[str, dict[str, str]]]:
    """A migrated database on the tests' own server, and the environment of processes that use it."""
    os.environ.setdefault("DATABASE_URL", start_embedded_database(VAR / "test-database"))
    server = os.environ["DATABASE_URL"]
    try:
        with scratch_database() as url:
            name = url.rsplit("/", 1)[-1].split("?")[0]
            yield (
                url,
                os.environ
                | {
                    "DATABASE_URL": url,
                    "DJANGO_SETTINGS_MODULE": "config.settings.serve",
                    "MADOGUCHI_DEMO": "1",
                    "MADOGUCHI_RUN_AS_OWNER": "0",
                    "MADOGUCHI_CLOCK": "2026-11-18",
                    "MADOGUCHI_MAIL_DIR": str(VAR / "test-mail" / name),
                },
            )
    finally:
        os.environ["DATABASE_URL"] = server


@contextmanager
def running_site(residents: int = 400) -> Iterator[Site]:
    """サンプル市 with pages and worker; everything ends with the block."""
    with fresh_database() as (url, environment):
        subprocess.run(
            [sys.executable, "-m", "tests.found_site", str(residents)], cwd=ROOT, env=environment, check=True
        )
        port = processes.free_port()
        running = [
            processes.start(processes.web_command("127.0.0.1", port, 1), environment),
            processes.start(processes.worker_command(), environment),
        ]
        try:
            address = f"http://127.0.0.1:{port}"
            processes.wait_until_it_answers(f"{address}/", running[0])
            yield Site(address, url, environment)
        finally:
            for process in running:
                processes.stop(process)
