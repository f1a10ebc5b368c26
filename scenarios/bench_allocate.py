"""利用調整: the whole command from a file to a verified result, beside a plain CP-SAT model of the same definition.

Both are processes of their own and are timed from outside, start-up included. The markets are made up (allocation_markets.py)
in the shapes that the literature and real towns report; a market without a stable outcome is among them.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scenarios.allocation_markets import Market, clubs, nurseries
from scenarios.report import Report
from scenarios.stage import Stage

SEED = 2
UNSTABLE_SEED = 3
PLAIN_SECONDS = 120
SIZES = {
    "small": [("600", 600, 33)],
    "full": [("600", 600, 33), ("1500", 1500, 83), ("3000", 3000, 166), ("8000", 8000, 311)],
}
GOALS = {"600": 1.5, "1500": 2.0, "3000": 3.0, "8000": 8.0, "clubs_5849": 2.0, "8000_unstable": 8.0}
RATIO_GOAL = 0.5
TURNS = 3


@dataclass(frozen=True)
class Files:
    """Where a market and the two results stand."""

    instance: Path
    result: Path
    plain: Path


def play(stage: Stage) -> Report:
    """Every market once by the plain model and three times by the command; the middle time counts."""
    report = Report("allocate")
    report.figures |= {"blocking": 0, "placed_ratio": 1.0}
    with TemporaryDirectory() as folder:
        for name, children, facilities in SIZES[stage.size]:
            files = _written(Path(folder), name, nurseries(children, facilities, SEED))
            ours = _allocate(name, files, stage, report)
            _beside_plain(name, files, ours, report)
        if stage.size == "full":
            files = _written(Path(folder), "clubs", clubs(5849, 80, SEED))
            ours = _allocate("clubs_5849", files, stage, report)
            _beside_plain("clubs_5849", files, ours, report)
            files = _written(Path(folder), "unstable", nurseries(8000, 311, UNSTABLE_SEED))
            _unstable(files, stage, report)
            ratio = report.figures["ratio_8000"]
            report.check(f"ratio_8000 ≤ {RATIO_GOAL}", ratio <= RATIO_GOAL, str(ratio))
    report.figures["load"] = round(os.getloadavg()[0], 1)
    return report


def _written(folder: Path, name: str, market: Market) -> Files:
    files = Files(*(folder / f"{name}-{part}.json" for part in ("instance", "result", "plain")))
    files.instance.write_text(json.dumps(market), encoding="utf-8")
    return files


def _allocate(name: str, files: Files, stage: Stage, report: Report) -> dict[str, Any]:
    """The figures of the command itself, and of the checker on its file."""
    took, told = [], {}
    for _ in range(TURNS):
        began = time.perf_counter()
        told = _command("allocate", str(files.instance), "--out", str(files.result), "--json")
        took.append(time.perf_counter() - began)
    seconds = report.figures[f"seconds_{name}"] = round(statistics.median(took), 2)
    if stage.size == "full":
        report.check(f"seconds_{name} ≤ {GOALS[name]}", seconds <= GOALS[name], str(seconds))
    checked = _command("allocate", "check", str(files.instance), str(files.result), "--json")
    report.check(f"{name}: nothing is violated", checked["violations"] == [])
    same = (checked["placed"], checked["blocking"]) == (told["placed"], told["blocking"])
    report.check(f"{name}: the checker counts the same", same)
    return told


def _command(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "config.cli", *words], capture_output=True, text=True, check=False
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _beside_plain(name: str, files: Files, ours: dict[str, Any], report: Report) -> None:
    """The plain model on the same market. Where it finds a stable outcome, ours must be one and place as many."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "scenarios.allocation_plain"]
    subprocess.run(
        [*command, str(files.instance), str(files.plain), str(PLAIN_SECONDS)], check=True, capture_output=True
    )
    seconds = report.figures[f"plain_seconds_{name}"] = round(time.perf_counter() - began, 2)
    if name == "8000":
        report.figures["ratio_8000"] = round(report.figures["seconds_8000"] / seconds, 3)
    plain = json.loads(files.plain.read_text(encoding="utf-8"))
    proven = plain["status"] in ("OPTIMAL", "INFEASIBLE")
    report.check(f"{name}: the plain model comes to an end", proven, plain["status"])
    if not plain["placed"]:
        report.check(f"{name}: without a stable outcome somebody blocks", ours["blocking"] > 0)
        report.check(f"{name}: the fewest are proven", ours["blocking"] == ours["blocking_bound"])
    else:
        ratio = ours["placed"] / len(plain["placed"])
        report.figures["blocking"] += ours["blocking"]
        report.figures["placed_ratio"] = min(report.figures["placed_ratio"], round(ratio, 6))
        report.check(f"{name}: nobody blocks", ours["blocking"] == 0, str(ours["blocking"]))
        report.check(f"{name}: as many are placed", ratio == 1, f"{ratio:.6f}")
        report.check(f"{name}: proven", ours["proof"] == "optimal", ours["proof"])


def _unstable(files: Files, stage: Stage, report: Report) -> None:
    told = _allocate("8000_unstable", files, stage, report)
    report.figures["blocking_unstable"] = told["blocking"]
    report.figures["blocking_bound_unstable"] = told["blocking_bound"]
    report.check("8000_unstable: somebody blocks", told["blocking"] > 0)
    report.check("8000_unstable: the fewest are proven", told["blocking"] == told["blocking_bound"])
