"""What is wrong with a package, told so that the person who edits the file can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake: the file, the line (0 when no single line is to blame) and a sentence with the remedy."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file} {self.line}行目" if self.line else self.file
        return f"{place}: {self.sentence}"


class PackageFaults(Exception):
    """Every fault found in a package; a package with one fault is not loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: list[Fault] = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def fault(file: str, line: int, sentence: str) -> PackageFaults:
    """The exception for a single mistake, for places that cannot go on reading."""
    return PackageFaults([Fault(file, line, sentence)])
