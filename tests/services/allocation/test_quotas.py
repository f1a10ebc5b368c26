"""枠: reserved seats in a first pass, what is left of them for everybody in a second one."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.allocation.actions import compute_round, open_round, submit_round
from madoguchi.services.allocation.contest import EVERYBODY, Child, Quota, Seats
from madoguchi.services.allocation.explaining import Wording, club_lines, explain
from madoguchi.services.allocation.models import Placement
from madoguchi.services.allocation.placing import check, place
from madoguchi.services.allocation.queries import quota_lines
from madoguchi.services.allocation.quota_passes import common
from tests.factories_nursery import PERIOD, SLUG, applied, nursery, nursery_files
from tests.services.allocation.test_placing import child

WORDING = Wording({"f1": "さくら保育園", "f2": "けやき保育園"}, {1: "一次選考"}, [])


def meeting(made: Child, *keys: str) -> Child:
    return replace(made, quotas=frozenset(keys))


def seats_with(quota: int, **facilities: int) -> Seats:
    """So many of the seats of f1 are reserved."""
    by_pool = {(code, EVERYBODY): count for code, count in facilities.items()}
    return Seats(by_pool, (Quota("f1#1", ("f1", EVERYBODY), quota, "障害児枠"),))


def test_a_reserved_seat_goes_to_who_meets_the_condition_before_better_ranked_ones() -> None:
    children = [
        child("a", "f1", total=40),
        child("b", "f1", total=30),
        meeting(child("c", "f1", total=10), "f1#1"),
    ]
    seats = seats_with(1, f1=2)
    placing = place(children, seats)
    assert placing.facility == {"a": "f1", "c": "f1"}
    assert placing.by_quota == {"c": "障害児枠"}
    assert check(children, seats, placing.facility, placing.first).passed
    told = explain(children, seats, placing, WORDING)
    assert told["c"].sentences == ("第1希望のさくら保育園に決まりました。「障害児枠」の席です。",)
    assert told["c"].as_json()["quota"] == "障害児枠"
    assert "定員2人（うち枠の席1人）が順位の高い方で埋まりました" in told["b"].sentences[0]
    assert "最も低い合計は40点" in told["b"].sentences[0], "the total of the reserved seat is no cut-off"
    assert club_lines(children, seats, placing)[0].cut_off == "40"


def test_a_seat_nobody_uses_is_given_to_everybody() -> None:
    children = [child("a", "f1", total=40), child("b", "f1", total=30), child("c", "f1", total=20)]
    seats = seats_with(1, f1=2)
    placing = place(children, seats)
    assert placing.first == {"a": "f1"}
    assert placing.facility == {"a": "f1", "b": "f1"}
    assert check(children, seats, placing.facility, placing.first).passed


def test_an_unused_seat_lets_somebody_come_off_better_and_passes_the_other_on() -> None:
    children = [child("a", "f1", "f2", total=40), child("b", "f2", total=30)]
    seats = seats_with(1, f1=1, f2=1)
    placing = place(children, seats)
    assert placing.first == {"a": "f2"}
    assert placing.facility == {"a": "f1", "b": "f2"}


def test_siblings_may_use_a_reserved_seat_together_with_a_common_one() -> None:
    pair = [child(name, "f1", total=10, family="a", together="same_only") for name in ("a1", "a2")]
    children = [meeting(pair[0], "f1#1"), pair[1], child("b", "f1", total=5), child("c", "f1", total=4)]
    placing = place(children, seats_with(1, f1=2))
    assert placing.facility == {"a1": "f1", "a2": "f1"}
    assert placing.by_quota == {"a1": "障害児枠"}


def test_a_seat_that_is_held_is_never_reserved() -> None:
    stays = replace(child("a", "f2", total=1), present="f1")
    other = meeting(child("b", "f1", total=40), "f1#1")
    seats = seats_with(1, f1=1, f2=0)
    placing = place([stays, other], seats)
    assert placing.facility == {"a": "f1"}
    assert check([stays, other], seats, placing.facility, placing.first).passed


def test_the_checker_finds_a_reserved_seat_given_to_somebody_else() -> None:
    children = [child("a", "f1", total=40), meeting(child("c", "f1", total=10), "f1#1")]
    wrong = check(children, seats_with(1, f1=1), {"a": "f1"}, {"a": "f1#1"})
    assert not wrong.passed
    left_out = check(children, seats_with(1, f1=1), {"a": "f1"}, {})
    assert [block.family for block in left_out.blocking] == ["c"]


CODES = ["f1", "f2", "f3"]
DRAWN = st.lists(
    st.tuples(st.integers(1, 9), st.permutations(CODES), st.integers(1, 3), st.booleans(), st.booleans()),
    min_size=1,
    max_size=9,
)


def drawn_town(drawn: list[Any], seats: list[int], reserved: list[int]) -> tuple[list[Child], Seats]:
    children = []
    for number, (total, order, most, one, other) in enumerate(drawn):
        keys = [key for key, met in (("f1#1", one), ("f2#2", other)) if met]
        children.append(meeting(child(f"c{number}", *order[:most], total=total, lottery=number), *keys))
    by_pool = {(code, EVERYBODY): count for code, count in zip(CODES, seats, strict=True)}
    quotas = tuple(
        Quota(f"f{n}#{n}", (f"f{n}", EVERYBODY), count, f"枠{n}") for n, count in enumerate(reserved, 1)
    )
    return children, Seats(by_pool, quotas)


COUNTS = st.lists(st.integers(0, 3), min_size=3, max_size=3)
RESERVED = st.lists(st.integers(1, 3), min_size=2, max_size=2)


@settings(max_examples=150, deadline=None)
@given(DRAWN, COUNTS, RESERVED)
def test_both_passes_hold_and_nobody_loses_a_seat(drawn: Any, counts: list[int], reserved: list[int]) -> None:
    children, seats = drawn_town(drawn, counts, reserved)
    placing = place(children, seats)
    assert check(children, seats, placing.facility, placing.first).passed
    by_id = {each.id: each for each in children}
    quotas = {quota.key: quota for quota in seats.quotas}
    assert all(key in by_id[who].quotas for who, key in placing.first.items() if key in quotas)
    counted = Counter(placing.facility.values())
    assert all(counted[code] <= count for (code, _), count in seats.by_pool.items())
    for who, was in common(placing.first, seats.quotas).items():
        wishes = by_id[who].wishes
        assert wishes.index(placing.facility[who]) <= wishes.index(was), (
            "nobody loses a seat in the second pass"
        )
    for each in children:
        reached = each.wishes.index(placing.facility[each.id]) if each.id in placing.facility else 9
        assert all(counted[code] == seats.by_pool[code, EVERYBODY] for code in each.wishes[:reached]), (
            "no seat idle"
        )


@settings(max_examples=80, deadline=None)
@given(DRAWN, COUNTS, RESERVED)
def test_quotas_nobody_meets_change_nothing(drawn: Any, counts: list[int], reserved: list[int]) -> None:
    met, seats = drawn_town(drawn, counts, reserved)
    children = [replace(each, quotas=frozenset()) for each in met]
    assert place(children, seats).facility == place(children, replace(seats, quotas=())).facility


# ---- through the doors

QUOTA = """
[[quota]]
facility = "n01"
class = "2"
seats = 1
name = "障害児枠"
when = 'contains(care_needs, "techo")'
"""


def with_quota(text: str, seats: dict[str, dict[str, int]] | None = None) -> dict[str, bytes]:
    files = nursery_files(seats or {})
    files["scoring.toml"] += text.encode()
    return files


def test_a_round_with_a_quota_tells_which_seat_it_was(section: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    loaded = nursery(now, files=with_quota(QUOTA, {"n01": {"2": 1}}))
    longer = {"guardians-1-start": "9:00", "guardians-1-end": "18:00"}
    applied(loaded, reviewer, now, "はな", ["n01"], "2", **longer)
    other = applied(loaded, reviewer, now, "たろう", ["n01"], "2", care_needs="techo")
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    view = compute_round(round_id=opened.id, by=reviewer, at=now)
    row = Placement.objects.get(facility_code="n01")
    assert (row.application_id, row.explanation["quota"]) == (other.pk, "障害児枠")
    assert quota_lines(view) == [("A1 市立さくら台保育園", "2歳児クラス", "障害児枠", 1, 1)]
    waits = Placement.objects.get(facility_code="")
    assert "空き1人が、枠の条件に合う方で埋まりました" in waits.explanation["sentences"][0]
    submit_round(round_id=opened.id, approver=staff_with(Role.SECTION_HEAD), by=reviewer, at=now)


@pytest.mark.parametrize(
    ("was", "now_is", "names"),
    [
        ('"n01"', '"n99"', "施設とクラス"),
        ('class = "2"', 'class = "7"', "施設とクラス"),
        ("seats = 1", "seats = 0", "1以上の整数"),
        ('name = "障害児枠"', "", "name"),
        ("care_needs", "care_need", "care_need"),
    ],
    ids=["facility", "class", "seats", "name", "condition"],
)
def test_what_is_wrong_with_a_quota_is_told_before_publication(was: str, now_is: str, names: str) -> None:
    assert was in QUOTA
    with pytest.raises(PackageFaults, match=names):
        read_files(with_quota(QUOTA.replace(was, now_is)))
