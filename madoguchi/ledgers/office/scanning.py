"""What the ledgers need from outside before a file is kept: a virus scanner. A connector is plugged in at start."""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol


class Finding(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Verdict:
    """What a scanner says of a file; `name` is the malware found, or why nothing could be said."""

    finding: Finding
    name: str = ""


CLEAN = Verdict(Finding.CLEAN)


class Scanner(Protocol):
    """A virus scanner. It never raises: a scanner that cannot be reached says UNAVAILABLE."""

    def scan(self, source: BinaryIO) -> Verdict:
        """Look through a file from its present position to its end."""


class NoScanner:
    """Nothing is plugged in: every file waits, none is taken for clean."""

    def scan(self, source: BinaryIO) -> Verdict:  # noqa: ARG002
        return Verdict(Finding.UNAVAILABLE, "no scanner is plugged in")


_plugged: list[Scanner] = [NoScanner()]


def plug_scanner(connector: Scanner) -> None:
    """Say which scanner looks at files; the last word counts."""
    _plugged[:] = [connector]


def scanned(body: bytes) -> Verdict:
    """What the plugged scanner says of these bytes."""
    return _plugged[0].scan(io.BytesIO(body))


def scanned_file(source: BinaryIO) -> Verdict:
    """What the plugged scanner says of an open file, which is left at its beginning."""
    source.seek(0)
    try:
        return _plugged[0].scan(source)
    finally:
        source.seek(0)
