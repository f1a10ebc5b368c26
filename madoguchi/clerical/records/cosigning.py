"""延長 is decided by 課長 with 総務課長 (records rules RR06): who signs it, and which files wait for that.

Which post stands beside the section's own head is read from the line of the town's table for 文書の廃棄 (K41), as for a
list of disposal; a table that names none leaves it with 総務課長.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.queries import rows_in_force
from madoguchi.clerical.records.models import CaseFile, LegalHold
from madoguchi.clerical.records.sight import files_read
from madoguchi.clerical.records.states import MATTERS, HoldGround, ListKind
from madoguchi.ledgers.office.posts import holder_of, posts_held
from madoguchi.ledgers.office.queries import organisation, powers_of, section_in_year, sections_of
from madoguchi.ledgers.office.ranks import parted
from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

HEAD = "課長"
BESIDE = ("総務課長",)
SIGNS_AS = {"agreed": HEAD, "signed": "・".join(BESIDE)}
UNSIGNED = Q(ground=HoldGround.EXTENSION, released_at__isnull=True)


def posts_beside(on: date) -> tuple[str, ...]:
    """The posts of which one signs beside the head of the section."""
    rows = [row for row in rows_in_force(on) if row.kind == MATTERS[ListKind.DISPOSAL]]
    return tuple(dict.fromkeys(post for row in rows for post in row.consult)) or BESIDE


def stands_beside(staff: Staff, on: date) -> bool:
    """Whether this person holds one of those posts today."""
    held = posts_held(staff, on)
    if not held:
        return False
    wanted = {parted(post) for post in posts_beside(on)}
    sections = [section_in_year(each.section_id, on) for each in held]
    return any(
        (section.name if section else "", each.post) in wanted
        for each, section in zip(held, sections, strict=True)
    )


def heads(staff: Staff, file: CaseFile, on: date) -> bool:
    """Whether this person decides for the section of the file."""
    return Power.APPROVE in powers_of(staff, on) and file.section_id in sections_of(staff, on)


def signatures(hold: LegalHold, file: CaseFile, staff: Staff, on: date) -> tuple[str, ...]:
    """Which of the missing signatures this person may give, as the names of their fields."""
    asked = []
    if hold.agreed_at is None and heads(staff, file, on):
        asked.append("agreed")
    if hold.signed_at is None and stands_beside(staff, on):
        asked.append("signed")
    return tuple(asked)


def waits_for(hold: LegalHold, on: date) -> tuple[str, ...]:
    """Whose signature is missing, in words; a post that nobody holds says so."""
    if hold.ground != HoldGround.EXTENSION or hold.released_at is not None:
        return ()
    named = "・".join(posts_beside(on))
    beside = named if _somebody_holds(on) else f"{named}（就いている人が登録されていません）"
    return (*(() if hold.agreed_at else (HEAD,)), *(() if hold.signed_at else (beside,)))


def _somebody_holds(on: date) -> bool:
    units = {row.name: row.section_id for row in organisation(on)}
    asked = [parted(post) for post in posts_beside(on)]
    return any(unit in units and holder_of(units[unit], own, on) is not None for unit, own in asked)


def files_shown(staff: Staff, at: datetime) -> QuerySet[CaseFile]:
    """The files this person may read, and those of other sections whose 延長 waits for this person's signature."""
    rows = files_read(staff, at)
    if not stands_beside(staff, localdate(at)):
        return rows
    waiting = LegalHold.objects.filter(UNSIGNED, signed_at__isnull=True)
    return CaseFile.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=waiting.values("file_id")))
