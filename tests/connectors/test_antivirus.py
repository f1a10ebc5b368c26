"""The virus scanner: the dry twin, and clamd against a counterpart that speaks its protocol."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.commands import doctor
from madoguchi.connectors.apps import chosen_scanner
from madoguchi.connectors.clamd import Clamd, verdict_of
from madoguchi.connectors.dry_antivirus import EICAR, DryScanner
from madoguchi.ledgers.office.errors import ScannerUnknown
from madoguchi.ledgers.office.scanning import Finding, Verdict, plug_scanner
from tests.ledgers.documents import files


class Counterpart:
    """Speaks INSTREAM as clamd(8) describes it, over a listening socket."""

    def __init__(self, listening: socket.socket, *, limit: int = 1 << 20, mute: bool = False) -> None:
        self.listening, self.limit, self.mute = listening, limit, mute
        self.received = b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as told:
                self.answer(line, told)

    def answer(self, line: socket.socket, told: io.BufferedReader) -> None:
        assert told.read(10) == b"zINSTREAM\0"
        body = b""
        while length := struct.unpack("!L", told.read(4))[0]:
            body += told.read(length)
            if len(body) > self.limit:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.received = body
        if self.mute:
            threading.Event().wait(1)
        elif EICAR in body:
            line.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            line.sendall(b"stream: OK\0")


@contextmanager
def clamd(path: Path | None = None, **how: object) -> Iterator[tuple[str, Counterpart]]:
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()
    address = str(path) if path else f"127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield address, Counterpart(listening, **how)  # type: ignore[arg-type]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def scan(address: str, body: bytes) -> Verdict:
    return Clamd(address, connect_seconds=0.5, answer_seconds=0.5).scan(io.BytesIO(body))


def test_clamd_over_tcp_gets_every_byte_and_says_what_it_found() -> None:
    big = bytes(range(256)) * 1024
    with clamd() as (address, counterpart):
        assert scan(address, big).finding == Finding.CLEAN
        assert counterpart.received == big
        assert scan(address, b"x" + EICAR) == Verdict(Finding.INFECTED, "Eicar-Test-Signature")
        assert scan(address, b"").finding == Finding.CLEAN


def test_clamd_over_a_unix_socket(tmp_path: Path) -> None:
    with clamd(tmp_path / "c") as (address, _):
        assert scan(address, EICAR).finding == Finding.INFECTED


def test_a_clamd_that_cannot_be_asked_is_never_clean() -> None:
    with clamd(limit=1000) as (address, _):
        assert scan(address, b"x" * 5_000_000).finding == Finding.UNAVAILABLE
    with clamd(mute=True) as (address, _):
        assert scan(address, b"x").finding == Finding.UNAVAILABLE
    for nobody in (address, "/nowhere/clamd.ctl", "no-such-host.invalid:3310", "127.0.0.1:99999"):
        assert scan(nobody, b"x").finding == Finding.UNAVAILABLE, nobody


@pytest.mark.parametrize(
    "said",
    ["", "stream: ERROR", "UNKNOWN COMMAND", "stream: x ERROR", "OK"],
    ids=["nothing", "error", "unknown", "sized", "bare"],
)
def test_an_answer_nobody_understands_is_not_clean(said: str) -> None:
    assert verdict_of(said).finding == Finding.UNAVAILABLE


@pytest.mark.parametrize(
    "body",
    [
        EICAR,
        files.PDF + EICAR,
        files.archive("a.txt", body=EICAR * 50),
        files.archive("[Content_Types].xml", "word/document.xml", body=EICAR),
        files.archive("word/embeddings/a.xlsx", body=files.archive("xl/workbook.xml", body=EICAR)),
    ],
    ids=["plain", "pdf", "zip", "docx", "nested"],
)
def test_the_dry_twin_finds_the_test_file_wherever_it_is_packed(body: bytes) -> None:
    assert DryScanner().scan(io.BytesIO(body)).finding == Finding.INFECTED


@pytest.mark.parametrize(
    "body",
    [b"", files.PDF, files.DOCX, files.XLSX[:60], files.JPEG],
    ids=["empty", "pdf", "docx", "broken", "jpeg"],
)
def test_the_dry_twin_finds_nothing_else(body: bytes) -> None:
    assert DryScanner().scan(io.BytesIO(body)).finding == Finding.CLEAN


def test_the_setting_names_the_scanner() -> None:
    assert chosen_scanner("dry") == DryScanner()
    assert chosen_scanner("10.0.0.5:3310") == Clamd("10.0.0.5:3310")
    assert chosen_scanner("/run/clamav/clamd.ctl") == Clamd("/run/clamav/clamd.ctl")
    with pytest.raises(ScannerUnknown):
        chosen_scanner("mcafee")


def test_doctor_asks_the_scanner(settings: Any) -> None:
    try:
        with clamd() as (address, _):
            settings.MADOGUCHI_ANTIVIRUS = address
            plug_scanner(chosen_scanner(address))
            assert doctor._scanner() == address
        with pytest.raises(doctor.ScannerSilent, match="答えません"):
            doctor._scanner()
    finally:
        plug_scanner(DryScanner())
