"""支援措置 seen from the cases: which unit a case belongs to, and when staff must ask the registry; pure."""

from collections.abc import Iterable

from madoguchi.common.names import name_key
from madoguchi.ledgers.registry.views import ProtectedFigure
from madoguchi.services.applications.reading import Person


def unit_by_names(figures: Iterable[ProtectedFigure], person: Person) -> int | None:
    """The unit to which both the person and the applicant of a case belong, as far as a paper form can tell."""
    of_person = {each.unit for each in figures if is_person(each, person)}
    of_applicant = {each.unit for each in figures if each.name_key == name_key(person.applicant)}
    both = sorted(of_person & of_applicant)
    return both[0] if both else None


def asks_registry(figures: Iterable[ProtectedFigure], person: Person, unit: int | None) -> bool:
    """Whether a case names a protected person without belonging to that person's unit."""
    return any(is_person(each, person) and each.unit != unit for each in figures)


def is_person(figure: ProtectedFigure, person: Person) -> bool:
    return bool(person.key) and person.key == key_of(figure)


def key_of(figure: ProtectedFigure) -> str:
    """What rules.person_key gives for the same person."""
    return f"{figure.name_key}|{figure.birth.isoformat()}"[:200] if figure.birth else ""
