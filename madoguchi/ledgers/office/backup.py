"""控え: a copy of the whole municipality as one file, made by the worker or from the command line."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from madoguchi.ledgers.office.models import Municipality, Trace
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.town_file import write_town
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.office.tracing import leave_trace

VERB = "office.town_exported"
KEPT = 2


def folder() -> Path:
    return Path(settings.VAR_DIR) / "backups"


def last_export() -> datetime | None:
    """When this municipality was last written to a file, by anybody."""
    rows = Trace.objects.filter(verb=VERB).order_by("-happened_at")
    return rows.values_list("happened_at", flat=True).first()


def note_export(municipality: Municipality, rows: int, *, at: datetime) -> None:
    """Write down that a copy was made; call it in the session of the municipality."""
    subject = Subject("office.municipality", str(municipality.pk))
    leave_trace(SYSTEM, VERB, subject, at=at, purpose="データの控え", note={"rows": rows})


def export_now(municipality: Municipality, *, at: datetime) -> Path:
    """Write the copy of today, and drop the oldest ones."""
    folder().mkdir(parents=True, exist_ok=True)
    file = folder() / f"{municipality.code}-{timezone.localtime(at):%Y%m%d}.zip"
    told = write_town(municipality, file, at=at)
    note_export(municipality, told.total, at=at)
    return file


def drop_old_copies(code: str) -> int:
    """Delete all but the newest copies of a municipality; says how many."""
    old = sorted(folder().glob(f"{code}-*.zip"))[:-KEPT]
    for file in old:
        file.unlink()
    return len(old)


def queue_export(municipality: Municipality) -> None:
    app.configure_task("office.export_town").defer(municipality_id=municipality.pk)
