"""Every write of the registry; proofs of identity are in proving.py, files of residents in importing.py."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from madoguchi.common.era import format_era
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.ledgers.registry.errors import AlreadyEntered
from madoguchi.ledgers.registry.import_staging import search_keys
from madoguchi.ledgers.registry.importing import discard_import as discard_import
from madoguchi.ledgers.registry.importing import open_import as open_import
from madoguchi.ledgers.registry.importing import order_apply as order_apply
from madoguchi.ledgers.registry.joining import link_visitor as link_visitor
from madoguchi.ledgers.registry.models import Household, Resident
from madoguchi.ledgers.registry.protecting import announce_lapsing as announce_lapsing
from madoguchi.ledgers.registry.protecting import change_protection as change_protection
from madoguchi.ledgers.registry.protecting import end_lapsed_protections as end_lapsed_protections
from madoguchi.ledgers.registry.protecting import end_protection as end_protection
from madoguchi.ledgers.registry.protecting import register_protection as register_protection
from madoguchi.ledgers.registry.protecting import renew_protection as renew_protection
from madoguchi.ledgers.registry.proving import ask_email_proof as ask_email_proof
from madoguchi.ledgers.registry.proving import ask_sms_proof as ask_sms_proof
from madoguchi.ledgers.registry.proving import confirm_email_proof as confirm_email_proof
from madoguchi.ledgers.registry.proving import confirm_sms_proof as confirm_sms_proof
from madoguchi.ledgers.registry.proving import prove_by_card as prove_by_card
from madoguchi.ledgers.registry.proving import prove_by_demo_card as prove_by_demo_card
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from madoguchi.ledgers.registry.rules import check_household, repeated
from madoguchi.ledgers.registry.states import Move, Relationship, ResidentState

_BATCH = 2000


@transaction.atomic
def enter_households(rows: Iterable[HouseholdRow], *, by: Actor, at: datetime) -> int:
    """Enter whole households; says how many people. All or none: HouseholdBroken, AlreadyEntered."""
    entered = list(rows)
    for row in entered:
        check_household(row)
    _refuse_known_numbers(entered)
    with full_sight():
        _refuse_unseen_numbers(entered)
        return _enter(entered, by, at)


def _enter(entered: list[HouseholdRow], by: Actor, at: datetime) -> int:
    households = Household.objects.bulk_create(
        [Household(number=row.number) for row in entered], batch_size=_BATCH
    )
    residents = [
        _resident(member, row, household)
        for row, household in zip(entered, households, strict=True)
        for member in row.members
    ]
    Resident.objects.bulk_create(residents, batch_size=_BATCH)
    _leave_trace(by, at, len(entered), len(residents))
    return len(residents)


def _leave_trace(by: Actor, at: datetime, households: int, people: int) -> None:
    leave_trace(
        by,
        "registry.households_entered",
        Subject("registry.register", "residents"),
        at=at,
        note={"households": households, "people": people},
    )


def _refuse_unseen_numbers(rows: list[HouseholdRow]) -> None:
    """What clashes with a row out of sight is refused without a word about which."""
    try:
        _refuse_known_numbers(rows)
    except AlreadyEntered:
        raise AlreadyEntered(
            "このままでは取り込めない行があります。",
            next_step="取り込むファイルを添えて、住民記録担当に確かめてください。",
        ) from None


def _refuse_known_numbers(rows: list[HouseholdRow]) -> None:
    households = [row.number for row in rows]
    people = [member.atena_number for row in rows for member in row.members]
    known_households = Household.objects.filter(number__in=households).values_list("number", flat=True)
    known_people = Resident.objects.filter(atena_number__in=people).values_list("atena_number", flat=True)
    _refuse_twice("世帯番号", repeated([*known_households, *households]))
    _refuse_twice("宛名番号", repeated([*known_people, *people]))


def _refuse_twice(label: str, number: int | None) -> None:
    if number is not None:
        raise AlreadyEntered(
            f"{label}{number}は、すでに登録されています。",
            next_step="同じファイルを2回取り込んでいないか確かめてください。",
        )


def _resident(member: MemberRow, row: HouseholdRow, household: Household) -> Resident:
    address = row.address
    head = next(each for each in row.members if each.relationship == Relationship.HEAD)
    name, kana, given, given_kana, joined = search_keys(
        member.family, member.given, member.family_kana, member.given_kana
    )
    return Resident(
        # Named here, not left to the column default: only then can the bulk insert be one array a column.
        municipality_id=household.municipality_id,
        atena_number=member.atena_number,
        household=household,
        kind=member.kind,
        state=ResidentState.RESIDENT,
        relationship=member.relationship,
        relationship_text=member.relationship_text,
        place_in_household=member.place,
        family_name=member.family,
        given_name=member.given,
        family_kana=member.family_kana,
        given_kana=member.given_kana,
        kana_confirmed=member.kana_confirmed,
        head_name=f"{head.family}　{head.given}",
        name_key=name,
        kana_key=kana,
        given_key=given,
        given_kana_key=given_kana,
        joined_kana_key=joined,
        sex=member.sex,
        birth_date=member.birth,
        birth_text=member.birth_text or (format_era(member.birth) if member.birth else "不詳"),
        postcode=address.postcode,
        town=address.town,
        block=address.block,
        building=address.building,
        school_district=address.school_district,
        moved_in_on=member.moved_in_on,
        valid_from=member.moved_in_on,
        event_on=member.moved_in_on,
        event_text=format_era(member.moved_in_on),
        event_kind=Move.BORN if member.birth == member.moved_in_on else Move.MOVED_IN,
    )
