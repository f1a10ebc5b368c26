"""The virus check of files: at the door, and again for those that came while no scanner answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.common.text import in_quotes
from madoguchi.ledgers.documents.errors import FileInfected
from madoguchi.ledgers.documents.models import Content, Document
from madoguchi.ledgers.documents.rules import CheckedFile
from madoguchi.ledgers.documents.states import TO_BE_SCANNED, ScanState
from madoguchi.ledgers.office.actions import leave_traces
from madoguchi.ledgers.office.late_traces import trace_late
from madoguchi.ledgers.office.scanning import Finding, Verdict, scanned
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.documents.actions import FileToKeep

CHUNK = 200


def scanned_states(
    files: Sequence["FileToKeep"], checked: Sequence[CheckedFile], *, by: Actor, at: datetime
) -> dict[str, ScanState]:
    """The state of each file by its hash, after a look by the scanner. Raises FileInfected."""
    states: dict[str, ScanState] = {}
    for file, each in zip(files, checked, strict=True):
        if each.sha256 not in states:
            states[each.sha256] = ScanState.MADE if file.made_here else _looked_at(file, each, by, at)
    return states


def _looked_at(file: "FileToKeep", each: CheckedFile, by: Actor, at: datetime) -> ScanState:
    verdict = scanned(file.body)
    if verdict.finding == Finding.INFECTED:
        note = {"found": verdict.name, "sha256": each.sha256, "size": each.size}
        trace_late(by, "documents.refused_infected", file.owner, at=at, note=note)
        raise FileInfected(
            f"ファイル{in_quotes(each.name)}からウイルス（{verdict.name}）が見つかったため、受け取れません。",
            next_step="お使いの機器をウイルス対策ソフトで調べ、書類を撮り直すか作り直してください。紙のまま窓口に出すこともできます。",
        )
    return ScanState.CLEAN if verdict.finding == Finding.CLEAN else ScanState.WAITING


def scan_waiting(*, at: datetime) -> int:
    """Look at files that wait for a scanner; ends at the first one it cannot be asked about. Says how many."""
    done = 0
    ids = list(
        Content.objects.filter(scan__in=TO_BE_SCANNED).order_by("id").values_list("id", flat=True)[:CHUNK]
    )
    for content_id in ids:
        if not _scan_again(content_id, at):
            break
        done += 1
    return done


@transaction.atomic
def _scan_again(content_id: int, at: datetime) -> bool:
    content = Content.objects.select_for_update().filter(id=content_id, scan__in=TO_BE_SCANNED).first()
    if content is None:
        return True
    verdict = scanned(bytes(content.body))
    if verdict.finding == Finding.UNAVAILABLE:
        return False
    _settle(content, verdict, at)
    return True


def _settle(content: Content, verdict: Verdict, at: datetime) -> None:
    """Clean bytes open from now on; infected ones are wiped, and their hash stays as the proof."""
    content.scanned_at, content.found = at, verdict.name
    content.scan = ScanState.CLEAN
    if verdict.finding == Finding.INFECTED:
        content.scan, content.body = ScanState.INFECTED, b""
        rows = Document.objects.filter(content=content).values_list("id", "owner_kind", "owner_id")
        note = {"found": verdict.name, "sha256": content.sha256}
        told = [(Subject(kind, number), note | {"document": str(pk)}) for pk, kind, number in rows]
        leave_traces(SYSTEM, "documents.found_infected", told, at=at)
    content.save(update_fields=["scan", "scanned_at", "found", "body"])
