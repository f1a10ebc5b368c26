"""Sending all letters of a release out at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued

from madoguchi.clerical.notices import queries
from madoguchi.clerical.notices.errors import PairingBroken, ReleaseIncomplete
from madoguchi.clerical.notices.models import Delivery, Letter, Release
from madoguchi.clerical.notices.preparing import locked_release, release_subject
from madoguchi.clerical.notices.rules import Pairing, message_id
from madoguchi.clerical.notices.states import DeliveryState, LetterState, ReleaseState, Route
from madoguchi.clerical.notices.views import ReleaseView
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.queue import app
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

CHUNK = 100
GOING_OUT = ~Q(held_reason__gt="", held_over="")
_FAULTS_SHOWN = 3


@transaction.atomic
def release_all(*, release_id: UUID, by: Staff, at: datetime) -> ReleaseView:
    """Send every letter of the release out at one instant. A second press answers the same.

    Nothing goes out unless all letters are prepared and each belongs to its case. Refused: NotFound,
    NotAllowed, ReleaseIncomplete, PairingBroken.
    """
    require_power(by, at)
    with full_sight():
        release = locked_release(release_id)
        if release.state != ReleaseState.RELEASED:
            _require_complete(release)
            _require_paired(release)
            _release(release, by, at)
            _queue(release, _enter_deliveries(release, at), by, at)
    return queries.release(release.pk)


@full_sight()
@transaction.atomic
def resume_deliveries() -> int:
    """Queue again what a crash or a mail server out of order has left behind; returns the number of mails.

    Safe at any time: who is delivering a mail holds its lock, and none is handed over twice.
    """
    unsettled = [DeliveryState.WAITING, DeliveryState.SENDING]
    left = Delivery.objects.filter(route=Route.EMAIL, state__in=unsettled)
    by_release: dict[UUID, list[int]] = {}
    for delivery_id, release_id in left.order_by("pk").values_list("pk", "letter__release_id"):
        by_release.setdefault(release_id, []).append(delivery_id)
    for release in Release.objects.filter(pk__in=by_release).order_by("created_at"):
        queue_chunks(release, by_release[release.pk])
    return sum(map(len, by_release.values()))


def require_power(by: Staff, at: datetime) -> None:
    """Refuse with NotAllowed whoever may not send letters out."""
    if Power.RELEASE_LETTERS not in powers_of(by, at.date()):
        raise NotAllowed(Power.RELEASE_LETTERS.label)


def _require_complete(release: Release) -> None:
    prepared = release.letters.count()
    if prepared != release.expected:
        raise ReleaseIncomplete(
            f"予定の{release.expected}通のうち、{prepared}通しかできていません。"
            if prepared < release.expected
            else f"予定の{release.expected}通より多い、{prepared}通ができています。",
            next_step="通知の作成が終わるのを待つか、作成の記録を確かめてください。",
        )


def _require_paired(release: Release) -> None:
    faults = [f"{pairing.number}（{'・'.join(found)}）" for pairing, found in _faulty(release)]
    if faults:
        raise PairingBroken(
            f"宛名や番号が組み合わない通知が{len(faults)}通あります：{'、'.join(faults[:_FAULTS_SHOWN])}。",
            next_step="発送せずに、その通知を情報システム担当と確かめてください。",
        )


def _faulty(release: Release) -> Iterator[tuple[Pairing, tuple[str, ...]]]:
    rows = release.letters.order_by("serial").values_list(
        *("number", "addressee", "title", "dated_on", "facts", "text", "pk"),
        *("pdf__owner_id", "pdf_sha256", "pdf__content__sha256"),
    )
    for row in rows.iterator(chunk_size=1000):
        pairing = Pairing(*row)
        if found := pairing.faults():
            yield pairing, found


def _release(release: Release, by: Staff, at: datetime) -> None:
    release.letters.filter(GOING_OUT).update(state=LetterState.RELEASED, released_at=at)
    release.state, release.released_at, release.released_by = ReleaseState.RELEASED, at, by
    release.save(update_fields=["state", "released_at", "released_by"])
    actor = actor_of(by)
    leave_trace(
        actor, "notices.all_released", release_subject(release), at=at, note={"count": release.expected}
    )
    letters = (
        release.letters.filter(GOING_OUT)
        .order_by("serial")
        .values_list("subject_kind", "subject_id", "number")
    )
    cases = ((Subject(kind, key), {"number": number}) for kind, key, number in letters)
    leave_traces(actor, "notices.released", cases, at=at)


def _enter_deliveries(release: Release, at: datetime) -> list[int]:
    """The status page for everyone, a mail to whoever gave an address, the post for the others."""
    deliveries: list[Delivery] = []
    for letter in release.letters.filter(GOING_OUT).order_by("serial").only("pk", "email"):
        deliveries += deliveries_of(letter, release.municipality.host, at)
    Delivery.objects.bulk_create(deliveries, batch_size=1000)
    return [delivery.pk for delivery in deliveries if delivery.route == Route.EMAIL]


def deliveries_of(letter: Letter, host: str, at: datetime) -> list[Delivery]:
    """On which ways a letter goes out."""
    page = Delivery(letter=letter, route=Route.STATUS_PAGE, state=DeliveryState.SENT, sent_at=at)
    return [page, _outward(letter, host)]


def _outward(letter: Letter, host: str) -> Delivery:
    if not letter.email:
        return Delivery(letter=letter, route=Route.POST)
    return Delivery(
        letter=letter, route=Route.EMAIL, address=letter.email, message_id=message_id(letter.pk, host)
    )


def _queue(release: Release, mails: list[int], by: Staff, at: datetime) -> None:
    title = f"{release.title}（メール）"
    release.delivery_job = jobs.start(kind="notices.deliver", title=title, total=len(mails), by=by, at=at)
    release.save(update_fields=["delivery_job"])
    if not mails:
        jobs.finish(release.delivery_job, at=at)
    queue_chunks(release, mails)


def queue_chunks(release: Release, mails: list[int]) -> None:
    """Work is queued with the change that needs it; a chunk that is still waiting is not queued again."""
    for start in range(0, len(mails), CHUNK):
        chunk = mails[start : start + CHUNK]
        lock = f"notices.deliver.{chunk[0]}-{chunk[-1]}"
        try:
            with transaction.atomic():
                app.configure_task("notices.deliver_chunk", queueing_lock=lock).defer(
                    municipality_id=release.municipality_id,
                    delivery_ids=[*chunk],
                    job_id=str(release.delivery_job),
                )
        except AlreadyEnqueued:
            continue
