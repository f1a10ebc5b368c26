"""What a newcomer reads when something is wrong: one sentence, the remedy, an exit code."""

import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from config import cli, embedded_database, processes
from config.database import DatabaseAddressUnreadable, check_database, database_settings, without_password
from config.embedded_database import DataFolderDamaged, DiskFull, start_embedded_database
from config.secret import secret_key
from config.var_lock import AlreadyRunning, FolderNotWritable, only_one_demo

ROOT = Path(__file__).resolve().parent.parent.parent


def madoguchi(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.cli", *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_port_in_use__names_the_port_and_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = madoguchi("demo", "--port", str(port))
    assert done.returncode == 2
    assert (
        f"ポート {port} はほかのプログラムが使っています。そのプログラムを止めるか、PORT={port + 1} make run"
        in done.stderr
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://:bad port@/", "sqlite:///x.db"])
def test_wrong_database_url__is_refused_without_showing_the_password(url: str) -> None:
    done = madoguchi("demo", "--port", str(processes.free_port()), DATABASE_URL=url)
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_database_that_does_not_answer__is_named() -> None:
    url = f"postgresql://someone:secret@127.0.0.1:{processes.free_port()}/x"
    done = madoguchi("migrate", DATABASE_URL=url)
    assert done.returncode == 2
    assert "に接続できません" in done.stderr
    assert "secret" not in done.stderr


def test_password_never_shown() -> None:
    assert without_password("postgresql://a:b@c/d") == "postgresql://a:***@c/d"


def test_only_postgresql() -> None:
    with pytest.raises(DatabaseAddressUnreadable):
        database_settings("mysql://x")


def test_the_test_server_is_new_enough() -> None:
    from django.db import connection

    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"]["host"]
    login = f"{known['USER']}:{known['PASSWORD']}@" if known["PASSWORD"] else f"{known['USER']}@"
    assert check_database(f"postgresql://{login}/postgres?host={host}&port={known['PORT'] or 5432}") >= 150000


def test_damaged_data_folder__is_said_before_anything_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "database"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    with pytest.raises(DataFolderDamaged, match="global/pg_control"):
        start_embedded_database(folder)
    assert sorted(entry.name for entry in folder.iterdir()) == ["PG_VERSION"]


def test_full_disk__is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(embedded_database.shutil, "disk_usage", lambda _: usage(10, 10, 5 * 1024 * 1024))
    with pytest.raises(DiskFull, match="5 MB"):
        start_embedded_database(tmp_path / "database")
    assert not (tmp_path / "database").exists()


def test_second_demo_in_one_folder__is_refused(tmp_path: Path) -> None:
    with only_one_demo(tmp_path), pytest.raises(AlreadyRunning), only_one_demo(tmp_path):
        pass


def test_data_folder_that_is_a_file__is_refused(tmp_path: Path) -> None:
    file = tmp_path / "var"
    file.write_text("")
    with pytest.raises(FolderNotWritable), only_one_demo(file):
        pass


def test_reset_never_drops_somebodys_own_database(tmp_path: Path) -> None:
    done = madoguchi(
        "demo",
        "--reset",
        "--port",
        str(processes.free_port()),
        DATABASE_URL="postgresql://x@127.0.0.1/y",
        MADOGUCHI_VAR=str(tmp_path),
    )
    assert done.returncode == 2
    assert "--reset で消しません" in done.stderr


def test_secret_key__is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert secret_key(tmp_path) == key
    assert len(key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--help"])
        assert ended.value.code == 0
    assert "madoguchi" in capsys.readouterr().out
