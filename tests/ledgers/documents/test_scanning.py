"""The virus check: refused at the door, held while nobody can look, opened or wiped afterwards."""

import io
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

import pytest
from django.db import transaction

from madoguchi.common.errors import Refusal
from madoguchi.connectors.dry_antivirus import EICAR, DryScanner
from madoguchi.ledgers.documents import access, actions, queries, scanning
from madoguchi.ledgers.documents.errors import FileHeld, FileInfected
from madoguchi.ledgers.documents.models import Content, Document
from madoguchi.ledgers.documents.states import ScanState
from madoguchi.ledgers.documents.tasks import scan_waiting_files
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.late_traces import write_late_traces
from madoguchi.ledgers.office.scanning import Finding, NoScanner, Verdict, plug_scanner
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry import importing
from madoguchi.ledgers.registry.import_mapping import shipped_text
from madoguchi.ledgers.registry.states import ImportScope
from tests.ledgers.documents import files

CASE = Subject("applications.application", "1")
PARENT, CLERK = Actor("resident", "v", "見本　花子"), Actor("staff", "7", "佐藤　例")
INFECTED = files.PDF + EICAR


@pytest.fixture(autouse=True)
def plugged() -> Iterator[None]:
    plug_scanner(DryScanner())
    yield
    plug_scanner(DryScanner())


def keep(now: datetime, body: bytes = files.PDF, **more: Any) -> Any:
    return actions.keep_files([actions.FileToKeep("証明書.pdf", body, CASE, **more)], by=PARENT, at=now)[0]


def opened(document: Any, now: datetime) -> bytes:
    return access.open_document(document.id, owner=CASE, by=CLERK, at=now, purpose="審査").body


def test_an_infected_file_is_refused_and_the_refusal_is_traced(town: Any, now: datetime) -> None:
    with pytest.raises(FileInfected) as refused, transaction.atomic():
        keep(now, INFECTED)
    assert "Eicar-Test-Signature" in refused.value.sentence
    assert refused.value.next_step
    assert not Document.objects.exists()
    assert not office.trace_of(CASE).exists()
    assert write_late_traces() == 1
    left = office.trace_of(CASE).get()
    assert (left.verb, left.note["found"]) == ("documents.refused_infected", "Eicar-Test-Signature")
    assert "証明書" not in str(left.note)


def test_one_infected_file_among_many_keeps_none(town: Any, now: datetime) -> None:
    wanted = [actions.FileToKeep("a.pdf", files.PDF, CASE), actions.FileToKeep("b.pdf", INFECTED, CASE)]
    with pytest.raises(FileInfected):
        actions.keep_files(wanted, by=PARENT, at=now)
    assert not Content.objects.exists()
    write_late_traces()


def test_while_nobody_can_look_a_file_is_kept_and_not_opened(town: Any, now: datetime) -> None:
    plug_scanner(NoScanner())
    held = keep(now)
    view = queries.documents_of(CASE)[0]
    assert (view.is_held, view.marks) == (True, ["検査待ち"])
    with pytest.raises(FileHeld) as refused:
        opened(held, now)
    assert "数分" in refused.value.next_step
    assert scanning.scan_waiting(at=now) == 0
    plug_scanner(DryScanner())
    scan_waiting_files(0)
    enter_municipality(town.pk)
    assert opened(held, now) == files.PDF
    assert queries.documents_of(CASE)[0].marks == []


def test_what_is_found_later_is_wiped_and_told(town: Any, now: datetime) -> None:
    plug_scanner(NoScanner())
    held = keep(now, INFECTED)
    plug_scanner(DryScanner())
    assert scanning.scan_waiting(at=now) == 1
    assert bytes(Content.objects.get().body) == b""
    assert queries.documents_of(CASE)[0].marks == ["ウイルスあり"]
    with pytest.raises(FileHeld, match="ウイルスが見つかった"):
        opened(held, now)
    assert office.trace_of(CASE).filter(verb="documents.found_infected").count() == 1
    assert scanning.scan_waiting(at=now) == 0


def test_the_same_bytes_found_clean_later_open_again(town: Any, now: datetime) -> None:
    """New signatures took back a false alarm: who hands the file in again is not held for ever."""
    plug_scanner(NoScanner())
    first = keep(now)
    Content.objects.update(scan=ScanState.INFECTED, body=b"")
    plug_scanner(DryScanner())
    second = keep(now)
    assert opened(first, now) == opened(second, now) == files.PDF


def test_each_file_is_shown_to_the_scanner_once(town: Any, now: datetime) -> None:
    seen: list[bytes] = []

    class Counting:
        def scan(self, source: BinaryIO) -> Verdict:
            seen.append(source.read())
            return Verdict(Finding.CLEAN)

    plug_scanner(Counting())
    wanted = [actions.FileToKeep(f"{number}.pdf", files.PDF, CASE) for number in range(5)]
    actions.keep_files(wanted, by=PARENT, at=now)
    assert seen == [files.PDF]
    keep(now, files.JPEG, made_here=True)
    assert seen == [files.PDF]
    assert Content.objects.get(media_type="image/jpeg").scan == ScanState.MADE


def test_files_from_before_the_check_open_and_are_looked_at_in_time(town: Any, now: datetime) -> None:
    kept = keep(now)
    Content.objects.update(scan=ScanState.BEFORE)
    assert opened(kept, now) == files.PDF
    assert scanning.scan_waiting(at=now) == 1
    assert Content.objects.get().scan == ScanState.CLEAN


def test_cautions_stand_beside_the_file(town: Any, now: datetime) -> None:
    keep(now, files.PDF.replace(b"<<>>", b"<</S/JavaScript>>", 1))
    assert queries.documents_of(CASE)[0].marks == ["プログラム（JavaScript）を含むPDF"]


def test_the_file_of_residents_goes_through_the_same_check(town: Any, now: datetime) -> None:
    def hand_in(body: bytes) -> None:
        importing.open_import(
            name="住民.csv", source=io.BytesIO(body), mapping_toml=shipped_text("juki"), scope=ImportScope.PART,
            as_of=now.date(), by=None, at=now, import_id=uuid.uuid4(),
        )  # fmt: skip

    with pytest.raises(Refusal) as infected:
        hand_in(b"a,b\r\n" + EICAR)
    plug_scanner(NoScanner())
    with pytest.raises(Refusal) as waiting:
        hand_in(b"a,b\r\n1,2")
    assert (infected.value.code, waiting.value.code) == (
        "registry.import_infected",
        "registry.import_not_scanned",
    )
    assert write_late_traces() == 1
