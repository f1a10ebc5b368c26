"""The processes of one installation: the pages and the worker, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from madoguchi.common.errors import Refusal

BASE_DIR = Path(__file__).resolve().parent.parent


class PortInUse(Refusal):
    def __init__(self, port: int) -> None:
        super().__init__(
            f"ポート {port} はほかのプログラムが使っています。",
            next_step=f"そのプログラムを止めるか、PORT={port + 1} make run のように別の番号を指定してください。",
            code="start.port_in_use",
        )


class DidNotStart(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}が起動しませんでした。",
            next_step="上に出ている文を確かめ、madoguchi doctor を実行してください。",
            code="start.did_not_start",
        )


def refuse_a_used_port(host: str, port: int) -> None:
    """Raise PortInUse when something listens there already."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise PortInUse(port) from error


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


APPLICATION = "config.wsgi:application"


def web_command(host: str, port: int, workers: int, application: str = APPLICATION) -> list[str]:
    """The command line of the web server."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    # A thread holds a database connection: few threads and a queue before them, not many threads.
    options += ["--blocking-threads", "4", "--backpressure", "64", "--log-level", "warning"]
    options += ["--workers-kill-timeout", "3"]
    return [sys.executable, "-m", "granian", *options, application]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "config.cli", "worker"]


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start one process of the installation, outside the terminal's Ctrl-C group: we stop it ourselves."""
    return subprocess.Popen(command, env=environment, cwd=BASE_DIR, start_new_session=True)


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when `url` answers. Raises DidNotStart when the process ends or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise DidNotStart("画面のサーバー")


def stop(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Ask a process to end, and end it with all it has started when it does not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        # Killed alone, the web server would leave its own workers behind, with their database connections.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
