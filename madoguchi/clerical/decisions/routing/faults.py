"""What is wrong with a table of who decides what, told so that the person who edits it can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class TableFault:
    """One mistake: the line of the file, its column ("" for the whole line) and a sentence with the remedy."""

    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.line}行目 {self.column}" if self.column else f"{self.line}行目"
        return f"{place}: {self.sentence}"


class RouteTableFaults(Exception):
    """Every mistake found in a table; a table with one mistake routes nothing."""

    def __init__(self, faults: Iterable[TableFault]) -> None:
        self.faults: list[TableFault] = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
