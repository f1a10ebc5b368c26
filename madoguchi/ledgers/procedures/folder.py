"""The files of a package, taken from a folder nobody has to trust."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from .faults import Fault, PackageFaults

MAX_FILES = 200
MAX_FILE = 2 * 1024 * 1024
MAX_TOTAL = 10 * 1024 * 1024
"""Bytes; the largest of our own packages has 0.2 MB."""

SUFFIXES = frozenset({".toml", ".csv", ".typ", ".md", ".txt", ".svg", ".png"})
PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
MAX_DEPTH = 3


def files_of(folder: Path) -> dict[str, bytes]:
    """Contents by path inside the folder. Raises PackageFaults for links, strange names and sizes."""
    if not folder.is_dir():
        raise PackageFaults([Fault(str(folder), 0, "フォルダがありません。場所を確かめてください。")])
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for path in found_in(folder):
        name = path.relative_to(folder).as_posix()
        sentence = refused(path) or refused_name(name)
        if sentence:
            faults.append(Fault(name, 0, sentence))
        else:
            files[name] = path.read_bytes()
    if faults:
        raise PackageFaults(faults)
    return files


def found_in(folder: Path) -> Iterator[Path]:
    """Everything but hidden files, at most a little over the limit, so that a huge folder is not walked."""
    seen = 0
    for path in folder.rglob("*"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.is_symlink() or not path.is_dir():
            seen += 1
            yield path
        if seen > MAX_FILES + 1:
            return


def refused(path: Path) -> str:
    """Why a file cannot be taken, or nothing."""
    if path.is_symlink():
        return "リンクは使えません。ファイルそのものを置いてください。"
    if not path.is_file():
        return "ふつうのファイルではありません。取り除いてください。"
    if path.stat().st_size > MAX_FILE:
        return f"{MAX_FILE // 1024 // 1024}MB を超えています。小さくしてください。"
    return ""


def refused_name(name: str) -> str:
    """Why a path cannot belong to a package, or nothing. Paths may come from an archive of another town."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        return "パッケージの外を指す名前は使えません。"
    if len(path.parts) > MAX_DEPTH or not all(PART.fullmatch(part) for part in path.parts):
        return "ファイル名は英数字と . _ - だけで、3階層までにしてください。"
    if path.suffix not in SUFFIXES:
        return f"この種類のファイルは置けません。置けるのは {'、'.join(sorted(SUFFIXES))} です。"
    return ""


def refuse_unfit(files: Mapping[str, bytes]) -> None:
    """The same limits for files that did not come from a folder. Raises PackageFaults."""
    faults = [Fault(name, 0, sentence) for name in files if (sentence := refused_name(name))]
    faults += [
        Fault(name, 0, f"{MAX_FILE // 1024 // 1024}MB を超えています。小さくしてください。")
        for name, content in files.items()
        if len(content) > MAX_FILE
    ]
    if len(files) > MAX_FILES:
        faults.append(Fault("", 0, f"ファイルが{MAX_FILES}個を超えています。減らしてください。"))
    if sum(map(len, files.values())) > MAX_TOTAL:
        faults.append(
            Fault("", 0, f"全体で{MAX_TOTAL // 1024 // 1024}MB を超えています。小さくしてください。")
        )
    if faults:
        raise PackageFaults(faults)


def sha256_of(files: Mapping[str, bytes]) -> str:
    """The fingerprint of a version: every path and content in the order of the paths."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()
