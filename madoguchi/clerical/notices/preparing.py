"""Opening a release and preparing its letters."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from madoguchi.clerical.notices.errors import AlreadyReleased, SectionUnnamed
from madoguchi.clerical.notices.holding import hold_letters
from madoguchi.clerical.notices.models import Letter, Release
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.rules import Town, complete_facts, fill_text, letter_number
from madoguchi.clerical.notices.sealing import certificate_used, signer_of
from madoguchi.clerical.notices.signing import Signer
from madoguchi.clerical.notices.states import ReleaseState
from madoguchi.clerical.notices.typesetting import typeset_order
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.documents.actions import FileToKeep, keep_files
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import section_in_year
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Subject

if TYPE_CHECKING:
    from datetime import date

    from madoguchi.ledgers.office.models import SectionInYear, Staff

_NUMBERING_LOCK = 7302


@full_sight()
@transaction.atomic
def open_release(
    *,
    title: str,
    section_id: int,
    subject: Subject,
    expected: int,
    by: Staff | None,
    at: datetime,
    dated_on: date | None = None,
) -> UUID:
    """Open the one release that goes with a record of another room, or return it when it is open already.

    Until it goes out, title and `expected` follow the last call; afterwards a change is AlreadyReleased. With
    `dated_on`, the numbers of all its letters are kept for it at once, so that several workers may set them.
    """
    release, is_new = Release.objects.select_for_update().get_or_create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults={"title": title, "section_id": section_id, "expected": expected, "created_at": at},
    )
    if is_new:
        if dated_on is not None:
            _keep_numbers(release, dated_on)
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


@full_sight()
@transaction.atomic
def prepare_letters(*, release_id: UUID, orders: Iterable[LetterOrder], at: datetime) -> int:
    """Number, set and keep the ordered letters; returns how many were new. On a refusal none is kept.

    One letter for each subject and kind: what has been prepared already is left as it is. Refused:
    CharactersUnprintable, InstructionMissing, FactsMismatched, LetterBroken, AlreadyReleased, and where
    letters are signed CertificateNotInForce, SigningUnavailable.
    """
    release = _found_release(release_id)
    missing = _not_yet_prepared(list(orders))
    if not missing:
        return 0
    _require_open(release)
    numbering, signer = _Numbering(release), signer_of(release.municipality)
    prepared = [_prepare(release, order, numbering, signer, at) for order in missing]
    # Setting takes long and needs no lock; only from here on does one writer wait for the other.
    release = locked_release(release_id)
    _require_open(release)
    return _enter(release, prepared, missing, signer, at)


def _enter(
    release: Release,
    prepared: Sequence[tuple[Letter, bytes]],
    orders: Sequence[LetterOrder],
    signer: Signer | None,
    at: datetime,
) -> int:
    """Keep what nobody else has prepared meanwhile."""
    still = {id(order) for order in _not_yet_prepared(orders)}
    chosen = [(pair, order) for pair, order in zip(prepared, orders, strict=True) if id(order) in still]
    if not chosen:
        return 0
    letters = _keep([pair for pair, _ in chosen], [order for _, order in chosen], at)
    signed_with = certificate_used(signer.certificate, at) if signer else None
    for letter in letters:
        letter.signed_with = signed_with
    Letter.objects.bulk_create(letters)
    release.state = _state_with(release, release.letters.count())
    release.save(update_fields=["state"])
    note = {"count": len(letters), "first": letters[0].number, "last": letters[-1].number}
    leave_trace(SYSTEM, "notices.prepared", release_subject(release), at=at, note=note)
    return len(letters)


def locked_release(release_id: UUID | str) -> Release:
    """The release for one writer at a time. Raises NotFound."""
    return _found_release(release_id, Release.objects.select_for_update())


def _found_release(release_id: UUID | str, releases: QuerySet[Release] | None = None) -> Release:
    release = (Release.objects.all() if releases is None else releases).filter(pk=release_id).first()
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


def _keep_numbers(release: Release, dated_on: date) -> None:
    year = fiscal_year(dated_on)
    release.first_serial = _last_serial(release.section_id, year) + 1
    release.numbered_year = year
    release.save(update_fields=["first_serial", "numbered_year"])


def _last_serial(section_id: int, year: int) -> int:
    """The last number given out or kept in a section's year; whoever asks next waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NUMBERING_LOCK, section_id])
    given = Letter.objects.filter(section_id=section_id, fiscal_year=year).aggregate(last=Max("serial"))
    kept = Release.objects.filter(section_id=section_id, numbered_year=year).aggregate(
        last=Max(F("first_serial") + F("expected") - 1)
    )
    return max(given["last"] or 0, kept["last"] or 0)


class _Numbering:
    """The document numbers of one section, running by fiscal year without a double.

    A letter with a place in its release has the number kept for it; the others run on after the last one.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self._last: dict[int, int] = {}
        self._sections: dict[date, SectionInYear] = {}

    def next(self, order: LetterOrder) -> int:
        year, release = fiscal_year(order.dated_on), self._release
        if order.place is not None and release.first_serial is not None and release.numbered_year == year:
            return release.first_serial + order.place
        if year not in self._last:
            self._last[year] = _last_serial(release.section_id, year)
        self._last[year] += 1
        return self._last[year]

    def section(self, on: date) -> SectionInYear:
        if on not in self._sections:
            self._sections[on] = _named_section(self._release.section_id, on)
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
    release: Release, order: LetterOrder, numbering: _Numbering, signer: Signer | None, at: datetime
) -> tuple[Letter, bytes]:
    section, serial = numbering.section(order.dated_on), numbering.next(order)
    number = letter_number(section.symbol, serial)
    facts = complete_facts(order, number, _town(release, section))
    text = fill_text(order.text, facts, order.case)
    pdf = typeset_order(order, facts, text, seconds=int(at.timestamp()))
    if signer is not None:
        pdf = signer.sign(pdf, at=at)
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
            made_here=True,
        )
        for order, (letter, pdf) in zip(orders, prepared, strict=True)
    ]
    letters = [letter for letter, _ in prepared]
    hold_letters(letters)
    for letter, kept in zip(letters, keep_files(files, by=SYSTEM, at=at), strict=True):
        letter.pdf_id, letter.pdf_sha256 = kept.id, kept.sha256
    return letters


def _town(release: Release, section: SectionInYear) -> Town:
    contact = f"{section.name} {section.unit}".strip() + f"　電話 {section.phone}"
    return Town(release.municipality.name, release.municipality.mayor, contact)
