"""A letter that would carry a protected person to somebody else is stopped until the registry has looked at it.

支援措置: the other spouse gets letters about the same child. Whatever names a protected person, or says where one
lives, goes out of the unit only when a person who may see both sides has said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.notices.models import Delivery, Letter
from madoguchi.clerical.notices.states import LetterState, ReleaseState
from madoguchi.clerical.notices.views import HeldLetter
from madoguchi.common.names import name_key
from madoguchi.ledgers.office.actions import actor_of, leave_trace, leave_traces
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of, units_of_subjects
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.registry.queries import protected_people
from madoguchi.ledgers.registry.views import ProtectedFigure

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

REASON = "支援措置の対象者の氏名か住所が、対象者でない人あての通知に書かれています。"


@full_sight()
def hold_letters(letters: Sequence[Letter]) -> None:
    """Mark the letters that must not go out by themselves; they are not saved here."""
    figures = protected_people()
    if not figures:
        return
    units = units_of_subjects(Subject(each.subject_kind, each.subject_id) for each in letters)
    for letter in letters:
        if tells_of(figures, letter, units):
            letter.held_reason = REASON


def tells_of(
    figures: Iterable[ProtectedFigure], letter: Letter, units: Mapping[tuple[str, str], int]
) -> bool:
    """Whether the letter names somebody of another unit, or says where they live."""
    own = units.get((letter.subject_kind, letter.subject_id))
    words = name_key(" ".join([letter.addressee, letter.text, *map(str, letter.facts.values())]))
    others = (each for each in figures if each.unit != own)
    return any(key in words for each in others for key in (each.name_key, name_key(each.address)) if key)


@transaction.atomic
def held_letters(*, by: Staff, at: datetime, purpose: str) -> list[HeldLetter]:
    """Stopped letters for 住民記録担当, those that still wait first. The look at each leaves the purpose."""
    _require(by, at)
    found = Letter.objects.filter(held_reason__gt="").select_related("release")
    rows = list(found.order_by("held_over", "serial"))
    looked = [(Subject(row.subject_kind, row.subject_id), {"number": row.number}) for row in rows]
    leave_traces(actor_of(by), "notices.held_looked_at", looked, at=at, purpose=purpose)
    return [held_view(row) for row in rows]


def held_view(row: Letter) -> HeldLetter:
    released = row.release is not None and row.release.state == ReleaseState.RELEASED
    return HeldLetter(
        row.pk, row.number, row.title, row.addressee, row.text, row.held_reason, row.held_over, released
    )


@full_sight()
@transaction.atomic
def let_go(*, letter_id: UUID, by: Staff, at: datetime, reason: str) -> None:
    """出してよい: the letter goes out with its release, or at once when that is out already."""
    from madoguchi.clerical.notices.releasing import deliveries_of, queue_chunks

    _require(by, at)
    letter = Letter.objects.select_for_update(of=["self"]).filter(pk=letter_id, held_over="").first()
    if letter is None or not letter.held_reason or letter.release is None:
        raise NotFound("通知")
    said = reason.strip()[:200] or "確認した"
    letter.held_over = f"{by.name}：{said}"
    release = letter.release
    if release.state == ReleaseState.RELEASED:
        letter.state, letter.released_at = LetterState.RELEASED, at
        made = Delivery.objects.bulk_create(deliveries_of(letter, release.municipality.host, at))
        queue_chunks(release, [each.pk for each in made if each.route == "email"])
    letter.save(update_fields=["held_over", "state", "released_at"])
    subject = Subject(letter.subject_kind, letter.subject_id)
    leave_trace(
        actor_of(by), "notices.held_let_go", subject, at=at, note={"number": letter.number, "reason": said}
    )


def _require(by: Staff, at: datetime) -> None:
    if Power.MANAGE_PROTECTION not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_PROTECTION.label)
