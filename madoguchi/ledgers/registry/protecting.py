"""支援措置: registering, changing, renewing and ending protection units. Part of actions.py.

A unit holds for one year at most and may be renewed from one month before it lapses (住民基本台帳事務処理要領
第5-10). Its people carry it; PostgreSQL hides them, and the applications room hides their cases with them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.registry.bells import ProtectionChanged, protection_changed
from madoguchi.ledgers.registry.errors import ProtectionRefused
from madoguchi.ledgers.registry.models import ProtectedFrom, ProtectedPerson, ProtectionUnit, Resident
from madoguchi.ledgers.registry.rules import last_day_of_protection, may_renew_on
from madoguchi.ledgers.registry.states import Ground

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

ANNOUNCED_BEFORE_DAYS = 30


@full_sight()
@transaction.atomic
def register_protection(
    *,
    applicant_id: int,
    resident_ids: Iterable[int],
    ground: Ground,
    begins_on: date,
    by: "Staff",
    at: datetime,
    protected_from: Sequence[tuple[int | None, str]] = (),
    note: str = "",
) -> int:
    """Protect the applicant and those who live with them, for one year; the unit.

    `protected_from` names the other side: the resident where one is known, and the name. Refused:
    NotAllowed, NotFound, ProtectionRefused for somebody who is under a unit already.
    """
    _require(by, at)
    people = _free_people({applicant_id, *resident_ids})
    _refuse_other_side(people, protected_from)
    unit = ProtectionUnit.objects.create(
        number=(ProtectionUnit.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        ground=Ground(ground),
        applicant_id=applicant_id,
        begins_on=begins_on,
        ends_on=last_day_of_protection(begins_on),
        registered_by=by,
        note=note.strip()[:600],
    )
    ProtectedFrom.objects.bulk_create(
        ProtectedFrom(unit=unit, resident_id=resident_id, name=name.strip()[:120])
        for resident_id, name in protected_from
    )
    _join(unit, people)
    _say(unit, "registered", actor_of(by), at, joined=[each.pk for each in people])
    return unit.pk


@full_sight()
@transaction.atomic
def change_protection(
    *, unit_id: int, resident_ids: Iterable[int], by: "Staff", at: datetime, note: str | None = None
) -> None:
    """Say anew who belongs to the unit; the applicant always does."""
    _require(by, at)
    unit = _standing(unit_id)
    wanted = {unit.applicant_id, *resident_ids}
    now = set(Resident.objects.filter(protection=unit).values_list("pk", flat=True))
    people = _free_people(wanted - now)
    _refuse_other_side(people, unit.protected_from.values_list("resident_id", "name"))
    _join(unit, people)
    left = sorted(now - wanted)
    Resident.objects.filter(pk__in=left).update(protection=None)
    if note is not None:
        unit.note = note.strip()[:600]
        unit.save(update_fields=["note"])
    _say(unit, "changed", actor_of(by), at, joined=[each.pk for each in people], left=left)


@full_sight()
@transaction.atomic
def renew_protection(*, unit_id: int, by: "Staff", at: datetime) -> date:
    """延長: one more year from the day after the last one; its new last day. Refused too early."""
    _require(by, at)
    unit = _standing(unit_id)
    opens = may_renew_on(unit.ends_on)
    if localdate(at) < opens:
        raise ProtectionRefused(
            f"延長を受け付けられるのは、{opens:%Y年%m月%d日}からです。",
            next_step="満了の1か月前になってから、延長してください。",
        )
    unit.ends_on = last_day_of_protection(unit.ends_on, renewed=True)
    unit.announced_on = None
    unit.save(update_fields=["ends_on", "announced_on"])
    _trace(unit, "renewed", actor_of(by), at, until=unit.ends_on.isoformat())
    return unit.ends_on


@full_sight()
@transaction.atomic
def end_protection(*, unit_id: int, by: "Staff", at: datetime, reason: str) -> None:
    """End a unit before its last day, with the reason; its people and their cases are seen again."""
    _require(by, at)
    if not reason.strip():
        raise ProtectionRefused("終わらせる理由が書かれていません。", next_step="理由を書いてください。")
    _end(_standing(unit_id), localdate(at), actor_of(by), at, reason.strip()[:200])


@full_sight()
@transaction.atomic
def end_lapsed_protections(*, on: date, at: datetime) -> int:
    """Every night: end what lapsed the day before at the latest; says how many."""
    lapsed = list(ProtectionUnit.objects.filter(ended_on__isnull=True, ends_on__lt=on))
    for unit in lapsed:
        _end(unit, unit.ends_on, SYSTEM, at, "期間の満了")
    return len(lapsed)


@full_sight()
@transaction.atomic
def announce_lapsing(*, on: date, at: datetime) -> int:
    """Mark what lapses within 30 days, once; the list of units shows it on top. Says how many are new."""
    soon = ProtectionUnit.objects.filter(
        ended_on__isnull=True,
        announced_on__isnull=True,
        ends_on__lte=date.fromordinal(on.toordinal() + ANNOUNCED_BEFORE_DAYS),
    )
    units = list(soon)
    for unit in units:
        unit.announced_on = on
        unit.save(update_fields=["announced_on"])
        _trace(unit, "lapse_announced", SYSTEM, at, until=unit.ends_on.isoformat())
    return len(units)


def _require(by: "Staff", at: datetime) -> None:
    if Power.MANAGE_PROTECTION not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_PROTECTION.label)


def _standing(unit_id: int) -> ProtectionUnit:
    unit = ProtectionUnit.objects.select_for_update().filter(pk=unit_id, ended_on__isnull=True).first()
    if unit is None:
        raise NotFound("支援措置")
    return unit


def _free_people(resident_ids: Iterable[int]) -> list[Resident]:
    wanted = sorted(set(resident_ids))
    people = list(Resident.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(people) != len(wanted):
        raise NotFound("住民")
    if any(each.protection_id is not None for each in people):
        raise ProtectionRefused(
            "すでに支援措置を受けている人が含まれています。",
            next_step="その人の支援措置を一覧から開いて、対象者を確かめてください。",
        )
    return people


def _refuse_other_side(people: Iterable[Resident], other: Iterable[tuple[int | None, str]]) -> None:
    if {each.pk for each in people} & {resident_id for resident_id, _ in other}:
        raise ProtectionRefused(
            "相手方を、同じ支援措置の対象者にすることはできません。",
            next_step="対象者と相手方を確かめてください。",
        )


def _join(unit: ProtectionUnit, people: Sequence[Resident]) -> None:
    keys = [each.pk for each in people]
    Resident.objects.filter(pk__in=keys).update(protection=unit)
    ProtectedPerson.objects.bulk_create(
        [ProtectedPerson(unit=unit, resident_id=key) for key in keys], ignore_conflicts=True
    )


def _end(unit: ProtectionUnit, on: date, by: Actor, at: datetime, reason: str) -> None:
    left = list(Resident.objects.filter(protection=unit).values_list("pk", flat=True))
    Resident.objects.filter(pk__in=left).update(protection=None)
    unit.ended_on = on
    unit.save(update_fields=["ended_on"])
    _say(unit, "ended", by, at, left=left, reason=reason)


def _say(
    unit: ProtectionUnit,
    verb: str,
    by: Actor,
    at: datetime,
    joined: Sequence[int] = (),
    left: Sequence[int] = (),
    reason: str = "",
) -> None:
    protection_changed.ring(ProtectionChanged(unit.pk, tuple(joined), tuple(left), by, at))
    _trace(unit, verb, by, at, joined=list(joined), left=list(left), reason=reason)


def _trace(unit: ProtectionUnit, verb: str, by: Actor, at: datetime, **note: object) -> None:
    subject = Subject("registry.protection", str(unit.pk))
    leave_trace(by, f"registry.protection_{verb}", subject, at=at, note={**note, "number": unit.number})
