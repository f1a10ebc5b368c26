"""支援措置 of the demo: one fictional mother and child, so that the page of the registry is not empty."""

from datetime import date, datetime

from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry.actions import enter_households, register_protection
from madoguchi.ledgers.registry.queries import residents_by_number
from madoguchi.ledgers.registry.rows import Address, HouseholdRow, MemberRow
from madoguchi.ledgers.registry.states import Ground, Relationship, Sex

MOTHER, CHILD = 9_900_001, 9_900_002
HOUSEHOLD = 9_900_001
MOVED_IN = date(2024, 4, 1)
HOME = Address("0000028", "みどり台三丁目", "4番5号", "", "緑が丘小学校")


@full_sight()
def seed_protection(at: datetime) -> None:
    """A unit of one year from `at`; nothing when it is there or the town has no registry clerk."""
    clerk = staff_by_login("jumin")
    if clerk is None or residents_by_number([MOTHER]):
        return
    people = (
        MemberRow(
            atena_number=MOTHER, relationship=Relationship.HEAD, relationship_text="世帯主", place=1,
            family="架空", given="花", family_kana="カクウ", given_kana="ハナ", sex=Sex.FEMALE,
            birth=date(1990, 3, 4), moved_in_on=MOVED_IN,
        ),
        MemberRow(
            atena_number=CHILD, relationship=Relationship.CHILD, relationship_text="子", place=2,
            family="架空", given="実", family_kana="カクウ", given_kana="ミノル", sex=Sex.MALE,
            birth=date(2023, 6, 1), moved_in_on=MOVED_IN,
        ),
    )  # fmt: skip
    enter_households([HouseholdRow(HOUSEHOLD, HOME, people)], by=SYSTEM, at=at)
    found = residents_by_number([MOTHER, CHILD])
    register_protection(
        applicant_id=found[MOTHER],
        resident_ids=[found[CHILD]],
        ground=Ground.VIOLENCE,
        begins_on=at.date(),
        protected_from=[(None, "架空　太郎")],
        note="見本の支援措置です。実在の人ではありません。",
        by=clerk,
        at=at,
    )
