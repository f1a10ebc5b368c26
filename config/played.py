"""How scenarios and benches are played: a scratch database, the pages, a worker, one line of JSON."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from config.processes import free_port, start, stop, wait_until_it_answers, web_command, worker_command
from config.scratch import scratch_database
from config.start import SETTINGS, enter_django, var_dir
from madoguchi.common.errors import Refusal
from scenarios.stage import Stage

WORKERS = 2
Catalogue = Mapping[str, tuple[str, str]]


class Unknown(Refusal):
    def __init__(self, name: str, catalogue: Catalogue) -> None:
        super().__init__(
            f"「{name}」という物語・測定はありません。",
            next_step=f"次のどれかを指定してください: {'、'.join(catalogue)}",
            code="played.unknown",
        )


def arguments(parser: argparse.ArgumentParser, *, sizes_default: str) -> None:
    parser.add_argument("what", choices=["list", "run"])
    parser.add_argument("name", nargs="?")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--json", action="store_true", help="最後の行に JSON を1つ出す")
    parser.add_argument("--size", choices=["small", "full"], default=sizes_default)


def run(options: argparse.Namespace, catalogue: Catalogue) -> int:
    """List or play; exit code 0 only when everything played passed."""
    if options.what == "list":
        print("\n".join(f"{name}\t{about}" for name, (_, about) in catalogue.items()))
        return 0
    names = list(catalogue) if options.all else [options.name]
    for name in names:
        if name not in catalogue:
            raise Unknown(str(name), catalogue)
    if len(names) == 1:
        return _play(names[0], catalogue, options)
    results = [_play_apart(name, options) for name in names]
    return 0 if all(result == 0 for result in results) else 1


def _play_apart(name: str, options: argparse.Namespace) -> int:
    flags = ["--size", options.size] + (["--json"] if options.json else [])
    command = [sys.executable, "-m", "config.cli", options.command, "run", name, *flags]
    return subprocess.run(command, check=False).returncode


def _play(name: str, catalogue: Catalogue, options: argparse.Namespace) -> int:
    from scenarios.catalogue import load

    with scratch_database() as url, stage(url, options.size) as scene:
        report = load(catalogue[name])(scene)
        _leave_the_database()
    print(report.as_text(), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(report.as_json())
    return 0 if report.passed else 1


@contextmanager
def stage(url: str, size: str) -> Iterator[Stage]:
    """Real pages and a real worker on one database, on the days of the story; both end with it."""
    os.environ |= {
        "DATABASE_URL": url,
        "MADOGUCHI_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        # A bench is one clerk at the speed of a machine: still counted, never refused.
        "MADOGUCHI_RATE_FACTOR": os.environ.get("MADOGUCHI_RATE_FACTOR", "100000"),
        "MADOGUCHI_MAIL_DIR": str(var_dir() / "scratch-mail" / url.rsplit("/", 1)[-1].split("?")[0]),
    }
    enter_django()
    running: list[subprocess.Popen[bytes]] = []
    try:
        yield Stage("full" if size == "full" else "small", lambda day: _turn_to(day, running), _serve)
    finally:
        _stop_all(running)


def _turn_to(day: date, running: list[subprocess.Popen[bytes]]) -> str:
    _stop_all(running)
    port = free_port()
    environment = os.environ | {"MADOGUCHI_CLOCK": day.isoformat()}
    running.append(start(web_command("127.0.0.1", port, 2), environment))
    running += [start(worker_command(), environment) for _ in range(WORKERS)]
    address = f"http://127.0.0.1:{port}"
    wait_until_it_answers(f"{address}/", running[0], 180)
    return address


@contextmanager
def _serve(application: str, *, processes: int, settings: dict[str, str]) -> Iterator[str]:
    port = free_port()
    server = start(web_command("127.0.0.1", port, processes, application), os.environ | settings)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/", server, 180)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(server)


def _stop_all(running: list[subprocess.Popen[bytes]]) -> None:
    while running:
        stop(running.pop())


def _leave_the_database() -> None:
    from django.db import connections

    connections.close_all()
