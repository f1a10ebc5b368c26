"""The dry twin of a virus scanner: it knows the harmless test file of the trade (EICAR) and nothing else."""

import io
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from madoguchi.ledgers.office.scanning import CLEAN, Finding, Verdict

# In two halves, so that a scanner on the machine of a developer does not take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"
DEEPEST = 2
LARGEST_MEMBER = 32 * 1024 * 1024


@dataclass(frozen=True)
class DryScanner:
    """Finds EICAR in a file, also inside ZIP, Word and Excel files."""

    def scan(self, source: BinaryIO) -> Verdict:
        return Verdict(Finding.INFECTED, NAME) if holds_eicar(source.read()) else CLEAN


def holds_eicar(body: bytes, depth: int = 0) -> bool:
    """Does the test file stand in these bytes, or packed in them?"""
    if EICAR in body:
        return True
    if depth >= DEEPEST or not body.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return any(holds_eicar(_part(archive, part), depth + 1) for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, OverflowError):
        return False


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as member:
        return member.read(LARGEST_MEMBER)
