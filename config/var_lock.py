"""One demo at a time in one data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from madoguchi.common.errors import Refusal


class AlreadyRunning(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} の見本の市はもう動いています。",
            next_step="動いているほうを使うか、Ctrl-C で止めてからもう一度実行してください。",
            code="start.already_running",
        )


class FolderNotWritable(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"データの置き場所 {folder} に書き込めません。",
            next_step="書き込める場所を MADOGUCHI_VAR で指定してください。",
            code="start.folder_not_writable",
        )


@contextmanager
def only_one_demo(folder: Path) -> Iterator[None]:
    """Hold the data folder. Raises AlreadyRunning and FolderNotWritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "running.lock").open("w")
    except OSError as error:
        raise FolderNotWritable(folder) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(folder) from error
        yield
