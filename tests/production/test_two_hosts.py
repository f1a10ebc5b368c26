"""Two hosts, each with pages and a worker, on one server: one of each is killed while people apply."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import processes
from tests.production.hosts import SERVER, Host, hosts
from tests.production.pressing import look_all, press_all, press_until_told, residents
from tests.production.server import own_server
from tests.production.town import cases, environment_on, found, kill, one_mail_each
from tests.site import ROOT, Site

APPLICANTS = 40
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


class Machine:
    """Pages and a worker on one host."""

    def __init__(self, host: Host, environment: dict[str, str]) -> None:
        pages = host.command(processes.web_command("0.0.0.0", 8000, 1))
        self.address = f"http://{host.address}:8000"
        self.pages = [processes.start(pages, environment)]
        self.workers = [processes.start(host.command(processes.worker_command()), environment)]
        processes.wait_until_it_answers(f"{self.address}/", self.pages[0])

    def kill(self) -> None:
        """The host is gone: nothing on it says goodbye."""
        kill(self.pages)
        kill(self.workers)

    def stop(self) -> None:
        for process in [*self.pages, *self.workers]:
            processes.stop(process)


def test_one_host_dies_and_the_other_carries_on(tmp_path: Path) -> None:
    with hosts(2) as (first, second), own_server(SERVER) as server:
        environment = environment_on(server, tmp_path / "mails") | {"MADOGUCHI_HOSTS": "*"}
        found(environment, residents=APPLICANTS * 30)
        told = subprocess.run(
            [sys.executable, "-m", "tests.production.ready_to_press", str(APPLICANTS)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        machines = [Machine(host, environment) for host in (first, second)]
        try:
            carried_on(Site("", server.url, environment, []), machines, told.stdout, tmp_path / "mails")
        finally:
            for machine in machines:
                machine.stop()


def carried_on(site: Site, machines: list[Machine], told: bytes, mails: Path) -> None:
    waiting = residents(json.loads(told))
    assert len(waiting) == APPLICANTS
    for number, machine in enumerate(machines):
        look_all(waiting[number::2], machine.address)
    addresses = [machine.address for machine in machines]
    press_all(waiting, lambda index: addresses[index % 2], {APPLICANTS // 5: machines[0].kill})
    # Sessions and drafts are in the database: whoever was cut off goes on at the other host.
    press_until_told(waiting, addresses[1])
    everything = cases(site.database)
    assert {resident.id: everything[resident.id] for resident in waiting} == {
        resident.id: [resident.number] for resident in waiting
    }
    one_mail_each(site.database, waiting, mails)
    assert "改ざんはありません" in site.run("audit", "verify").stdout
