"""ClamAV's daemon over TCP or a Unix socket: INSTREAM of the protocol of clamd(8)."""

import logging
import re
import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO

from madoguchi.ledgers.office.scanning import CLEAN, Finding, Verdict

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 30.0
_ANSWER = re.compile(r"^stream: (?:(?P<ok>OK)|(?P<name>.+) FOUND|(?P<wrong>.+))$")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clamd:
    """A clamd at `address`: host:port, [v6]:port or /path/of/socket."""

    address: str
    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS

    def scan(self, source: BinaryIO) -> Verdict:
        """One connection a file; whatever goes wrong on the way is UNAVAILABLE, never clean."""
        try:
            with self._connected() as line:
                return verdict_of(self._asked(line, source))
        except (OSError, ValueError) as fault:
            logger.warning("clamd at %s cannot be asked: %s", self.address, fault)
            return Verdict(Finding.UNAVAILABLE, type(fault).__name__)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(self.connect_seconds)
            try:
                line.connect(self.address)
            except OSError:
                line.close()
                raise
        else:
            host, _, port = self.address.rpartition(":")
            line = socket.create_connection((host.strip("[]"), int(port)), self.connect_seconds)
        line.settimeout(self.answer_seconds)
        return line

    def _asked(self, line: socket.socket, source: BinaryIO) -> str:
        try:
            line.sendall(b"zINSTREAM\0")
            while chunk := source.read(CHUNK):
                line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # Over its own limit clamd hangs up in the middle and has then said why.
            logger.warning("clamd at %s hung up while it was told a file", self.address)
        return _answer(line)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = line.recv(1024)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", errors="replace")


def verdict_of(answer: str) -> Verdict:
    """`stream: OK` is clean, `stream: NAME FOUND` is infected; everything else says nothing of the file."""
    found = _ANSWER.match(answer)
    if found is None or found["wrong"]:
        logger.warning("clamd said %r", answer[:200])
        return Verdict(Finding.UNAVAILABLE, answer[:100])
    return CLEAN if found["ok"] else Verdict(Finding.INFECTED, found["name"][:100])
