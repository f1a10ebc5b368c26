"""Runs bandit over the product and refuses every finding that nobody has judged.

`python -m tests.security.findings`. ruff (rules S) judges line by line what both tools know; bandit is asked for the rest, and its
findings are judged by file in `reviewed.toml`, each with the reason why it is no hole.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
REVIEWED = Path(__file__).with_name("reviewed.toml")
PRODUCT = ("madoguchi", "config", "demo", "scenarios")


def reported() -> list[dict[str, Any]]:
    """What bandit says of the product as it lies here."""
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-c", "pyproject.toml", "-r", *PRODUCT]
    said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout)
    assert not said["errors"], said["errors"]
    return list(said["results"])


def unjudged(results: list[dict[str, Any]], reviewed: dict[str, dict[str, str]]) -> list[str]:
    """One line for each finding that stands in no judged file."""
    return [
        f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}"
        for each in results
        if each["filename"].removeprefix("./") not in reviewed.get(each["test_id"], {})
    ]


def main() -> int:
    found = unjudged(reported(), tomllib.loads(REVIEWED.read_text(encoding="utf-8")))
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
