"""収納・債権者の取込み: a whole list of another system, kept beside the former ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.payments.errors import SnapshotUnreadable
from madoguchi.clerical.payments.models import Arrears, Creditor, Snapshot
from madoguchi.clerical.payments.snapshot_reading import Listed, Rejected, read_list
from madoguchi.clerical.payments.states import SnapshotKind
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry.queries import residents_by_number

BATCH = 1000


@dataclass(frozen=True)
class SnapshotTaken:
    """What one file brought. `again`: exactly this file of this day was there before."""

    rows: int
    rejected: tuple[Rejected, ...]
    again: bool = False


@full_sight()
@transaction.atomic
def take_snapshot(
    *, kind: SnapshotKind, file_name: str, body: bytes, as_of: date, source: str, by: Actor, at: datetime
) -> SnapshotTaken:
    """Take a list in. From then on look-ups answer from it, unless one as of a later day is there.

    A line that cannot be read is named, and what it says about its person is unknown, never 「滞納なし」.
    Refused: SnapshotUnreadable (no such list, no line that can be read, a day in the future).
    """
    if as_of > timezone.localdate(at):
        raise SnapshotUnreadable("基準日が先の日付です。", next_step="今日までの日付を指定してください。")
    listed, digest = read_list(kind, body), sha256(body).hexdigest()
    if not listed.rows and listed.rejected:
        first = listed.rejected[0]
        raise SnapshotUnreadable(
            f"読める行が1つもありません（{first.line}行目: {first.column} {first.reason}）。",
            next_step="列の並びと値を確かめて、作り直してください。",
        )
    if Snapshot.objects.filter(kind=kind, as_of=as_of, sha256=digest).exists():
        return SnapshotTaken(len(listed.rows), tuple(listed.rejected), again=True)
    snapshot = Snapshot.objects.create(
        kind=kind,
        as_of=as_of,
        source=source[:80],
        file_name=file_name[:120],
        sha256=digest,
        row_count=len(listed.rows),
        rejected=[each.as_json() for each in listed.rejected],
        taken_at=at,
    )
    _write(kind, snapshot, listed)
    note = {"rows": len(listed.rows), "rejected": len(listed.rejected), "sha256": digest, "as_of": str(as_of)}
    leave_trace(
        by, f"payments.{kind}_taken", Subject("payments.snapshot", str(snapshot.pk)), at=at, note=note
    )
    return SnapshotTaken(len(listed.rows), tuple(listed.rejected))


def _write(kind: SnapshotKind, snapshot: Snapshot, listed: Listed) -> None:
    model: Any = Arrears if kind == SnapshotKind.ARREARS else Creditor
    rows = listed.rows + (_unknown(listed) if kind == SnapshotKind.ARREARS else [])
    residents = residents_by_number(row["atena_number"] for row in rows if row["atena_number"])
    model.objects.bulk_create(
        (model(snapshot=snapshot, resident_id=residents.get(row["atena_number"]), **row) for row in rows),
        batch_size=BATCH,
    )


def _unknown(listed: Listed) -> list[dict[str, Any]]:
    """People whose line could not be read: nobody may take them for people without arrears."""
    known = {row["atena_number"] for row in listed.rows}
    numbers: Iterable[int] = {each.number for each in listed.rejected if each.number is not None}
    return [{"atena_number": number, "months": None} for number in sorted(numbers) if number not in known]
