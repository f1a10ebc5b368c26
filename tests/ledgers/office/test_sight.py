"""The sight of a session: who sees protected people is decided by PostgreSQL, never by a filter."""

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from madoguchi.ledgers.office.guards import Open
from madoguchi.ledgers.office.models import ProtectedSubject, Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.row_security import guards
from madoguchi.ledgers.office.session import (
    Binding,
    Sight,
    binding,
    current_sight,
    enter_municipality,
    enter_sight,
    full_sight,
    municipality_session,
    plain_sight,
)
from madoguchi.ledgers.registry.models import ProtectionUnit, Resident
from tests.factories_protection import Family, protected_family

SUBJECT_COLUMNS = {"subject_id", "owner_id"}
ROOTS = {"registry.resident", "applications.application", "registry.protectionunit"}


@pytest.fixture
def family(staff_with: Any, now: datetime) -> Family:
    return protected_family(staff_with(Role.REGISTRY_CLERK), now)


def numbers() -> set[int]:
    return set(Resident.objects.values_list("atena_number", flat=True))


def test_plain_sight_lacks_protected_people(family: Family) -> None:
    assert current_sight() == Sight.PLAIN
    assert numbers() == {7000003}
    assert not ProtectionUnit.objects.exists()


def test_full_sight_has_them_and_gives_the_former_sight_back(family: Family) -> None:
    with full_sight():
        assert numbers() == {7000001, 7000002, 7000003}
        with plain_sight():
            assert numbers() == {7000003}
        with full_sight():
            assert len(numbers()) == 3
        assert current_sight() == Sight.ALL
    assert numbers() == {7000003}


def test_own_sight_has_the_own_unit_only(family: Family, town: Any) -> None:
    with municipality_session(town.pk, Sight.OWN, family.unit):
        assert numbers() == {7000001, 7000002, 7000003}
        assert ProtectionUnit.objects.get().pk == family.unit
    with municipality_session(town.pk, Sight.OWN, family.unit + 1):
        assert numbers() == {7000003}


def test_own_sight_without_a_unit_is_refused(town: Any) -> None:
    with pytest.raises(ValueError, match="protection unit"):
        enter_sight(Sight.OWN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('madoguchi.sight', 'own', false)")
    assert ProtectionUnit.objects.count() == 0


def test_entering_a_municipality_ends_every_former_sight(family: Family, town: Any) -> None:
    enter_sight(Sight.ALL)
    enter_municipality(town.pk)
    assert binding() == Binding(town.pk)
    assert numbers() == {7000003}


def test_an_error_inside_full_sight_leaves_no_sight_behind(town: Any) -> None:
    for broken in (broken_inside, broken_around):
        with pytest.raises(DatabaseError):
            broken()
        assert binding() == Binding(town.pk)


def broken_inside() -> None:
    with full_sight(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


def broken_around() -> None:
    with transaction.atomic(), full_sight(), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


def test_plain_sight_can_neither_hide_nor_change_a_protected_person(family: Family) -> None:
    assert Resident.objects.filter(pk=family.mother.pk).update(protection=None) == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Resident.objects.filter(pk=family.father.pk).update(protection=family.unit)


def test_the_trace_about_protected_people_is_hidden_and_still_verifies(family: Family, town: Any) -> None:
    from madoguchi.ledgers.office.queries import verify_chain

    about = Trace.objects.filter(subject_kind="registry.protection")
    assert not about.exists()
    with full_sight():
        assert about.count() == 1
    assert verify_chain(town).broken is None


def test_the_list_of_protected_records_follows_by_itself(family: Family) -> None:
    assert set(ProtectedSubject.objects.values_list("kind", "subject_id")) == {
        ("registry.protection", str(family.unit)),
        ("registry.resident", str(family.mother.pk)),
        ("registry.resident", str(family.child.pk)),
    }
    with full_sight():
        Resident.objects.filter(pk=family.child.pk).update(protection=None)
    assert ProtectedSubject.objects.count() == 2


def test_every_table_that_hangs_on_a_person_says_how_it_is_guarded() -> None:
    """A new table must name its guard, or `Open` with a reason."""
    unguarded = [model._meta.label for model in person_tables() if not getattr(model, "guarded_by", None)]
    assert unguarded == []
    reasons = [model.guarded_by.reason for model in municipal() if isinstance(model.guarded_by, Open)]
    assert all(len(reason) > 20 for reason in reasons)


def municipal() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "guarded_by")]


def person_tables() -> set[Any]:
    """Municipal tables with a path of foreign keys, or a kind and key, to a resident or an application."""
    reached = {model for model in municipal() if model._meta.label_lower in ROOTS}
    while True:
        more = {model for model in municipal() if model not in reached and leads_to(model, reached)}
        if not more:
            return reached
        reached |= more


def leads_to(model: Any, reached: set[Any]) -> bool:
    if model is ProtectedSubject:
        return False
    fields = model._meta.get_fields()
    keys = {field.related_model for field in fields if field.many_to_one or field.one_to_one}
    names = {field.name for field in fields if field.concrete}
    return bool(keys & reached) or bool(names & SUBJECT_COLUMNS)


def test_postgresql_holds_a_restrictive_policy_for_every_guard(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, permissive, cmd FROM pg_policies WHERE policyname = 'protected_people'"
        )
        held = {table: (kind, move) for table, kind, move in cursor.fetchall()}
    wanted = {table: guard.reading_only for table, guard in guards()}
    assert set(held) == set(wanted)
    assert {kind for kind, _ in held.values()} == {"RESTRICTIVE"}
    assert held["office_trace"][1] == "SELECT"
