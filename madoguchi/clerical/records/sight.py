"""Whose files somebody sees and works on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.timezone import localdate

from madoguchi.clerical.records.models import CaseFile
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of, sections_of
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

READERS = frozenset({Power.SEE_CASES, Power.RUN_RETENTION, Power.SEE_TRACE})


def sections_read(staff: Staff, at: datetime) -> frozenset[int] | None:
    """The sections whose files this person may read: the own one and those below; None, every one, for auditors."""
    on = localdate(at)
    held = powers_of(staff, on)
    if held & {Power.SEE_TRACE, Power.SEE_ALL_SECTIONS}:
        return None
    return sections_of(staff, on) if held & READERS else frozenset()


def files_read(staff: Staff, at: datetime) -> QuerySet[CaseFile]:
    """The files this person may read; any other one is as if it were not there."""
    sections = sections_read(staff, at)
    rows = CaseFile.objects.all()
    return rows if sections is None else rows.filter(section_id__in=sections)


def require_work(staff: Staff, power: Power, section_id: int, what: str, at: datetime) -> None:
    """Refuse with NotAllowed without the power, with NotFound for what is of another section."""
    on = localdate(at)
    if power not in powers_of(staff, on):
        raise NotAllowed(power.label)
    if section_id not in sections_of(staff, on):
        raise NotFound(what)


def file_for_work(staff: Staff, file_id: int, power: Power, at: datetime) -> CaseFile:
    """A file of one's own section, locked until the end of the transaction. Refused: NotFound, NotAllowed."""
    file = CaseFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotFound("簿冊")
    require_work(staff, power, file.section_id, "簿冊", at)
    return file
