"""Anybody may hand in a file to be verified: it is read in a process of its own that may neither last nor grow.

A PDF made to harm its reader harms a process that ends after it, and never the one that answers everybody.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from threading import BoundedSemaphore

from madoguchi.clerical.notices.verifying import Examined, Verdict, examine

SECONDS = 15
AT_ONCE = BoundedSemaphore(2)
"""More files at a time wait for each other and not for the pages of everybody else."""
BYTES = 1024 * 1024 * 1024


def examine_apart(pdf: bytes, known: Collection[bytes]) -> Examined:
    """As `examine`, in a process of its own. A file that takes too long or too much is unreadable."""
    told = json.dumps([b64encode(each).decode() for each in known]).encode() + b"\n" + pdf
    command = [sys.executable, "-m", __name__]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        with AT_ONCE:
            done = subprocess.run(
                command, input=told, capture_output=True, timeout=SECONDS, check=True, env=environment
            )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return Examined(Verdict.UNREADABLE)
    signed_at = datetime.fromisoformat(answer.pop("signed_at")) if answer["signed_at"] else None
    return Examined(
        Verdict(answer.pop("verdict")),
        signed_at=signed_at,
        signer=answer["signer"],
        fingerprint=answer["fingerprint"],
    )


def _answer() -> None:
    """What the process does: read from the pipe, say what was found, end."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    head, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    found = asdict(examine(pdf, [b64decode(each) for each in json.loads(head)]))
    found["signed_at"] = found["signed_at"].isoformat() if found["signed_at"] else ""
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _answer()
