"""Letters of a case, releases, and deliveries that need a hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from madoguchi.clerical.notices.models import Delivery, Letter, QueuedMail, Release
from madoguchi.clerical.notices.states import DeliveryState, LetterState, ReleaseState, Route
from madoguchi.clerical.notices.verification import certificates as certificates
from madoguchi.clerical.notices.verification import verify_file as verify_file
from madoguchi.clerical.notices.views import DeliveryView, LetterView, ReleaseView
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject


def letters_of(subject: Subject) -> list[LetterView]:
    """Every letter about a case, for staff: also those not yet released."""
    return [view_of(letter) for letter in _all_about(kind=subject.kind, id=subject.id)]


def released_letters_of(subject: Subject) -> list[LetterView]:
    """The letters about a case that its owner may read."""
    return [view_of(letter) for letter in _released_about(kind=subject.kind, id=subject.id)]


def with_released_letters(subjects: list[Subject]) -> list[Subject]:
    """Those of these records, all of one kind, for which a letter has gone out."""
    if not subjects:
        return []
    rows = Letter.objects.filter(
        subject_kind=subjects[0].kind,
        subject_id__in=[subject.id for subject in subjects],
        released_at__isnull=False,
    )
    return [Subject(subjects[0].kind, key) for key in rows.values_list("subject_id", flat=True).distinct()]


def release(release_id: UUID | str) -> ReleaseView:
    """One release and how far it is. Raises NotFound."""
    found = Release.objects.filter(pk=release_id).first()
    if found is None:
        raise NotFound("発送")
    return _views([found])[0]


def releases() -> list[ReleaseView]:
    """Every release, newest first."""
    return _views(list(Release.objects.order_by("-created_at", "pk")))


def release_of(subject: Subject) -> ReleaseView | None:
    """The release that goes with a record of another room, such as a round of allocation."""
    found = Release.objects.filter(subject_kind=subject.kind, subject_id=subject.id).first()
    return _views([found])[0] if found else None


def with_a_release(kind: str, keys: Iterable[str]) -> set[str]:
    """For which of these records of another room a release has been opened, whether it went out or not."""
    rows = Release.objects.filter(subject_kind=kind, subject_id__in=list(keys))
    return set(rows.values_list("subject_id", flat=True))


def deliveries_to_look_after(release_id: UUID | str) -> list[DeliveryView]:
    """Mails that failed or may not have arrived, and letters to be posted."""
    rows = Delivery.objects.filter(letter__release_id=release_id).select_related("letter")
    open_ones = rows.filter(state__in=[DeliveryState.FAILED, DeliveryState.UNCLEAR]) | rows.filter(
        route=Route.POST, state=DeliveryState.WAITING
    )
    return [
        DeliveryView(
            row.pk,
            row.letter.number,
            row.letter.addressee,
            Route(row.route),
            row.address,
            DeliveryState(row.state),
            row.reason,
            row.tries,
        )
        for row in open_ones.order_by("route", "letter__serial")
    ]


def view_of(letter: Letter) -> LetterView:
    return LetterView(
        letter.pk,
        letter.kind,
        letter.number,
        letter.title,
        letter.addressee,
        letter.text,
        letter.dated_on,
        LetterState(letter.state),
        letter.released_at,
        letter.first_read_at,
        Subject(letter.subject_kind, letter.subject_id),
        letter.signed_with_id is not None,
    )


def _about(subject: Subject) -> QuerySet[Letter]:
    about = Letter.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return about.order_by("dated_on", "serial")


def _of_slots() -> QuerySet[Letter]:
    about = Letter.objects.filter(subject_kind=slot("kind", "text"), subject_id=slot("id", "text"))
    return about.order_by("dated_on", "serial")


_all_about = prepared_objects(_of_slots)
_released_about = prepared_objects(lambda: _of_slots().filter(state=LetterState.RELEASED))


def _views(found: list[Release]) -> list[ReleaseView]:
    """The same two questions for one release and for fifty."""
    prepared = dict(
        Letter.objects.filter(release__in=found).values_list("release").annotate(Count("pk")).order_by()
    )
    deliveries: dict[UUID, dict[tuple[Route, DeliveryState], int]] = {}
    counted = Delivery.objects.filter(letter__release__in=found)
    rows = counted.values_list("letter__release", "route", "state").annotate(Count("pk")).order_by()
    for release_id, route, state, count in rows:
        deliveries.setdefault(release_id, {})[Route(route), DeliveryState(state)] = count
    unseen = _letters_unseen(found, prepared)
    return [
        _view(row, prepared.get(row.pk, 0), unseen.get(row.pk, 0), deliveries.get(row.pk, {}))
        for row in found
    ]


def _letters_unseen(found: list[Release], prepared: dict[UUID, int]) -> dict[UUID, int]:
    """Letters out of sight are not expected either: nobody learns of them by subtraction."""
    with full_sight():
        rows = Letter.objects.filter(release__in=found).values_list("release").annotate(Count("pk"))
        everything = dict(rows.order_by())
    return {key: count - prepared.get(key, 0) for key, count in everything.items() if key is not None}


def _view(
    row: Release, prepared: int, unseen: int, deliveries: dict[tuple[Route, DeliveryState], int]
) -> ReleaseView:
    return ReleaseView(
        row.pk,
        row.title,
        Subject(row.subject_kind, row.subject_id),
        row.expected - unseen,
        prepared,
        ReleaseState(row.state),
        row.released_at,
        row.delivery_job,
        deliveries,
    )


def sample_of(release_id: UUID | str, *, limit: int = 20) -> list[LetterView]:
    """Letters of a release spread evenly over it, for staff to look at before it goes out."""
    letters = Letter.objects.filter(release_id=release_id)
    step = max(1, letters.count() // limit)
    serials = list(letters.order_by("serial").values_list("pk", flat=True))[::step][:limit]
    return [view_of(letter) for letter in letters.filter(pk__in=serials).order_by("serial")]


def letter_in(release_id: UUID | str, letter_id: UUID | str) -> LetterView:
    """One letter of a release. Raises NotFound for a letter of another release or town."""
    found = Letter.objects.filter(release_id=release_id, pk=letter_id).first()
    if found is None:
        raise NotFound("通知")
    return view_of(found)


def address_of_mail(message_id: str) -> str:
    """Where a queued mail went or goes; empty when it was not queued or could not be sent."""
    going = QueuedMail.objects.filter(message_id=message_id).exclude(state=DeliveryState.FAILED)
    return going.values_list("address", flat=True).first() or ""


@dataclass(frozen=True)
class Arrival:
    """When the letters about one case went out and were opened, and whether one is still on its way."""

    out_at: datetime
    read_at: datetime | None
    under_way: bool


def arrivals(kind: str, keys: Iterable[str]) -> dict[str, Arrival]:
    """For many cases of one kind: the last letter that went out. Cases without a released letter are missing."""
    wanted = list(keys)
    letters = Letter.objects.filter(subject_kind=kind, subject_id__in=wanted, state=LetterState.RELEASED)
    going = Delivery.objects.filter(letter__in=letters).exclude(
        Q(state=DeliveryState.SENT) | Q(route=Route.STATUS_PAGE)
    )
    open_ones = set(going.values_list("letter__subject_id", flat=True))
    rows = letters.order_by("released_at").values_list("subject_id", "released_at", "first_read_at")
    return {key: Arrival(out, read, key in open_ones) for key, out, read in rows if out is not None}
