"""A protected mother and child, and the spouse from whom they are protected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.ledgers.registry import actions
from madoguchi.ledgers.registry.models import Resident
from madoguchi.ledgers.registry.states import Ground, Sex
from tests.factories_registry import Address, child, enter, household, member

NEW_HOME = Address("0000028", "みどり台一丁目", "9番10号", "", "みどり台小学校")


@dataclass(frozen=True)
class Family:
    """The mother and child moved out; the father stayed where they lived."""

    mother: Resident
    child: Resident
    father: Resident
    unit: int


def protected_family(staff: Any, at: datetime) -> Family:
    """Registered by `staff`, who must hold 住民記録担当."""
    father = member(
        7000003, family="相手", given="太郎", family_kana="アイテ", given_kana="タロウ", sex=Sex.MALE
    )
    enter(
        household(71, member(7000001, family="守山"), child(7000002, family="守山"), address=NEW_HOME),
        household(72, father),
    )
    people = {each.atena_number: each for each in Resident.objects.all()}
    unit = actions.register_protection(
        applicant_id=people[7000001].pk,
        resident_ids=[people[7000002].pk],
        ground=Ground.VIOLENCE,
        begins_on=at.date(),
        by=staff,
        at=at,
        protected_from=[(people[7000003].pk, "相手　太郎")],
    )
    return Family(people[7000001], people[7000002], people[7000003], unit)
