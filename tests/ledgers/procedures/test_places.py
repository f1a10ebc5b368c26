"""Places with one capacity and places with seats by class, and what is wrong with a table of them."""

import pytest

from madoguchi.ledgers.procedures.cel import compile_rule
from madoguchi.ledgers.procedures.csv_tables import read_csv
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.offers import Facility, facilities_as_facts
from madoguchi.ledgers.procedures.places import read_facilities
from tests.factories_procedures import CLUBS, package_with

HEAD = (
    "code,symbol,name,kind,area,address,opens_at,closes_at,extension,"
    "seats_0,seats_1,seats_2,seats_3,seats_4,seats_5,shared,partners\n"
)
WHOLE = "n1,A1,例保育園,認可保育所,中央,中央1番,07:00,19:00,yes,6,10,12,14,10,9,4+5,\n"
SMALL = "n2,A2,例保育室,小規模保育,中央,中央2番,08:00,18:00,no,6,0,7,,,,,n1\n"


def places(*lines: str) -> tuple[Facility, ...]:
    return read_facilities(read_csv("tables/facilities.csv", (HEAD + "".join(lines)).encode()))


def fault_of(*lines: str, head: str = HEAD) -> tuple[int, str]:
    with pytest.raises(PackageFaults) as caught:
        read_facilities(read_csv("tables/facilities.csv", (head + "".join(lines)).encode()))
    (found,) = caught.value.faults
    return found.line, found.sentence


def test_a_nursery_has_seats_by_class_and_their_sum_as_capacity() -> None:
    whole, small = places(WHOLE, SMALL)
    assert whole.seats == {"0": 6, "1": 10, "2": 12, "3": 14, "4": 10, "5": 9}
    assert (whole.capacity, whole.shared) == (61, (("4", "5"),))
    assert small.classes == ("0", "1", "2")
    assert (small.seats["1"], small.capacity, small.partners) == (0, 13, ("n1",))


def test_a_club_keeps_its_one_capacity() -> None:
    club = package_with(clubs=CLUBS).facilities[0]
    assert (club.capacity, dict(club.seats), club.shared, club.classes) == (60, {}, (), ())
    assert set(club.as_facts) == {
        *("code", "symbol", "name", "school_district", "capacity", "address", "closes_at", "extension")
    }


def test_a_rule_may_ask_for_the_classes_of_a_place() -> None:
    rule = compile_rule("contains(facilities['n2'].classes, 2)", known={"facilities"}, file="x", line=1)
    assert rule.holds({"facilities": facilities_as_facts(places(WHOLE, SMALL))})
    older = compile_rule("contains(facilities['n2'].classes, 3)", known={"facilities"}, file="x", line=1)
    assert not older.holds({"facilities": facilities_as_facts(places(WHOLE, SMALL))})


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (WHOLE.replace(",6,10,", ",六,10,"), "0歳児クラスの定員「六」"),
        (WHOLE.replace(",6,10,", ",-6,10,"), "0歳児クラスの定員「-6」"),
        (WHOLE.replace(",6,10,12,14,10,9,4+5,", ",,,,,,,,"), "クラスの定員"),
        (WHOLE.replace("4+5", "4"), "合同クラス「4」"),
        (WHOLE.replace("4+5", "4+6"), "合同クラス「4+6」"),
        (WHOLE.replace("4+5", "3+4|4+5"), "合同クラス「3+4|4+5」"),
        (WHOLE.replace("4+5,", "4+5,n9"), "連携施設「n9」"),
        (WHOLE.replace("4+5,", "4+5,n1"), "連携施設「n1」"),
        (WHOLE.replace(",yes,", ",,"), "yes か no"),
        (WHOLE.replace("n1,A1", ",A1"), "コード"),
    ],
)
def test_a_bad_place_is_named_with_its_line(line: str, part: str) -> None:
    number, sentence = fault_of(line)
    assert number == 2
    assert part in sentence


def test_a_missing_column_is_named() -> None:
    number, sentence = fault_of(WHOLE, head=HEAD.replace("seats_3", "seats_three"))
    assert number == 1
    assert "「seats_3」" in sentence
