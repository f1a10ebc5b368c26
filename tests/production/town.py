"""サンプル市 on a server of the tests' own, and what is found in it afterwards."""

import email
import email.policy
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.beside import beside
from tests.production.pressing import Resident
from tests.production.server import Server
from tests.site import ROOT, VAR


def environment_on(server: Server, mails: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": server.url,
        "DJANGO_SETTINGS_MODULE": "config.settings.serve",
        "MADOGUCHI_DEMO": "1",
        "MADOGUCHI_CLOCK": "2026-11-18",
        "MADOGUCHI_MAIL_DIR": str(mails),
        "MADOGUCHI_VAR": str(VAR),
    }


def found(environment: dict[str, str], residents: int) -> None:
    for words, owner in (
        (["django", "migrate", "-v0"], "1"),
        (["tests.found_site", str(residents), "0"], "0"),
    ):
        changed = environment | {"MADOGUCHI_RUN_AS_OWNER": owner}
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=changed, check=True)


def kill(running: list[subprocess.Popen[bytes]]) -> None:
    process = running.pop()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def cases(database: str) -> dict[int, list[str]]:
    """Receipt numbers by applicant, of the families of this test."""
    with beside(database) as connection:
        found: dict[int, list[str]] = {}
        for resident, number in connection.execute(
            "SELECT resident_id, number FROM applications_application"
        ):
            found.setdefault(resident, []).append(number)
    return found


def one_mail_each(database: str, waiting: list[Resident], mails: Path) -> None:
    """The confirmation is queued with the case: one for each, whatever was killed in between."""
    with beside(database) as connection:
        queued = connection.execute(
            "SELECT count(*), count(DISTINCT address) FROM notices_queuedmail"
        ).fetchone()
    assert queued is not None
    assert queued[0] == len(waiting)
    until = time.monotonic() + 300
    while len(list(mails.glob("*.eml"))) < len(waiting) and time.monotonic() < until:
        time.sleep(0.5)
    said = Counter(subjects(mails))
    assert set(said.values()) == {1}
    assert len(said) == len(waiting)


def subjects(mails: Path) -> Iterator[str]:
    for file in mails.glob("*.eml"):
        with file.open("rb") as handle:
            yield str(email.message_from_binary_file(handle, policy=email.policy.default)["Subject"])
