from datetime import date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight, municipality_session
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.registry import history, importing, imports_seen
from madoguchi.ledgers.registry.errors import (
    ImportFileTooLarge,
    ImportNotReady,
    IndividualNumberFound,
    MappingUnreadable,
    SnapshotOvertaken,
)
from madoguchi.ledgers.registry.models import (
    Household,
    ImportFinding,
    ImportPiece,
    ImportRow,
    Resident,
    ResidentImport,
    ResidentVersion,
)
from madoguchi.ledgers.registry.states import ImportScope, ImportState, Move, ResidentState
from tests.factories_imports import applied, as_bytes, family, handed_in, read_in, table
from tests.factories_protection import protected_family
from tests.factories_registry import NOW, child, enter, household, member

LATER = NOW + timedelta(days=30)


def people() -> dict[int, Resident]:
    return {row.atena_number: row for row in Resident.objects.select_related("household")}


def state_of(import_id: Any) -> str:
    return ResidentImport.objects.get(pk=import_id).state


def changes_of(import_id: Any) -> dict[int, str]:
    return dict(ImportRow.objects.filter(of_import=import_id).values_list("atena_number", "change"))


def test_a_first_file_fills_the_register(town: Any) -> None:
    import_id = applied(as_bytes(table()))
    assert state_of(import_id) == ImportState.APPLIED
    found = people()
    assert (found[8000001].family_name, found[8000001].given_name) == ("見本", "花子")
    assert found[8000002].birth_date == date(2020, 8, 3)
    assert found[8000002].event_kind == Move.MOVED_IN
    assert found[8000003].household.number == 2
    assert not ImportPiece.objects.exists()
    assert office.trace_of(Subject("registry.import", str(import_id))).count() == 2


def test_nothing_changes_before_it_is_applied(town: Any) -> None:
    enter(*family())
    before = list(Resident.objects.order_by("pk").values())

    def moved(rows: list[dict[str, str]]) -> None:
        rows[0]["住所_町字"] = "さくら台一丁目"

    import_id = read_in(as_bytes(table(change=moved)))
    assert list(Resident.objects.order_by("pk").values()) == before
    row = ImportRow.objects.get(of_import=import_id, atena_number=8000001)
    assert row.changes == {"town": ["中央二丁目", "さくら台一丁目"]}
    assert changes_of(import_id) == {8000001: "changed", 8000002: "same", 8000003: "same"}


def test_the_same_file_again_changes_nothing(town: Any) -> None:
    applied(as_bytes(table()))
    assert set(changes_of(applied(as_bytes(table()), at=LATER)).values()) == {"same"}
    assert not ResidentVersion.objects.exists()


def test_what_was_before_is_kept_by_day(town: Any) -> None:
    applied(as_bytes(table()))

    def moved(rows: list[dict[str, str]]) -> None:
        for row in rows[:2]:
            row |= {"住所_町字": "さくら台一丁目", "異動年月日": "20261201", "異動事由": "転居"}

    applied(as_bytes(table(change=moved)), at=LATER)
    mother = people()[8000001]
    assert (mother.town, mother.event_kind) == ("さくら台一丁目", Move.MOVED_WITHIN)
    before = history.resident_as_of(mother.pk, date(2026, 11, 30))
    after = history.resident_as_of(mother.pk, date(2026, 12, 1))
    assert before is not None
    assert after is not None
    assert (before.address, after.address) == ("中央二丁目3番4号", "さくら台一丁目3番4号")
    assert history.resident_as_of(mother.pk, date(2020, 3, 31)) is None
    assert [member.address for member in history.household_as_of(1, date(2026, 11, 30)).members] == [
        "中央二丁目3番4号"
    ] * 2
    assert [each.name for each in history.differences(before, after)] == ["町字"]


def test_the_dead_and_the_gone_leave_the_household_by_day(town: Any) -> None:
    applied(as_bytes(table()))

    def gone(rows: list[dict[str, str]]) -> None:
        rows[1] |= {"住民状態": "2", "異動年月日": "20261205", "異動事由": "転出", "記載順位": ""}
        rows[2] |= {"住民状態": "3", "異動年月日": "20261206", "異動事由": "死亡"}

    import_id = applied(as_bytes(table(change=gone)), at=LATER)
    assert changes_of(import_id) == {8000001: "same", 8000002: "left", 8000003: "left"}
    found = people()
    assert (found[8000002].event_kind, found[8000003].event_kind) == (Move.MOVED_OUT, Move.DIED)
    assert len(history.household_as_of(1, date(2026, 12, 4)).members) == 2
    assert len(history.household_as_of(1, date(2026, 12, 5)).members) == 1


def test_who_is_missing_is_shown_and_struck_off_only_by_choice(town: Any) -> None:
    applied(as_bytes(table()))
    without = as_bytes(table()[:-1])
    import_id = applied(without, at=LATER)
    assert changes_of(import_id)[8000003] == "missing"
    assert people()[8000003].state == ResidentState.RESIDENT
    applied(without, at=LATER, strike=True)
    gone = people()[8000003]
    assert (gone.state, gone.event_kind) == (ResidentState.REMOVED, Move.STRUCK_OFF)
    assert gone.versions.count() == 1


def test_a_file_of_some_people_misses_nobody(town: Any) -> None:
    applied(as_bytes(table()))
    import_id = read_in(as_bytes(table()[:-1]), scope=ImportScope.PART)
    assert "missing" not in changes_of(import_id).values()


def test_people_may_change_places_and_heads(town: Any) -> None:
    applied(as_bytes(table(household(1, member(1), child(2, birth=date(2000, 1, 1))))))

    def swapped(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"記載順位": "2", "続柄コード1": "52", "続柄表記": "母", "世帯主氏名": "見本　そら"}
        rows[1] |= {"記載順位": "1", "続柄コード1": "02", "続柄表記": "世帯主", "世帯主氏名": "見本　そら"}

    body = as_bytes(table(household(1, member(1), child(2, birth=date(2000, 1, 1))), change=swapped))
    applied(body, at=LATER)
    found = people()
    assert (found[1].place_in_household, found[2].place_in_household, found[2].relationship) == (2, 1, 2)


def findings(import_id: Any) -> set[tuple[int, str, bool]]:
    rows = ImportFinding.objects.filter(of_import=import_id)
    return set(rows.values_list("household_number", "kind", "blocks"))


def test_what_does_not_fit_is_shown_and_only_the_impossible_is_held_back(town: Any) -> None:
    def broken(rows: list[dict[str, str]]) -> None:
        rows[0]["住所_町字"] = "さくら台一丁目"
        rows[1] |= {"続柄コード1": "2"}
        rows[2] |= {"続柄コード1": "99", "記載順位": "3", "世帯主氏名": "だれか　べつ"}

    enter(*family())
    import_id = applied(as_bytes(table(change=broken)))
    assert findings(import_id) == {
        (1, "many_heads", True),
        (2, "no_head", False),
        (2, "place_gap", False),
    }
    found = people()
    assert found[8000001].town == "中央二丁目", "the household with two heads stays as it was"
    assert found[8000003].place_in_household == 3, "what the database can hold is applied"
    assert ResidentImport.objects.get(pk=import_id).result["held"] == [1]


def test_a_head_missing_from_the_file_holds_the_new_head_back_until_struck_off(town: Any) -> None:
    enter(household(1, member(1), child(2, birth=date(2000, 1, 1))))

    def alone(rows: list[dict[str, str]]) -> None:
        del rows[0]
        rows[0] |= {"続柄コード1": "2", "続柄表記": "世帯主", "世帯主氏名": "見本　そら", "記載順位": "1"}

    body = as_bytes(table(household(1, member(1), child(2, birth=date(2000, 1, 1))), change=alone))
    first = applied(body)
    assert ResidentImport.objects.get(pk=first).result["held"] == [1]
    assert "ファイルにいない人" in ImportFinding.objects.get(of_import=first, kind="many_heads").detail
    second = applied(body, strike=True)
    assert ResidentImport.objects.get(pk=second).result["held_count"] == 0
    assert people()[2].relationship == 2


def test_the_heads_name_must_be_the_heads(town: Any) -> None:
    def other(rows: list[dict[str, str]]) -> None:
        rows[1]["世帯主氏名"] = "見本　別子"

    assert findings(read_in(as_bytes(table(change=other)))) == {(1, "head_name", False)}


def test_a_number_that_stands_twice_is_rejected_on_both_lines(town: Any) -> None:
    rows = table()
    rows.append(list(rows[1]))
    import_id = read_in(as_bytes(rows))
    rejected = ImportRow.objects.filter(of_import=import_id, outcome="rejected").order_by("line")
    assert [(row.line, row.reason) for row in rejected] == [
        (line, "宛名番号8000001が、2・5行目に重なっています。") for line in (2, 5)
    ]


def test_pressing_twice_is_once(town: Any) -> None:
    import_id = read_in(as_bytes(table()))
    for _ in range(2):
        importing.order_apply(import_id=import_id, strike_missing=False, by=None, at=NOW)
    for _ in range(2):
        importing.apply(import_id=import_id, at=NOW)
    assert Resident.objects.count() == 3
    assert Trace.objects.filter(verb="registry.import_applied").count() == 1
    assert handed_in(as_bytes(table()), import_id=import_id) == import_id


def test_a_difference_that_is_overtaken_is_refused(town: Any) -> None:
    first, second = read_in(as_bytes(table())), read_in(as_bytes(table()))
    importing.order_apply(import_id=first, strike_missing=False, by=None, at=NOW)
    importing.order_apply(import_id=second, strike_missing=False, by=None, at=NOW)
    importing.apply(import_id=first, at=NOW)
    importing.apply(import_id=second, at=NOW)
    assert state_of(second) == ImportState.OVERTAKEN
    third = read_in(as_bytes(table()))
    applied(as_bytes(table()), at=LATER)
    with pytest.raises(SnapshotOvertaken):
        importing.order_apply(import_id=third, strike_missing=False, by=None, at=NOW)


def test_thrown_away_nothing_of_it_stays(town: Any) -> None:
    import_id = read_in(as_bytes(table()))
    for _ in range(2):
        importing.discard_import(import_id=import_id, by=None, at=NOW)
    assert not ImportRow.objects.exists()
    assert not ImportPiece.objects.exists()
    with pytest.raises(ImportNotReady):
        importing.order_apply(import_id=import_id, strike_missing=False, by=None, at=NOW)


def test_reading_again_after_a_crash_reads_once(town: Any) -> None:
    import_id = handed_in(as_bytes(table()))
    ResidentImport.objects.filter(pk=import_id).update(state=ImportState.READING)
    for _ in range(2):
        importing.read(import_id=import_id, municipality_code="999999", at=NOW)
    assert ImportRow.objects.filter(of_import=import_id).count() == 3


@pytest.mark.parametrize(
    "head", ["個人番号", "マイナンバー", "個人番号（マイナンバー）", "ﾏｲﾅﾝﾊﾞｰ", "個 人 番 号", "My_Number"]
)
def test_a_file_with_individual_numbers_is_refused_whole(town: Any, head: str) -> None:
    rows = table()
    rows[0].append(head)
    for row in rows[1:]:
        row.append("")
    with pytest.raises(IndividualNumberFound):
        handed_in(as_bytes(rows))
    assert not ResidentImport.objects.exists()
    assert not ImportPiece.objects.exists()
    assert list(Trace.objects.values_list("verb", "note")) == [
        ("registry.import_refused", {"code": "registry.individual_number_found"})
    ]


def test_their_values_are_known_under_any_name(town: Any) -> None:
    rows = table()
    rows[0].append("備考")
    for row, value in zip(rows[1:], ["１２３４ ５６７８ ９０１８", "123456789018", ""], strict=True):
        row.append(value)
    with pytest.raises(IndividualNumberFound, match="備考"):
        handed_in(as_bytes(rows))
    assert not ResidentImport.objects.exists()


def test_a_file_that_does_not_fit_the_mapping_is_refused_with_its_heads(town: Any, settings: Any) -> None:
    with pytest.raises(MappingUnreadable, match=r"宛名番号.*世帯番号.*「名前、年」"):
        handed_in("名前,年\r\n見本,3\r\n".encode())
    settings.IMPORT_LIMIT_BYTES = 10
    with pytest.raises(ImportFileTooLarge):
        handed_in(as_bytes(table()))


def test_another_town_sees_nothing_of_it(town: Any, other_town: Any, now: datetime) -> None:
    import_id = applied(as_bytes(table()))
    mother = people()[8000001].pk
    with municipality_session(other_town.pk):
        assert Household.objects.count() == ImportRow.objects.count() == 0
        for ask in (
            lambda: importing.import_run(import_id),
            lambda: history.history_of(mother),
            lambda: history.household_as_of(1, now.date()),
            lambda: importing.discard_import(import_id=import_id, by=None, at=now),
        ):
            with pytest.raises(NotFound):
                ask()


def test_protected_people_are_hidden_in_an_import(town: Any, staff_with: Any, now: datetime) -> None:
    hidden = protected_family(staff_with(Role.REGISTRY_CLERK), now)
    rows = table(
        household(
            71,
            member(7000001, family="守山"),
            child(7000002, family="守山"),
            child(7000009, 3, family="守山"),
        ),
        household(5, member(5)),
    )
    import_id = applied(as_bytes(rows), scope=ImportScope.PART)
    assert changes_of(import_id) == {5: "new"}
    assert imports_seen.import_view(import_id).changes["new"] == 1
    assert imports_seen.import_view(import_id).result["applied"] == {"new": 1}
    assert not ResidentVersion.objects.exists()
    assert set(people()) == {5, 7000003}, "a child born into a protected household is hidden with it"
    with full_sight():
        assert changes_of(import_id) == {7000001: "changed", 7000002: "changed", 7000009: "new", 5: "new"}
        assert people()[7000009].protection_id == hidden.unit
        assert people()[7000001].protection_id == hidden.unit
        assert ResidentVersion.objects.count() == 2
    importing.discard_import(import_id=read_in(as_bytes(rows)), by=None, at=NOW)
    with full_sight():
        assert set(ImportRow.objects.values_list("of_import", flat=True)) == {import_id}
