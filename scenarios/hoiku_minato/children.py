"""Who applies for a nursery in the story: drawn by lot, the same for the same seed.

Of the children below school age in a family some are at home, some hold a seat and ask for another (転園), some leave a
small-scale nursery at three, and some go on where they are and do not apply: they are the enrolled brothers and sisters.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from random import Random

from madoguchi.common.ages import nursery_class
from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from scenarios.whole_period.people import parents_of

ENTRY = date(2027, 4, 1)
FIRST_CLASS_OF_GRADUATES = 3
WISH_COUNTS = ((1, 2, 3, 4, 5, 6), (8, 17, 25, 22, 16, 12))
SIBLING_WISHES = (("same_only", "prefer_same", "either", "all_or_none"), (25, 27, 28, 20))
Seats = Counter[tuple[str, str]]
"""Seats taken by children who are there, by facility and class of next April."""


class Standing(StrEnum):
    """Where a child is now."""

    HOME = "home"
    UNLICENSED = "unlicensed"
    TRANSFER = "transfer"
    GRADUATE = "graduate"
    STAYS = "stays"


@dataclass(frozen=True)
class Sibling:
    """A brother or sister below school age; a blank facility: applies too."""

    member: MemberRow
    enrolled: str


@dataclass(frozen=True)
class Infant:
    """One child who applies. present: the facility it is at now."""

    household: HouseholdRow
    child: MemberRow
    age_class: str
    standing: Standing
    present: str
    wishes: tuple[str, ...]
    siblings: tuple[Sibling, ...] = ()
    sibling_wish: str = ""

    @property
    def parents(self) -> list[MemberRow]:
        return parents_of(self.household)


@dataclass
class Nurseries:
    """The facilities of the story, and the seats that stay taken in April: from class 1 on a share of each class."""

    facilities: Sequence[Facility]
    staying: Seats
    left: Seats = field(default_factory=Counter)

    @classmethod
    def of(cls, facilities: Sequence[Facility], share: float) -> "Nurseries":
        staying = Seats(
            {
                (facility.code, label): int(count * share)
                for facility in facilities
                for label, count in facility.seats.items()
                if label != "0"
            }
        )
        return cls(facilities, staying, Counter(staying))

    def someone_at(self, label: str, lot: Random) -> str:
        """A facility where one of those who go on in this class is the child in question; blank when all are named."""
        free = [code for (code, each), count in sorted(self.left.items()) if each == label and count > 0]
        if not free:
            return ""
        code = lot.choice(free)
        self.left[code, label] -= 1
        return code

    def graduating(self, lot: Random) -> str:
        """A facility without the classes from three on."""
        small = [each.code for each in self.facilities if str(FIRST_CLASS_OF_GRADUATES) not in each.seats]
        return lot.choice(small) if small else ""

    def near(self, household: HouseholdRow, lot: Random) -> list[str]:
        """All facilities, those of the family's quarter first."""
        areas = sorted({each.area for each in self.facilities})
        town = household.address.town
        own = next((area for area in areas if town.startswith(area)), areas[household.number % len(areas)])
        order = list(self.facilities)
        lot.shuffle(order)
        return [each.code for each in sorted(order, key=lambda each: each.area != own)]

    @property
    def classes(self) -> Mapping[str, frozenset[str]]:
        return {each.code: frozenset(each.seats) for each in self.facilities}


def class_of(member: MemberRow) -> str:
    """歳児クラス in April, blank from school on."""
    found = nursery_class(member.birth, ENTRY) if member.birth else None
    return "" if found is None else str(found)


def infants(
    households: Sequence[HouseholdRow], nurseries: Nurseries, count: int, lot: Random
) -> list[Infant]:
    """Exactly so many children who apply, family by family; the families that would go over are left out."""
    drawn: list[Infant] = []
    for household in households:
        family = _family(household, nurseries, lot)
        if len(drawn) + len(family) <= count:
            drawn += family
    if len(drawn) != count:
        raise LookupError(f"{len(drawn)} children instead of {count}: more families are needed")
    return drawn


def _family(household: HouseholdRow, nurseries: Nurseries, lot: Random) -> list[Infant]:
    small = [member for member in household.members if class_of(member)]
    standings = [_standing(member, len(small) > 1, nurseries, lot) for member in small]
    order = nurseries.near(household, lot)
    length = lot.choices(WISH_COUNTS[0], weights=WISH_COUNTS[1])[0]
    applying = [
        _infant(household, member, standing, present, order, length, nurseries)
        for member, (standing, present) in zip(small, standings, strict=True)
        if standing != Standing.STAYS
    ]
    enrolled = [
        Sibling(member, present)
        for member, (standing, present) in zip(small, standings, strict=True)
        if standing == Standing.STAYS
    ]
    applying = [infant for infant in applying if infant.wishes]
    return _together(applying, enrolled, nurseries, lot)


def _standing(member: MemberRow, several: bool, nurseries: Nurseries, lot: Random) -> tuple[Standing, str]:
    """Where a child is now; nobody of class 0 has a seat yet, and who stays has a brother or sister."""
    label = class_of(member)
    weights = (30, 8, 10, 52) if several else (76, 14, 10, 0)
    kinds = (Standing.HOME, Standing.UNLICENSED, Standing.TRANSFER, Standing.STAYS)
    kind = lot.choices(kinds, weights=weights)[0]
    if label == str(FIRST_CLASS_OF_GRADUATES) and kind == Standing.UNLICENSED:
        present = nurseries.graduating(lot)
        return (Standing.GRADUATE, present) if present else (kind, "")
    if kind in {Standing.HOME, Standing.UNLICENSED} or label == "0":
        return (Standing.HOME if label == "0" else kind), ""
    present = nurseries.someone_at(label, lot)
    return (kind, present) if present else (Standing.HOME, "")


def _infant(
    household: HouseholdRow,
    member: MemberRow,
    standing: Standing,
    present: str,
    order: list[str],
    length: int,
    nurseries: Nurseries,
) -> Infant:
    label = class_of(member)
    fitting = [code for code in order if label in nurseries.classes[code] and code != present]
    return Infant(household, member, label, standing, present, tuple(fitting[:length]))


def _together(
    applying: list[Infant], enrolled: list[Sibling], nurseries: Nurseries, lot: Random
) -> list[Infant]:
    """The same family told by each of its children: who else applies, who is enrolled where, what they wish together."""
    wish = _sibling_wish(applying, enrolled, nurseries, lot)
    return [
        replace(
            infant,
            wishes=_followed(infant, enrolled, nurseries) if wish == "follow_enrolled" else infant.wishes,
            siblings=(*(Sibling(other.child, "") for other in applying if other is not infant), *enrolled),
            sibling_wish=wish,
        )
        for infant in applying
    ]


def _sibling_wish(applying: list[Infant], enrolled: list[Sibling], nurseries: Nurseries, lot: Random) -> str:
    if len(applying) > 1:
        return lot.choices(SIBLING_WISHES[0], weights=SIBLING_WISHES[1])[0]
    if not applying or not enrolled:
        return ""
    (infant,) = applying
    can_follow = any(
        sibling.enrolled != infant.present and infant.age_class in nurseries.classes[sibling.enrolled]
        for sibling in enrolled
    )
    return lot.choice(("either", "follow_enrolled")) if can_follow else "either"


def _followed(infant: Infant, enrolled: list[Sibling], nurseries: Nurseries) -> tuple[str, ...]:
    """Of the enrolled siblings' facilities those the child could go to."""
    codes = dict.fromkeys(sibling.enrolled for sibling in enrolled if sibling.enrolled != infant.present)
    return tuple(code for code in codes if infant.age_class in nurseries.classes[code])
