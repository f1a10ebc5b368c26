"""kill -9 of web, worker and database while everybody applies: what was acknowledged exists, once, and nothing else."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import processes
from tests.production.pressing import look_all, press_all, press_until_told, residents
from tests.production.server import Server, own_server
from tests.production.town import cases, environment_on, found, kill, one_mail_each
from tests.site import Site

APPLICANTS = int(os.environ.get("APPLICANTS", "100"))
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


@contextmanager
def town_on(server: Server, mails: Path) -> Iterator[tuple[Site, list[subprocess.Popen[bytes]]]]:
    """サンプル市 on the server, with pages and one worker."""
    environment = environment_on(server, mails)
    found(environment, residents=APPLICANTS * 30)
    site = Site(f"http://127.0.0.1:{processes.free_port()}", server.url, environment, [])
    workers = [processes.start(processes.worker_command(), environment)]
    try:
        site.start_pages()
        yield site, workers
    finally:
        for process in [*site.pages, *workers]:
            processes.stop(process)


def test_what_was_acknowledged_exists_once_and_nothing_else(tmp_path: Path) -> None:
    with own_server() as server, town_on(server, tmp_path / "mails") as (site, workers):
        waiting = residents(site.ask("tests.production.ready_to_press", str(APPLICANTS)))
        assert len(waiting) == APPLICANTS
        look_all(waiting, site.address)
        told = press_all(waiting, lambda _: site.address, strikes(site, workers, server))
        acknowledged = [resident for resident in waiting if resident.number]
        assert told == len(acknowledged)
        assert 0 < told < APPLICANTS, "the strikes must fall among the presses"
        after_the_strikes = cases(site.database)
        for resident in acknowledged:
            assert after_the_strikes[resident.id] == [resident.number]
        press_until_told(waiting, site.address)
        everything = cases(site.database)
        assert {resident.id: [resident.number] for resident in waiting} == {
            resident.id: everything.get(resident.id) for resident in waiting
        }
        # Whoever was cut off after the commit got the number of the case that was there already.
        assert all(everything[id] == numbers for id, numbers in after_the_strikes.items())
        one_mail_each(site.database, waiting, tmp_path / "mails")
        assert "改ざんはありません" in site.run("audit", "verify").stdout


def strikes(site: Site, workers: list[subprocess.Popen[bytes]], server: Server) -> dict[int, object]:
    def web() -> None:
        site.kill_pages()
        site.start_pages()

    def worker() -> None:
        kill(workers)
        workers.append(processes.start(processes.worker_command(), site.environment))

    def database() -> None:
        server.kill()
        server.start()

    return {APPLICANTS // 10: worker, APPLICANTS // 5: database, APPLICANTS // 4: web}
