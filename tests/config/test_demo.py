"""`madoguchi demo` as a newcomer meets it: it starts, says where, stops with Ctrl-C, and keeps what was entered."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from config import processes
from tests.site import VAR

ROOT = Path(__file__).resolve().parent.parent.parent
OF_THE_TESTS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("fault")]


@contextmanager
def demo(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo, and what it printed until it was ready."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "config.cli",
            "demo",
            "--port",
            str(port),
            "--residents",
            "150",
            "--no-browser",
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
        | {"MADOGUCHI_VAR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed = ""
        assert process.stdout is not None
        while "Ctrl-C" not in printed and (line := process.stdout.readline()):
            printed += line
        yield process, printed
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None


def family_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def stop_with_ctrl_c(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Press Ctrl-C and give back whatever is still alive afterwards."""
    children = family_of(process)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    return psutil.wait_procs(children, timeout=10)[1]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the database's own system user may reach, unlike pytest's private ones."""
    made = VAR / f"test-demo-{uuid.uuid4().hex[:8]}"
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_demo_starts_stops_and_keeps_its_data(folder: Path) -> None:
    port = processes.free_port()
    with demo(folder, port) as (process, printed):
        assert re.search(rf"http://127\.0\.0\.1:{port}/", printed)
        for login in ("madoguchi", "shinsa", "kacho", "joho", "kansa", "kaikei"):
            assert login in printed
        assert "Stops" in printed or "stops" in printed
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/procedures/gakudo-club/", timeout=10).read()
        assert "学童" in page.decode()
        assert stop_with_ctrl_c(process) == []
        assert process.returncode == 0
    with demo(folder, port) as (process, printed):
        assert f":{port}/" in printed
        assert stop_with_ctrl_c(process) == []
