"""Residents for tests: the dullest valid household, and the situations that have names."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.registry import actions
from madoguchi.ledgers.registry.models import Resident
from madoguchi.ledgers.registry.rows import Address, HouseholdRow, MemberRow
from madoguchi.ledgers.registry.states import Relationship, Sex

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
ADDRESS = Address("0000021", "中央二丁目", "3番4号", "", "中央小学校")


def member(number: int, place: int = 1, **changes: Any) -> MemberRow:
    """見本　花子, 世帯主; any attribute of MemberRow may be changed."""
    plain: dict[str, Any] = {
        "atena_number": number,
        "relationship": Relationship.HEAD,
        "relationship_text": "世帯主",
        "place": place,
        "family": "見本",
        "given": "花子",
        "family_kana": "ミホン",
        "given_kana": "ハナコ",
        "sex": Sex.FEMALE,
        "birth": date(1988, 5, 2),
        "moved_in_on": date(2020, 4, 1),
    }
    return MemberRow(**{**plain, **changes})


def child(number: int, place: int = 2, **changes: Any) -> MemberRow:
    """見本　そら, born in 2020: first grade from April 2027."""
    plain: dict[str, Any] = {
        "relationship": Relationship.CHILD,
        "relationship_text": "子",
        "given": "そら",
        "given_kana": "ソラ",
        "birth": date(2020, 8, 3),
        "moved_in_on": date(2020, 8, 3),
    }
    return member(number, place, **{**plain, **changes})


def household(number: int, *members: MemberRow, address: Address = ADDRESS) -> HouseholdRow:
    return HouseholdRow(number, address, members)


def enter(*rows: HouseholdRow) -> list[Resident]:
    """Enter households in the municipality of the session and return everybody by 宛名番号."""
    actions.enter_households(rows, by=SYSTEM, at=NOW)
    return list(Resident.objects.order_by("atena_number"))


def enter_family() -> list[Resident]:
    """A mother and her child, 宛名番号 8000001 and 8000002."""
    return enter(household(1, member(8000001), child(8000002)))
