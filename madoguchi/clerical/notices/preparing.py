"""Opening a release and preparing its letters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from madoguchi.clerical.notices.errors import AlreadyReleased, SectionUnnamed
from madoguchi.clerical.notices.models import Letter, Release
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.rules import Town, complete_facts, fill_text, letter_number
from madoguchi.clerical.notices.states import ReleaseState
from madoguchi.clerical.notices.typesetting import typeset_order
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.documents.actions import FileToKeep, keep_files
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.trace import SYSTEM, Subject

if TYPE_CHECKING:
    from datetime import date

    from madoguchi.ledgers.office.models import SectionInYear, Staff

_NUMBERING_LOCK = 7302


@transaction.atomic
def open_release(
    *, title: str, section_id: int, subject: Subject, expected: int, by: Staff | None, at: datetime
) -> UUID:
    """Open the one release that goes with a record of another room, or return it when it is open already.

    Until it goes out, title and `expected` follow the last call; afterwards a change is AlreadyReleased.
    """
    release, is_new = Release.objects.select_for_update().get_or_create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults={"title": title, "section_id": section_id, "expected": expected, "created_at": at},
    )
    if is_new:
        actor = actor_of(by) if by else SYSTEM
        leave_trace(
            actor, "notices.release_opened", release_subject(release), at=at, note={"expected": expected}
        )
    elif (release.title, release.expected) != (title, expected):
        _require_open(release)
        release.title, release.expected = title, expected
        release.state = _state_with(release, release.letters.count())
        release.save(update_fields=["title", "expected", "state"])
    return release.pk


@transaction.atomic
def prepare_letters(*, release_id: UUID, orders: Iterable[LetterOrder], at: datetime) -> int:
    """Number, set and keep the ordered letters; returns how many were new. On a refusal none is kept.

    One letter for each subject and kind: what has been prepared already is left as it is. Refused:
    CharactersUnprintable, InstructionMissing, FactsMismatched, LetterBroken, AlreadyReleased.
    """
    release = locked_release(release_id)
    missing = _not_yet_prepared(list(orders))
    if not missing:
        return 0
    _require_open(release)
    numbering = _Numbering(release)
    prepared = [_prepare(release, order, numbering, at) for order in missing]
    letters = _keep(prepared, missing, at)
    Letter.objects.bulk_create(letters)
    release.state = _state_with(release, release.letters.count())
    release.save(update_fields=["state"])
    note = {"count": len(letters), "first": letters[0].number, "last": letters[-1].number}
    leave_trace(SYSTEM, "notices.prepared", release_subject(release), at=at, note=note)
    return len(letters)


def locked_release(release_id: UUID | str) -> Release:
    """The release for one writer at a time. Raises NotFound."""
    release = Release.objects.select_for_update().filter(pk=release_id).first()
    if release is None:
        raise NotFound("発送")
    return release


def release_subject(release: Release) -> Subject:
    return Subject("notices.release", str(release.pk))


def _require_open(release: Release) -> None:
    if release.state == ReleaseState.RELEASED:
        raise AlreadyReleased(
            f"「{release.title}」は発送済みです。",
            next_step="追加の通知は、新しい発送として作成してください。",
        )


def _state_with(release: Release, prepared: int) -> ReleaseState:
    return ReleaseState.READY if prepared == release.expected else ReleaseState.PREPARING


def _not_yet_prepared(orders: Sequence[LetterOrder]) -> list[LetterOrder]:
    wanted = {(order.subject.kind, order.subject.id, order.kind): order for order in orders}
    prepared = Letter.objects.filter(
        subject_kind__in={order.subject.kind for order in orders},
        subject_id__in={order.subject.id for order in orders},
    ).values_list("subject_kind", "subject_id", "kind")
    for key in prepared:
        wanted.pop(key, None)
    return list(wanted.values())


class _Numbering:
    """The document numbers of one section, running by fiscal year without a gap or a double.

    Who numbers for a section waits until the other has finished.
    """

    def __init__(self, release: Release) -> None:
        self._section_id = release.section_id
        self._last: dict[int, int] = {}
        self._sections: dict[date, SectionInYear] = {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NUMBERING_LOCK, self._section_id])

    def next(self, on: date) -> int:
        year = fiscal_year(on)
        if year not in self._last:
            numbered = Letter.objects.filter(section_id=self._section_id, fiscal_year=year)
            self._last[year] = numbered.aggregate(last=Max("serial"))["last"] or 0
        self._last[year] += 1
        return self._last[year]

    def section(self, on: date) -> SectionInYear:
        if on not in self._sections:
            self._sections[on] = _named_section(self._section_id, on)
        return self._sections[on]


def _named_section(section_id: int, on: date) -> SectionInYear:
    section = section_in_year(section_id, on)
    if section is None:
        raise SectionUnnamed(
            "課の文書記号が登録されていません。",
            next_step="庁内組織で、この年度の課名と文書記号を登録してください。",
        )
    return section


def _prepare(
    release: Release, order: LetterOrder, numbering: _Numbering, at: datetime
) -> tuple[Letter, bytes]:
    section, serial = numbering.section(order.dated_on), numbering.next(order.dated_on)
    number = letter_number(section.symbol, serial)
    facts = complete_facts(order, number, _town(release, section))
    text = fill_text(order.text, facts, order.case)
    pdf = typeset_order(order, facts, text, seconds=int(at.timestamp()))
    letter = Letter(
        id=uuid.uuid4(),
        number=number,
        section_id=release.section_id,
        fiscal_year=fiscal_year(order.dated_on),
        serial=serial,
        kind=order.kind,
        release=release,
        subject_kind=order.subject.kind,
        subject_id=order.subject.id,
        addressee=order.addressee,
        title=order.title,
        facts=facts,
        text=text,
        email=order.email,
        dated_on=order.dated_on,
    )
    return letter, pdf


def _keep(
    prepared: Sequence[tuple[Letter, bytes]], orders: Sequence[LetterOrder], at: datetime
) -> list[Letter]:
    files = [
        FileToKeep(
            name=f"{letter.title}_{letter.number}.pdf",
            body=pdf,
            owner=Subject("notices.letter", str(letter.pk)),
            retention_class=order.retention_class,
        )
        for order, (letter, pdf) in zip(orders, prepared, strict=True)
    ]
    letters = [letter for letter, _ in prepared]
    for letter, kept in zip(letters, keep_files(files, by=SYSTEM, at=at), strict=True):
        letter.pdf_id, letter.pdf_sha256 = kept.id, kept.sha256
    return letters


def _town(release: Release, section: SectionInYear) -> Town:
    contact = f"{section.name} {section.unit}".strip() + f"　電話 {section.phone}"
    return Town(release.municipality.name, release.municipality.mayor, contact)
