from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.common.ages import age_on, primary_grade
from madoguchi.common.kana import is_katakana
from madoguchi.common.names import strip_variation_selectors
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from madoguchi.ledgers.registry.rules import QueryKind, check_household, read_query, repeated
from madoguchi.ledgers.registry.states import Relationship, ResidentKind
from madoguchi.ledgers.registry.synthetic_places import PLACES
from madoguchi.ledgers.registry.town_generator import DAY, SCHOOL_DAY, generate_families, generate_town

TOWN = list(generate_town(4000, 7))
PEOPLE = [member for row in TOWN for member in row.members]


def birth(member: MemberRow) -> date:
    assert member.birth is not None
    return member.birth


def children(row: HouseholdRow) -> list[MemberRow]:
    return [member for member in row.members if member.relationship == Relationship.CHILD]


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=0, max_value=300), st.integers())
def test_a_town_has_exactly_the_people_asked_for(residents: int, seed: int) -> None:
    rows = list(generate_town(residents, seed))
    assert sum(len(row.members) for row in rows) == residents
    for row in rows:
        check_household(row)


def test_the_same_seed_gives_the_same_town() -> None:
    assert list(generate_town(500, 3)) == list(generate_town(500, 3))
    assert list(generate_town(500, 3)) != list(generate_town(500, 4))


def test_numbers_are_unique_and_never_look_like_dates() -> None:
    assert repeated(member.atena_number for member in PEOPLE) is None
    assert repeated(row.number for row in TOWN) is None
    assert all(read_query(str(member.atena_number)).kind == QueryKind.NUMBER for member in PEOPLE)


def test_a_second_lot_takes_other_numbers() -> None:
    second = [member.atena_number for row in generate_town(300, 1, offset=4000) for member in row.members]
    assert not {member.atena_number for member in PEOPLE} & set(second)


def test_nobody_is_unborn_and_children_are_younger_than_their_parents() -> None:
    assert all(birth(member) <= member.moved_in_on <= DAY for member in PEOPLE)
    for row in TOWN:
        for young in children(row):
            parents = [m for m in row.members[:2] if m.relationship != Relationship.CHILD]
            assert all(birth(parent) + timedelta(days=20 * 365) < birth(young) for parent in parents)
            assert age_on(birth(young), DAY) <= 18


def test_siblings_have_different_names_and_believable_births() -> None:
    for row in TOWN:
        assert len({m.given for m in children(row)}) == len(children(row))
        births = sorted(birth(member) for member in children(row))
        gaps = [(later - earlier).days for earlier, later in pairwise(births)]
        assert all(gap == 0 or gap > 300 for gap in gaps)


def test_every_kind_of_household_lives_there() -> None:
    shapes = Counter(
        (len(row.members) - len(children(row)), bool(children(row)), age_on(birth(row.members[0]), DAY) >= 65)
        for row in TOWN
    )
    alone, alone_old, couple_old = (1, False, False), (1, False, True), (2, False, True)
    for shape in (alone, alone_old, couple_old, (2, True, False), (1, True, False), (3, True, False)):
        assert shapes[shape] > 20
    assert any(member.kind == ResidentKind.FOREIGN for member in PEOPLE)
    assert any(m.relationship in {Relationship.FATHER, Relationship.MOTHER} for m in PEOPLE)
    assert {row.address.school_district for row in TOWN} == {place.school_district for place in PLACES}


def test_readings_are_katakana_and_some_names_need_rare_forms() -> None:
    assert all(is_katakana(member.family_kana + member.given_kana) for member in PEOPLE)
    assert any(strip_variation_selectors(member.family) != member.family for member in PEOPLE)
    assert any("髙" in member.family for member in PEOPLE)
    assert not all(member.kana_confirmed for member in PEOPLE)


@pytest.mark.parametrize("wanted", [0, 1, 300])
def test_families_hold_exactly_the_pupils_asked_for(wanted: int) -> None:
    rows = list(generate_families(wanted, 11))
    grades = [primary_grade(birth(member), SCHOOL_DAY) for row in rows for member in row.members]
    assert sum(grade is not None for grade in grades) == wanted
    if wanted == 300:
        assert set(grades) == {None, 1, 2, 3, 4, 5, 6}
        assert any(
            sum(primary_grade(birth(m), SCHOOL_DAY) is not None for m in children(row)) > 1 for row in rows
        )
