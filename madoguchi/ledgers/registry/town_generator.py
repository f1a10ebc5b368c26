"""A synthetic town by lot: the same seed gives the same town, person by person. Nobody in it exists."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.registry.rows import Address, HouseholdRow, MemberRow
from madoguchi.ledgers.registry.synthetic_people import (
    Person,
    elderly_couple,
    elderly_single,
    foreign_household,
    parents_with_children,
    single_parent,
    student,
    three_generations,
    working_couple,
    working_single,
)
from madoguchi.ledgers.registry.synthetic_places import BUILDINGS, PLACES

DAY = date(2026, 11, 1)
SCHOOL_DAY = date(2027, 4, 1)
# 宛名番号 from here on can never be taken for a birth date by the search box.
FIRST_ATENA_NUMBER = 8_000_001
FIRST_HOUSEHOLD_NUMBER = 500_000_001

Shape = Callable[[Random, date], list[Person]]
_SHAPES: dict[Shape, int] = {
    working_single: 22,
    elderly_single: 13,
    student: 4,
    elderly_couple: 13,
    working_couple: 10,
    parents_with_children: 27,
    single_parent: 5,
    three_generations: 4,
    foreign_household: 2,
}
_FAMILIES: dict[Shape, int] = {parents_with_children: 84, single_parent: 11, three_generations: 5}
_PLACE_WEIGHTS = [place.weight for place in PLACES]
_IN_A_BUILDING = 0.45
_FURIGANA_CONFIRMED = 0.93


def generate_town(residents: int, seed: int, *, on: date = DAY, offset: int = 0) -> Iterator[HouseholdRow]:
    """Households of exactly this many people, as they are on a day.

    `offset` moves 宛名番号 and 世帯番号, so that a second lot can live in the same municipality.
    """
    lot = Random(seed)  # noqa: S311 - a lot, not a secret
    people, households = offset, offset
    while (left := residents + offset - people) > 0:
        drawn = _draw(lot, _SHAPES, on)
        if len(drawn) > left:
            drawn = working_single(lot, on)
        yield _household(lot, drawn, on, people, households)
        people, households = people + len(drawn), households + 1


def generate_families(
    children: int,
    seed: int,
    *,
    on: date = SCHOOL_DAY,
    offset: int = 0,
    year_of: Callable[[date, date], int | None] = primary_grade,
) -> Iterator[HouseholdRow]:
    """Families, until exactly this many children live in them who are in grade 1 to 6 on a day.

    They are registered as they are on DAY or on the given day, whichever is earlier: nobody unborn. With another `year_of`
    other children count: those to whom it gives a year.
    """
    lot = Random(seed)  # noqa: S311 - a lot, not a secret
    people, households, pupils = offset, offset, 0
    while pupils < children:
        drawn = _draw(lot, _FAMILIES, min(on, DAY))
        in_school = sum(year_of(person.birth, on) is not None for person in drawn)
        if 0 < in_school <= children - pupils:
            yield _household(lot, drawn, min(on, DAY), people, households)
            people, households, pupils = people + len(drawn), households + 1, pupils + in_school


def _draw(lot: Random, shapes: dict[Shape, int], on: date) -> list[Person]:
    (shape,) = lot.choices(list(shapes), weights=list(shapes.values()))
    return shape(lot, on)


def _household(lot: Random, drawn: list[Person], on: date, people: int, households: int) -> HouseholdRow:
    since = max(drawn[0].birth, on - timedelta(days=lot.randint(0, 30 * 365)))
    members = tuple(
        _member(lot, person, FIRST_ATENA_NUMBER + people + index, index + 1, since)
        for index, person in enumerate(drawn)
    )
    return HouseholdRow(FIRST_HOUSEHOLD_NUMBER + households, _address(lot), members)


def _member(lot: Random, person: Person, number: int, place: int, since: date) -> MemberRow:
    return MemberRow(
        atena_number=number,
        relationship=person.relationship,
        relationship_text=person.relationship_text or person.relationship.label,
        place=place,
        family=person.family.text,
        given=person.given.text,
        family_kana=person.family.kana,
        given_kana=person.given.kana,
        sex=person.sex,
        birth=person.birth,
        moved_in_on=max(since, person.birth),
        kind=person.kind,
        kana_confirmed=lot.random() < _FURIGANA_CONFIRMED,
    )


def _address(lot: Random) -> Address:
    (place,) = lot.choices(PLACES, weights=_PLACE_WEIGHTS)
    block = f"{lot.randint(1, 24)}番{lot.randint(1, 30)}号"
    building = ""
    if lot.random() < _IN_A_BUILDING:
        building = f"{lot.choice(BUILDINGS)}{lot.randint(1, 9)}0{lot.randint(1, 8)}号"
    return Address(place.postcode, place.town, block, building, place.school_district)
