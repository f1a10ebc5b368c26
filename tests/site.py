"""A running サンプル市 for the tests that need real pages: its own database, web server and worker."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import processes
from config.embedded_database import start_embedded_database
from tests.template import copied_database

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("MADOGUCHI_VAR", ROOT / "var"))


@dataclass(frozen=True)
class Site:
    """`address` has no slash at its end; `environment` starts further processes on the same database."""

    address: str
    database: str
    environment: dict[str, str]
    pages: list[subprocess.Popen[bytes]]

    def ask(self, module: str, *words: str) -> Any:
        """What a module prints as JSON when it runs as a process of this site."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def kill_pages(self) -> None:
        """End the web server as a power cut would: no goodbye to anybody."""
        page_server = self.pages.pop()
        os.killpg(page_server.pid, signal.SIGKILL)
        page_server.wait()

    def start_pages(self) -> None:
        """Start the web server, again at the same address."""
        port = int(self.address.rsplit(":", 1)[1])
        self.pages.append(processes.start(processes.web_command("127.0.0.1", port, 1), self.environment))
        processes.wait_until_it_answers(f"{self.address}/", self.pages[-1])

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
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_embedded_database(VAR / "test-database")
    server = os.environ["DATABASE_URL"]
    try:
        name = f"madoguchi_scratch_{uuid.uuid4().hex[:12]}"
        with copied_database(server, name) as url:
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
def running_site(residents: int = 1000) -> Iterator[Site]:
    """サンプル市 with pages and worker; everything ends with the block."""
    with fresh_database() as (url, environment):
        subprocess.run(
            [sys.executable, "-m", "tests.found_site", str(residents)], cwd=ROOT, env=environment, check=True
        )
        site = Site(f"http://127.0.0.1:{processes.free_port()}", url, environment, [])
        worker = processes.start(processes.worker_command(), environment)
        try:
            site.start_pages()
            yield site
        finally:
            for process in [*site.pages, worker]:
                processes.stop(process)
