"""How soon a newcomer sees a page: the first start of the demo, and the second with its data kept."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scenarios.report import Report
from scenarios.stage import Stage

ROOT = Path(__file__).resolve().parent.parent
SECOND_START_SECONDS = 10
OF_THIS_RUN = {"DATABASE_URL", "MADOGUCHI_MAIL_DIR", "MADOGUCHI_CLOCK"}


def play(stage: Stage) -> Report:
    """Start twice in a data folder of its own; the yardstick is the embedded PostgreSQL alone."""
    report = Report("start")
    folder = ROOT / "var" / f"bench-start-{os.getpid()}"
    residents = 3000 if stage.size == "full" else 300
    try:
        report.figures["first_start_seconds"] = _start(folder, residents)
        report.figures["second_start_seconds"] = second = _start(folder, residents)
        report.figures["database_alone_seconds"] = _database_alone(folder)
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=False)
    report.check(f"the second start answers within {SECOND_START_SECONDS} s", second < SECOND_START_SECONDS)
    return report


def _start(folder: Path, residents: int) -> float:
    began = time.monotonic()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "config.cli",
            "demo",
            "--port",
            "0",
            "--no-browser",
            "--residents",
            str(residents),
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in OF_THIS_RUN}
        | {"MADOGUCHI_VAR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            break
    seconds = round(time.monotonic() - began, 1)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    return seconds


def _database_alone(folder: Path) -> float:
    began = time.monotonic()
    start = "from pathlib import Path; from config.embedded_database import start_embedded_database as s; import sys;"
    subprocess.run(
        [sys.executable, "-c", f"{start} s(Path(sys.argv[1]))", str(folder / "database")],
        cwd=ROOT,
        check=True,
    )
    return round(time.monotonic() - began, 1)
