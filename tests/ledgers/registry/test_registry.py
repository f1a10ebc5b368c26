from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.registry import access, actions, queries
from madoguchi.ledgers.registry.errors import AlreadyEntered, HouseholdBroken, PurposeMissing
from madoguchi.ledgers.registry.models import Household, Resident
from madoguchi.ledgers.registry.states import ResidentState
from madoguchi.ledgers.registry.town_generator import generate_town
from tests.factories_registry import child, enter, enter_family, household, member

DAY = date(2026, 11, 21)
CLERK = Actor("staff", "7", "佐藤　例")
FORBIDDEN = ("個人番号", "マイナンバー", "mynumber", "individualnumber", "kojinbango", "kojinbangou")


def test_no_model_anywhere_has_a_column_for_the_individual_number() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            words = [field.name, str(getattr(field, "verbose_name", "")), str(getattr(field, "column", ""))]
            folded = "".join(words).replace("_", "").replace(" ", "").lower()
            assert not any(word in folded for word in FORBIDDEN), f"{model.__name__}.{field.name}"


def test_a_town_is_entered_whole_with_one_trace(town: Any, now: datetime) -> None:
    assert actions.enter_households(generate_town(300, 1), by=SYSTEM, at=now) == 300
    assert queries.how_many() == 300
    assert set(Resident.objects.values_list("municipality_id", flat=True)) == {town.pk}
    assert office.trace_of(Subject("registry.register", "residents")).count() == 1


def test_entering_again_changes_nothing(town: Any, now: datetime) -> None:
    enter_family()
    with pytest.raises(AlreadyEntered, match="世帯番号1"):
        enter(household(1, member(8000009)))
    with pytest.raises(AlreadyEntered, match="宛名番号8000002"):
        enter(household(2, member(8000002)))
    with pytest.raises(AlreadyEntered, match="宛名番号5は"):
        enter(household(3, member(5)), household(4, member(5)))
    assert (Household.objects.count(), Resident.objects.count()) == (1, 2)


def test_a_broken_household_keeps_all_out(town: Any) -> None:
    with pytest.raises(HouseholdBroken):
        enter(household(1, member(1)), household(2, member(2), member(3, 2)))
    assert not Household.objects.exists()


def copy_of(row: Resident, **changes: Any) -> Resident:
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    return row


@pytest.mark.parametrize(
    "changes",
    [
        {"place_in_household": 3, "relationship": 20},
        {"place_in_household": 3, "atena_number": 8000009},
        {"relationship": 20, "atena_number": 8000009},
    ],
    ids=["same number", "second head", "same place"],
)
def test_the_database_keeps_the_register_whole(town: Any, changes: dict[str, int]) -> None:
    mother, _child = enter_family()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(mother, **changes).save()


def test_a_head_who_left_makes_room_for_another(town: Any) -> None:
    mother, _child = enter_family()
    Resident.objects.filter(pk=mother.pk).update(state=ResidentState.MOVED_OUT)
    copy_of(mother, atena_number=8000009, state=ResidentState.RESIDENT).save()
    assert Resident.objects.count() == 3


def found(text: str) -> list[str]:
    return [hit.given for hit in queries.search_residents(text, on=DAY).hits]


@pytest.mark.parametrize(
    "typed",
    [
        "見本",
        "見本 花子",
        "花子",
        "みほん",
        "ミホン ハナコ",
        "ﾐﾎﾝﾊﾅｺ",
        "みほんはなこ",
        "8000001",
        "８０００００１",
        "19880502",
        "3630502",
        "S63.5.2",
    ],
)
def test_one_box_finds_a_person_however_typed(town: Any, typed: str) -> None:
    enter_family()
    assert "花子" in found(typed)


def test_variants_and_long_sounds_are_found(town: Any) -> None:
    enter(
        household(1, member(1, family="渡邉\U000e0101", family_kana="ワタナベ", given="一")),
        household(2, member(2, family="髙橋", family_kana="タカハシ", given="二", given_kana="ツギ")),
        household(3, member(3, family="佐藤", family_kana="サトウ", given="海", given_kana="ウミ")),
    )
    assert found("渡辺") == found("渡邊一") == ["一"]
    assert found("高橋") == ["二"]
    assert found("うみ") == found("サトウウミ") == found("さとう うみ") == found("サトー") == ["海"]
    assert found("%") == found("_") == found("9" * 30) == found("") == []


def test_a_search_shows_fifty_and_says_that_there_are_more(town: Any, now: datetime) -> None:
    enter(*(household(number, member(number)) for number in range(1, 53)))
    result = queries.search_residents("見本", on=DAY)
    assert (len(result.hits), result.more, result.searched_as) == (50, True, "氏名")


def test_who_moves_in_later_is_not_found_yet(town: Any) -> None:
    enter(household(1, member(1, moved_in_on=date(2026, 12, 1))))
    assert found("見本") == []


def test_staff_search_with_a_purpose_and_leave_a_trace(town: Any, now: datetime) -> None:
    mother, sora = enter_family()
    with pytest.raises(PurposeMissing):
        access.search_residents("見本", by=CLERK, at=now, purpose="")
    access.search_residents("見本", by=CLERK, at=now, purpose="窓口の受付")
    searched = Trace.objects.get(verb="registry.searched")
    assert searched.purpose == "窓口の受付"
    assert sorted(searched.note["residents"]) == [mother.pk, sora.pk]
    assert access.resident_for(mother.pk, by=CLERK, at=now, purpose="確認").name == "見本　花子"
    assert Trace.objects.filter(verb="registry.looked_at", subject_id=str(mother.pk)).exists()


def test_another_towns_residents_do_not_exist(town: Any, other_town: Any, now: datetime) -> None:
    mother, _child = enter_family()
    with municipality_session(other_town.pk):
        assert queries.resident(mother.pk) is None
        assert queries.resident_by_number(8000001) is None
        assert queries.household_members(mother.household_id) == []
        assert queries.search_residents("見本", on=DAY).hits == []
        assert queries.demo_identities(5) == []
        with pytest.raises(NotFound):
            queries.household_facts(mother.pk, on=DAY)
        with pytest.raises(NotFound):
            access.resident_for(mother.pk, by=CLERK, at=now, purpose="確認")
        enter_family()
    assert queries.how_many() == 2


def test_numbers_beyond_any_key_are_nobody(town: Any) -> None:
    assert queries.resident(10**30) is None
    assert queries.resident_by_number(10**30) is None


def test_household_facts_are_what_a_form_prefills(town: Any) -> None:
    mother, sora = enter_family()
    facts = queries.household_facts(mother.pk, on=date(2027, 4, 1))
    assert facts["resident"] == {
        "resident_id": mother.pk,
        "name": {"family": "見本", "given": "花子"},
        "kana": {"family": "ミホン", "given": "ハナコ"},
        "birth": "1988-05-02",
        "postcode": "0000021",
        "address": {"postcode": "0000021", "town": "中央二丁目", "block": "3番4号", "building": ""},
        "school_district": "中央小学校",
    }
    assert [person["grade"] for person in facts["household"]] == [None, 1]
    assert facts["household"][1]["resident_id"] == sora.pk
    assert facts["household"][1]["relationship"] == "子"
    assert facts["out_of_city"] is False


def test_demo_identities_are_parents_of_pupils(town: Any) -> None:
    enter(
        household(1, member(1), child(2)),
        household(2, member(3), child(4, birth=date(2018, 6, 1), moved_in_on=date(2018, 6, 1))),
        household(3, member(5)),
    )
    assert [view.atena_number for view in queries.demo_identities(5, on=DAY)] == [3]
    assert [view.atena_number for view in queries.demo_identities(5, on=date(2027, 4, 1))] == [1, 3]
    assert len(queries.demo_identities(1, on=date(2027, 4, 1))) == 1


def test_facts_of_households__are_those_of_each_and_cost_two_questions(
    town: Any, django_assert_num_queries: Any
) -> None:
    family = enter_family()
    wanted = [(person.pk, day) for person in family for day in (date(2026, 11, 2), date(2027, 4, 1))]
    with django_assert_num_queries(2):
        found = queries.facts_of_households(wanted)
    assert found == {(key, day): queries.household_facts(key, on=day) for key, day in wanted}
    with pytest.raises(NotFound):
        queries.facts_of_households([*wanted, (999_999, date(2027, 4, 1))])
