"""What `madoguchi package check|test|load|export|diff` does, without printing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from .coverage import Coverage
from .coverage import coverage as covered
from .examples import ExampleResult, Score, run_example, score_of
from .faults import Fault, PackageFaults
from .folder import files_of, refused_name
from .package import Package, read_package

Also = Callable[[Package], Iterable[Fault]]
"""A further check by a room above, for files this room does not read (scoring.toml, letters)."""


def check(folder: Path, also: Iterable[Also] = ()) -> list[Fault]:
    """Every fault of a package folder; none when it can be loaded."""
    try:
        package = read_package(folder)
    except PackageFaults as error:
        return error.faults
    return sorted(fault for further in also for fault in further(package))


def run_examples(folder: Path, score: Score = score_of) -> list[ExampleResult]:
    """Run the examples of a package, with its points where it has any. Raises PackageFaults."""
    package = read_package(folder)
    return [run_example(package, example, score) for example in package.examples]


def coverage(folder: Path) -> Coverage:
    """What the examples of a package try. Raises PackageFaults."""
    return covered(read_package(folder))


def diff(old: Path | Mapping[str, bytes], new: Path | Mapping[str, bytes]) -> list[str]:
    """What changed between two versions, file by file, in the form of diff -u."""
    before, after = contents(old), contents(new)
    return [line for name in sorted({*before, *after}) for line in file_diff(name, before, after)]


def contents(package: Path | Mapping[str, bytes]) -> Mapping[str, bytes]:
    return files_of(package) if isinstance(package, Path) else package


def file_diff(name: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    if before.get(name) == after.get(name):
        return iter(())
    old, new = (lines_of(files.get(name, b"")) for files in (before, after))
    return unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")


def lines_of(content: bytes) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines()


def export(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a version as a folder that does not exist yet. Raises FileExistsError, PackageFaults."""
    faults = [Fault(name, 0, sentence) for name in files if (sentence := refused_name(name))]
    if faults:
        raise PackageFaults(faults)
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
