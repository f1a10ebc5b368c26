"""Processor time that the processes of a run have used so far, read from Linux's /proc."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICK = 1 / os.sysconf("SC_CLK_TCK")
PARENT, SESSION, USED, USED_BY_ENDED = 1, 3, slice(11, 13), slice(13, 15)
"""Fields of /proc/<pid>/stat after the name, counted from the state."""


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time."""

    web: float
    worker: float
    database: float

    @property
    def total(self) -> float:
        return self.web + self.worker + self.database

    def since(self, former: "Spent") -> "Spent":
        return Spent(self.web - former.web, self.worker - former.worker, self.database - former.database)


def spent(application: str = "config.wsgi") -> Spent:
    """Web processes that serve `application`, workers, and the whole PostgreSQL server, all of this run's database."""
    stats = _stats()
    return Spent(
        _of_sessions(stats, lambda command: b"granian" in command and application.encode() in command),
        _of_sessions(stats, lambda command: command.endswith(b"config.cli\0worker\0")),
        _of_the_server(stats),
    )


def _stats() -> dict[int, list[str]]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[int(folder.name)] = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
    return found


def _of_sessions(stats: dict[int, list[str]], wanted: Callable[[bytes], bool]) -> float:
    """Every process of the terminal sessions whose leader has such a command line and this run's database."""
    leaders = {str(pid) for pid, stat in stats.items() if stat[SESSION] == str(pid) and _is(pid, wanted)}
    return sum(_seconds(stat, USED) for stat in stats.values() if stat[SESSION] in leaders)


def _is(pid: int, wanted: Callable[[bytes], bool]) -> bool:
    address = f"DATABASE_URL={os.environ['DATABASE_URL']}".encode()
    try:
        return wanted(Path(f"/proc/{pid}/cmdline").read_bytes()) and address in Path(
            f"/proc/{pid}/environ"
        ).read_bytes().split(b"\0")
    except OSError:
        return False


def _of_the_server(stats: dict[int, list[str]]) -> float:
    """Sessions, writers and those that have ended; 0 when PostgreSQL runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = stats.get(cursor.fetchone()[0])
    if own is None:
        return 0
    first = own[PARENT]
    ended = _seconds(stats[int(first)], USED) + _seconds(stats[int(first)], USED_BY_ENDED)
    return ended + sum(_seconds(stat, USED) for stat in stats.values() if stat[PARENT] == first)


def _seconds(stat: list[str], fields: slice) -> float:
    return sum(map(int, stat[fields])) * TICK
