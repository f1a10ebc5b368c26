"""What the search box asks the database: the right people, and the right index under row-level security."""

from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.registry import finding, queries
from madoguchi.ledgers.registry.models import Resident
from madoguchi.ledgers.registry.rules import read_query
from madoguchi.ledgers.registry.states import ResidentState
from tests.factories_registry import enter, household, member
from tests.ledgers.registry.test_registry import DAY


def found(text: str, limit: int = 50) -> list[int]:
    return [hit.atena_number for hit in queries.search_residents(text, on=DAY, limit=limit).hits]


def plan_of(text: str) -> str:
    query = read_query(text)
    columns = tuple(column for column, _ in finding._ranges(query))
    values: dict[str, Any] = {"on": DAY, "most": 51}
    for number, (_, key) in enumerate(finding._ranges(query)):
        values |= {f"key{number}": key, f"key{number}_end": key + finding._LAST}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        # A handful of rows is as cheap to sort as to read in order; what is asked here is whether order comes free.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN " + finding._question(finding._BEGINS, columns, (ResidentState.RESIDENT,)), values
        )
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("見本", ("name_key", "given_key")),
        ("ミホン", ("name_key", "given_key", "kana_key", "given_kana_key", "joined_kana_key")),
    ],
)
def test_each_key_is_a_condition_of_its_own_index_though_rows_are_guarded(
    town: Any, typed: str, keys: tuple[str, ...]
) -> None:
    enter(household(1, member(8000001)))
    plan = plan_of(typed)
    for key in keys:
        index = f"resident_by_{key.replace('joined_kana_key', 'joined_kana')}"
        assert f"Index Scan using {index} on" in plan, plan
        assert any(f"({key})::text >=" in line for line in plan.split("\n") if "Index Cond" in line), plan


def test_who_lives_here_stands_before_who_has_left(town: Any) -> None:
    enter(*(household(number, member(8000000 + number)) for number in range(1, 6)))
    for number, state in ((1, ResidentState.DECEASED), (2, ResidentState.MOVED_OUT)):
        Resident.objects.filter(atena_number=8000000 + number).update(state=state)
    assert found("見本") == [8000003, 8000004, 8000005, 8000002, 8000001]
    assert found("見本", limit=4) == [8000003, 8000004, 8000005, 8000002]


def test_one_name_only_is_found_by_any_part_of_it(town: Any) -> None:
    enter(household(1, member(8000001)))
    Resident.objects.update(name_key="maria_silva%", given_name="", given_key="", kana_key="マリア")
    assert found("Silva%") == [8000001]
    assert found("リア") == [8000001]
    assert found("s%a") == []


@pytest.mark.parametrize("typed", ["ー", "・", "々", "a", "\\", "%", "'"])
def test_what_nobody_is_called_finds_nobody(town: Any, typed: str) -> None:
    enter(household(1, member(8000001)))
    assert found(typed) == []
