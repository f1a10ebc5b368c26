"""Who lives together in a synthetic town: one function a kind of household, 世帯主 first."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from madoguchi.ledgers.registry.states import Relationship, ResidentKind, Sex
from madoguchi.ledgers.registry.synthetic_names import (
    FOREIGN_COUPLES,
    GIVEN_BOYS,
    GIVEN_GIRLS,
    GIVEN_MEN,
    GIVEN_OLD_MEN,
    GIVEN_OLD_WOMEN,
    GIVEN_WOMEN,
    RARE_FORMS,
    SURNAMES,
    FullName,
    Written,
)

_YEAR = 365.25
_RARE_FORM = 0.04
_TWINS = 0.012
_HUSBAND_IS_HEAD = 0.85
_UNREGISTERED = 0.01
_MOTHER_OF_ONE_PARENT_FAMILY = 0.86
_SURNAME_WEIGHTS = [100 / (rank + 12) for rank in range(len(SURNAMES))]
_CHILDREN_COUNT = ((1, 2, 3, 4), (38, 45, 14, 3))
_OLD_UNTIL, _CHILD_FROM = 1960, 2005


@dataclass(frozen=True)
class Person:
    """Somebody drawn by lot, without number and place."""

    relationship: Relationship
    family: Written
    given: Written
    sex: Sex
    birth: date
    relationship_text: str = ""
    kind: ResidentKind = ResidentKind.JAPANESE


def working_single(lot: Random, on: date) -> list[Person]:
    return [_head(lot, on, 23, 64)]


def elderly_single(lot: Random, on: date) -> list[Person]:
    return [_head(lot, on, 65, 99, women=0.66)]


def student(lot: Random, on: date) -> list[Person]:
    return [_head(lot, on, 18, 23)]


def elderly_couple(lot: Random, on: date) -> list[Person]:
    return _couple(lot, on, 66, 92)


def working_couple(lot: Random, on: date) -> list[Person]:
    return _couple(lot, on, 27, 62)


def parents_with_children(lot: Random, on: date) -> list[Person]:
    parents = _couple(lot, on, 27, 52)
    return parents + _children(lot, on, parents)


def single_parent(lot: Random, on: date) -> list[Person]:
    parent = _head(lot, on, 26, 52, women=_MOTHER_OF_ONE_PARENT_FAMILY)
    return [parent, *_children(lot, on, [parent])]


def three_generations(lot: Random, on: date) -> list[Person]:
    """The family of the head with the head's father, mother or both."""
    family = parents_with_children(lot, on)
    head = family[0]
    both = ((Relationship.FATHER, Sex.MALE), (Relationship.MOTHER, Sex.FEMALE))
    living = both if lot.random() < 0.5 else (both[lot.random() < 0.75],)
    births = [head.birth - _years(lot, 23, 36) for _ in living]
    return family + [
        Person(relationship, head.family, _given(lot, sex, birth), sex, birth)
        for (relationship, sex), birth in zip(living, births, strict=True)
    ]


def foreign_household(lot: Random, on: date) -> list[Person]:
    """外国人住民, alone or as a couple."""
    pair = lot.choice(FOREIGN_COUPLES)
    first = lot.randrange(2)
    sexes = (Sex.MALE, Sex.FEMALE)
    head = _foreigner(lot, on, pair[first], sexes[first], Relationship.HEAD)
    if lot.random() < 0.6:
        return [head]
    spouse = Relationship.WIFE if sexes[first] == Sex.MALE else Relationship.HUSBAND
    return [head, _foreigner(lot, on, pair[1 - first], sexes[1 - first], spouse)]


def _foreigner(lot: Random, on: date, name: FullName, sex: Sex, relationship: Relationship) -> Person:
    birth = on - _years(lot, 22, 55)
    return Person(relationship, name.family, name.given, sex, birth, kind=ResidentKind.FOREIGN)


def _years(lot: Random, low: int, high: int) -> timedelta:
    """A span from `low` years to less than `high` + 1 years."""
    return timedelta(days=lot.randint(int(low * _YEAR) + 1, int((high + 1) * _YEAR) - 1))


def _surname(lot: Random) -> Written:
    if lot.random() < _RARE_FORM:
        return lot.choice(RARE_FORMS)
    return lot.choices(SURNAMES, weights=_SURNAME_WEIGHTS)[0]


def _pool(sex: Sex, birth: date) -> tuple[Written, ...]:
    if birth.year < _OLD_UNTIL:
        return GIVEN_OLD_MEN if sex == Sex.MALE else GIVEN_OLD_WOMEN
    if birth.year < _CHILD_FROM:
        return GIVEN_MEN if sex == Sex.MALE else GIVEN_WOMEN
    return GIVEN_BOYS if sex == Sex.MALE else GIVEN_GIRLS


def _given(lot: Random, sex: Sex, birth: date, taken: frozenset[Written] = frozenset()) -> Written:
    return lot.choice([name for name in _pool(sex, birth) if name not in taken])


def _head(lot: Random, on: date, low: int, high: int, women: float = 0.48) -> Person:
    sex = Sex.FEMALE if lot.random() < women else Sex.MALE
    birth = on - _years(lot, low, high)
    return Person(Relationship.HEAD, _surname(lot), _given(lot, sex, birth), sex, birth)


def _couple(lot: Random, on: date, low: int, high: int) -> list[Person]:
    head = _head(lot, on, low, high, women=1 - _HUSBAND_IS_HEAD)
    sex = Sex.FEMALE if head.sex == Sex.MALE else Sex.MALE
    birth = min(head.birth + timedelta(days=lot.randint(-1800, 1800)), on - timedelta(days=int(22 * _YEAR)))
    unregistered = lot.random() < _UNREGISTERED
    family = _surname(lot) if unregistered else head.family
    spouse = Person(_spouse(sex, unregistered), family, _given(lot, sex, birth), sex, birth)
    return [head, spouse]


def _spouse(sex: Sex, unregistered: bool) -> Relationship:
    if sex == Sex.FEMALE:
        return Relationship.WIFE_UNREGISTERED if unregistered else Relationship.WIFE
    return Relationship.HUSBAND_UNREGISTERED if unregistered else Relationship.HUSBAND


def _children(lot: Random, on: date, parents: list[Person]) -> list[Person]:
    """Siblings up to 18 years old, eldest first, with different names."""
    youngest_parent = max(parent.birth for parent in parents)
    earliest = on - timedelta(days=int(19 * _YEAR) - 1)
    (count,) = lot.choices(_CHILDREN_COUNT[0], weights=_CHILDREN_COUNT[1])
    children: list[Person] = []
    for birth in _births(lot, youngest_parent + _years(lot, 21, 35), count):
        if earliest <= birth <= on:
            taken = frozenset(child.given for child in children)
            sex = lot.choice((Sex.MALE, Sex.FEMALE))
            children.append(
                Person(Relationship.CHILD, parents[0].family, _given(lot, sex, birth, taken), sex, birth)
            )
    return children


def _births(lot: Random, first: date, count: int) -> list[date]:
    births = [first]
    while len(births) < count:
        twins = lot.random() < _TWINS
        births.append(births[-1] if twins else births[-1] + timedelta(days=lot.randint(420, 1700)))
    return births
