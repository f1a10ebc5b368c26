"""When two visitors of the portal turn out to be one person. Part of actions.py; other rooms call it there."""

import uuid
from datetime import date, datetime

from django.db import transaction

from madoguchi.common.names import name_key
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import Sight, current_sight, full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.registry.bells import Joined, joined
from madoguchi.ledgers.registry.errors import AlreadyLinked
from madoguchi.ledgers.registry.models import CardIdentity, Proof, Resident, Visitor
from madoguchi.ledgers.registry.queries import protected_people
from madoguchi.ledgers.registry.views import CardPerson


def visitor_who_is(resident: Resident, at: datetime) -> Visitor:
    """The one visitor of a resident."""
    Visitor.objects.bulk_create([Visitor(resident=resident, first_seen_at=at)], ignore_conflicts=True)
    return Visitor.objects.select_related("resident").get(resident=resident)


def one_person(found: Visitor, holder_id: uuid.UUID | None, at: datetime) -> Visitor:
    """Who the sitting is from now on: the one just proven, or the stronger one it already was.

    The weaker of the two, known by an address only, is taken in. Two people proven by card, and two e-mail
    addresses, are never joined: then somebody else has sat down.
    """
    holder = Visitor.objects.select_related("resident").filter(pk=holder_id).first() if holder_id else None
    if holder is None or holder.pk == found.pk:
        return found
    if _strong(found) == _strong(holder) and (_strong(found) or (found.email and holder.email)):
        return found
    holder_stays = _strong(holder) or (not _strong(found) and not found.email)
    stays, goes = (holder, found) if holder_stays else (found, holder)
    _take_in(stays, goes, at)
    return stays


def _strong(visitor: Visitor) -> bool:
    return visitor.resident_id is not None or visitor.by_card


def _take_in(stays: Visitor, goes: Visitor, at: datetime, by: Actor = SYSTEM) -> None:
    """Proofs, cards, addresses and, by the bell, drafts and cases of `goes` belong to `stays`."""
    email, phone = goes.email, goes.phone
    Proof.objects.filter(visitor=goes).update(visitor=stays)
    CardIdentity.objects.filter(visitor=goes).update(visitor=stays)
    stays.email, stays.phone = stays.email or email, stays.phone or phone
    stays.save(update_fields=["email", "phone"])
    joined.ring(Joined(goes.pk, stays.pk, at, by))
    subject = Subject("registry.visitor", str(stays.pk))
    leave_trace(by, "registry.visitors_joined", subject, at=at, note={"former": str(goes.pk)})


def people_to_link() -> list[CardPerson]:
    """Everybody proven by card whom the register did not show exactly once, newest first.

    A card that may be a protected person's is no row of theirs yet, so the database cannot hide it: its new address
    is shown to nobody without sight.
    """
    hidden = _items_of_protected_people()
    rows = CardIdentity.objects.filter(visitor__resident__isnull=True).order_by("-proven_at")[:200]
    return [
        CardPerson(row.visitor_id, row.name, row.birth_date, row.address, row.proven_at)
        for row in rows
        if (name_key(row.name), row.birth_date) not in hidden
    ]


def _items_of_protected_people() -> set[tuple[str, date | None]]:
    if current_sight() == Sight.ALL:
        return set()
    with full_sight():
        return {(person.name_key, person.birth) for person in protected_people()}


@transaction.atomic
def link_visitor(*, visitor_id: uuid.UUID, atena_number: int, by: Actor, at: datetime) -> None:
    """A member of staff has found who somebody is. NotFound; AlreadyLinked when the visitor is a resident."""
    visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first()
    resident = Resident.objects.filter(atena_number=atena_number).first()
    if visitor is None or resident is None:
        raise NotFound("住民")
    if visitor.resident_id is not None:
        raise AlreadyLinked("この人は、もう住民とつながっています。", next_step="一覧を読み直してください。")
    _take_in(visitor_who_is(resident, at), visitor, at, by)
    subject = Subject("registry.resident", str(resident.pk))
    leave_trace(by, "registry.visitor_linked", subject, at=at, purpose="カードの本人を住民記録とつなぐ")
