"""Rounds by class: each class its seats, joint classes pool theirs, a transfer keeps its seat until a wish is met."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.seat_rules import SeatFacts, seat_facts
from madoguchi.services.allocation.actions import compute_round, hold_seat, open_round, submit_round
from madoguchi.services.allocation.contest import Child, Seats
from madoguchi.services.allocation.errors import SeatFaulty
from madoguchi.services.allocation.explaining import Wording, club_lines, explain
from madoguchi.services.allocation.joint_wishes import WishKind
from madoguchi.services.allocation.letters import facts_of
from madoguchi.services.allocation.models import Placement, Round
from madoguchi.services.allocation.placing import check, place
from madoguchi.services.allocation.queries import held_seats
from madoguchi.services.applications.queries import candidates
from madoguchi.services.applications.states import Outcome
from tests.factories_nursery import (
    PERIOD,
    SLUG,
    applied,
    nursery,
    nursery_files,
    transferring,
    with_brother,
)
from tests.services.allocation.test_placing import child

WORDING = Wording({"f1": "さくら保育園", "f2": "けやき保育園"}, {1: "一次選考"}, [])


def of_class(age_class: str, name: str, *codes: str, present: str = "", **more: Any) -> Child:
    made = child(name, *codes, **more)
    return Child(
        made.id, made.wishes, made.ranks, made.eligible, made.family, made.together, "", age_class, present
    )


def test_each_class_is_filled_by_its_own_order() -> None:
    children = [
        of_class("0", "a", "f1", total=10),
        of_class("1", "b", "f1", total=40),
        of_class("1", "c", "f1", total=30),
    ]
    seats = Seats({("f1", "0"): 1, ("f1", "1"): 1})
    placing = place(children, seats)
    assert placing.facility == {"a": "f1", "b": "f1"}
    assert check(children, seats, placing.facility).passed
    lines = {line.age_class: line for line in club_lines(children, seats, placing)}
    assert (lines["0"].applicants, lines["1"].applicants, lines["1"].cut_off) == (1, 2, "40")


def test_joint_classes_pool_their_seats() -> None:
    children = [of_class(age, age, "f1") for age in ("4", "5")]
    assert place(children, Seats({("f1", "4+5"): 2})).facility == {"4": "f1", "5": "f1"}
    assert len(place(children, Seats({("f1", "4+5"): 1})).facility) == 1


def test_a_place_without_the_class_is_told_of_and_the_next_wish_counts() -> None:
    children = [of_class("3", "a", "f1", "f2")]
    seats = Seats({("f1", "0"): 5, ("f2", "3"): 1})
    placing = place(children, seats)
    told = explain(children, seats, placing, WORDING)["a"]
    assert (told.facility, told.wish_rank) == ("f2", 2)
    assert told.sentences[0] == "第1希望のさくら保育園には3歳児クラスがないため、選考の対象になりません。"
    assert "けやき保育園（3歳児クラス）に決まりました" in told.sentences[1]


def test_a_transfer_keeps_its_seat_and_passes_it_on_when_it_moves() -> None:
    moving = of_class("1", "a", "f1", total=20, present="f2")
    waiting = of_class("1", "b", "f2", total=10)
    seats = Seats({("f1", "1"): 1, ("f2", "1"): 1})
    assert place([moving, waiting], seats).facility == {"a": "f1", "b": "f2"}
    better = of_class("1", "c", "f1", total=30)
    placing = place([moving, waiting, better], seats)
    assert placing.facility == {"a": "f2", "c": "f1"}
    assert check([moving, waiting, better], seats, placing.facility).passed
    told = explain([moving, waiting, better], seats, placing, WORDING)
    assert (told["a"].outcome, told["a"].facility, told["a"].keeps) == ("waitlisted", "", "f2")
    assert told["a"].sentences[-1] == "今のけやき保育園の席は変わりません。続けて利用できます。"
    assert told["b"].sentences[0].endswith("今回は空いている席がありません。")


def test_who_takes_no_part_keeps_the_seat_too() -> None:
    out = of_class("1", "a", "f1", present="f2", eligible=False)
    other = of_class("1", "b", "f2")
    seats = Seats({("f1", "1"): 1, ("f2", "1"): 1})
    placing = place([out, other], seats)
    assert placing.facility == {"a": "f2"}
    assert check([out, other], seats, placing.facility).passed
    assert explain([out, other], seats, placing, WORDING)["a"].outcome == "not_eligible"


def test_siblings_of_different_classes_enter_together_or_stay() -> None:
    pair = [
        of_class(age, f"a{age}", "f1", total=30, family="a", together="all_or_none", present=present)
        for age, present in (("0", ""), ("2", "f2"))
    ]
    seats = Seats({("f1", "0"): 1, ("f1", "2"): 1, ("f2", "2"): 1})
    assert place(pair, seats).facility == {"a0": "f1", "a2": "f1"}
    full = of_class("0", "b", "f1", total=40)
    placing = place([*pair, full], seats)
    assert placing.facility == {"b": "f1", "a2": "f2"}
    assert set(placing.set_aside) == {"a0", "a2"}


def test_a_brother_may_join_the_seat_that_the_other_keeps() -> None:
    """Preferring the same place, one of them can be where the other stays."""
    stays = of_class("2", "a", "f1", family="a", together=WishKind.PREFER_SAME, present="f2")
    joins = of_class("0", "b", "f1", "f2", family="a", together=WishKind.PREFER_SAME)
    seats = Seats({("f1", "0"): 0, ("f1", "2"): 0, ("f2", "0"): 1, ("f2", "2"): 1})
    assert place([stays, joins], seats).facility == {"a": "f2", "b": "f2"}


# ---- through the doors


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


def computed(reviewer: Any, now: datetime) -> Any:
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    return compute_round(round_id=opened.id, by=reviewer, at=now)


def test_a_nursery_is_placed_by_class(section: Any, reviewer: Any, staff_with: Any, now: datetime) -> None:
    loaded = nursery(now, n01={"2": 1, "3": 1}, n02={"2": 1})
    two = [applied(loaded, reviewer, now, given, ["n01"], "2") for given in ("はな", "たろう")]
    three = applied(loaded, reviewer, now, "じろう", ["n01"], "3", **transferring("n02"))
    view = computed(reviewer, now)
    assert view.by_class
    lines = {(club.code, club.age_class): club for club in view.clubs}
    assert (lines["n01", "2"].placed, lines["n01", "3"].placed, lines["n04", "4+5"].capacity) == (1, 1, 20)
    rows = {row.application_id: row for row in Placement.objects.all()}
    assert sorted(rows[each.pk].facility_code for each in two) == ["", "n01"]
    assert (rows[three.pk].facility_code, rows[three.pk].age_class) == ("n01", "3")
    head = staff_with(Role.SECTION_HEAD)
    submit_round(round_id=view.id, approver=head, by=reviewer, at=now)


def test_the_letter_tells_the_lowest_total_of_the_childs_own_class(
    section: Any, reviewer: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1, "3": 1})
    longer = {"guardians-1-end": "18:00", "guardians-1-start": "9:00"}
    applied(loaded, reviewer, now, "はな", ["n01"], "2", **longer)
    waits = applied(loaded, reviewer, now, "たろう", ["n01"], "2")
    applied(loaded, reviewer, now, "じろう", ["n01"], "3")
    view = computed(reviewer, now)
    row = Placement.objects.get(application=waits)
    (candidate,) = candidates([waits.pk])
    told = facts_of(Round.objects.get(pk=view.id), loaded.package, row, candidate)
    placed = Placement.objects.get(outcome=Outcome.GRANTED, age_class="2")
    assert told["cut_off"] == f"{placed.total.normalize():f}"


def test_siblings_of_two_classes_come_in_together(section: Any, reviewer: Any, now: datetime) -> None:
    loaded = nursery(now, n01={"2": 1}, n02={"2": 1, "3": 1})
    pair = {"2": "はな", "3": "たろう"}
    for age, other in (("2", "3"), ("3", "2")):
        wish = with_brother(pair[other], other, "same_only")
        applied(loaded, reviewer, now, pair[age], ["n01", "n02"], age, **wish)
    computed(reviewer, now)
    assert set(Placement.objects.values_list("facility_code", flat=True)) == {"n02"}


def test_a_transfer_that_is_not_met_waits_and_keeps_its_place(
    section: Any, reviewer: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 0}, n02={"2": 1})
    moving = applied(loaded, reviewer, now, "はな", ["n01"], "2", **transferring("n02"))
    other = applied(loaded, reviewer, now, "たろう", ["n02"], "2")
    view = computed(reviewer, now)
    rows = {row.application_id: row for row in Placement.objects.all()}
    assert rows[moving.pk].outcome == Outcome.WAITLISTED
    assert "今のさくらの森こども園の席は変わりません" in rows[moving.pk].explanation["sentences"][-1]
    assert rows[other.pk].outcome == Outcome.WAITLISTED
    assert view.figures["staying"] == 1


def test_a_seat_given_by_hand_is_one_of_the_childs_class(section: Any, reviewer: Any, now: datetime) -> None:
    loaded = nursery(now, n01={"2": 1, "3": 5}, n02={"2": 1})
    first, second = (applied(loaded, reviewer, now, given, ["n01"], "2") for given in ("はな", "たろう"))
    opened = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    told = {"round_id": opened.id, "facility_code": "n01", "reason": "協議した", "by": reviewer, "at": now}
    hold_seat(number=first.number, **told)
    with pytest.raises(SeatFaulty, match="定員まで"):
        hold_seat(number=second.number, **told)
    assert held_seats(opened.id)[0].class_name == "2歳児クラス"
    compute_round(round_id=opened.id, by=reviewer, at=now)
    assert Placement.objects.get(facility_code="n01").application_id == first.pk


# ---- the package


def test_the_class_is_that_of_the_entry_day_and_a_leaver_holds_no_seat() -> None:
    package = read_files(nursery_files({}))
    assert package.scoring is not None
    answers = {"child_birth": "2024-04-01", "transfer": True, "present_facility": "n02"}
    told = seat_facts(package.scoring.seats, answers, {}, date(2027, 4, 1))
    assert told == SeatFacts("3", "n02"), "born on 1 April: the older class"
    left = seat_facts(package.scoring.seats, {**answers, "transfer": False}, {}, date(2027, 4, 1))
    assert left.present == ""


@pytest.mark.parametrize(
    ("was", "now_is", "names"),
    [
        ("class = '''age_class(child_birth, on)'''", "", "クラスの決まりがありません"),
        ("class = '''age_class(child_birth, on)'''", "class = 'age_class(child_birt, on)'", "child_birt"),
        ("[seats]", "[seats]\nfloor = 1", "floor"),
    ],
    ids=["no class", "unknown name", "unknown key"],
)
def test_what_is_wrong_with_the_seats_is_told_before_publication(was: str, now_is: str, names: str) -> None:
    files = nursery_files({})
    text = files["scoring.toml"].decode()
    assert was in text
    files["scoring.toml"] = text.replace(was, now_is).encode()
    with pytest.raises(PackageFaults, match=names):
        read_files(files)


# ---- drawn towns

CODES = ["f1", "f2", "f3"]
KINDS = ["either", "same_only", "all_or_none", "prefer_same"]
DRAWN = st.lists(
    st.tuples(
        st.sampled_from("0345"),
        st.permutations(CODES),
        st.integers(1, 3),
        st.integers(1, 9),
        st.sampled_from(["", "", *CODES]),
        st.sampled_from(["", "", "", "x", "y"]),
        st.sampled_from(KINDS),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=120, deadline=None)
@given(DRAWN, st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_no_seat_is_taken_and_none_given_twice_in_any_town(drawn: list[Any], open_seats: list[int]) -> None:
    """f1 joins the classes 4 and 5, f3 has no class 0."""
    pools = [
        ("f1", "0"),
        ("f1", "3"),
        ("f1", "4+5"),
        ("f2", "0"),
        ("f2", "3"),
        ("f2", "4"),
        ("f2", "5"),
        ("f3", "3"),
    ]
    named = Seats(dict(zip(pools, open_seats, strict=True)))
    children = []
    for number, (age, order, most, total, present, family, kind, eligible) in enumerate(drawn):
        held = present if named.pool(present, age) else ""
        wishes = [code for code in order if code != held][:most]
        more = {"total": total, "lottery": number, "family": family, "together": kind, "eligible": eligible}
        children.append(of_class(age, f"c{number}", *wishes, present=held, **more))
    holders = Counter(named.pool(each.present, each.age_class) for each in children if each.present)
    seats = Seats({pool: count + holders[pool] for pool, count in named.by_pool.items()})
    placing = place(children, seats)
    finding = check(children, seats, placing.facility)
    assert not finding.violations
    assert {block.family for block in finding.blocking} <= set(placing.blocking)
    counted = Counter(
        seats.pool(code, each.age_class) for each in children if (code := placing.facility.get(each.id))
    )
    assert all(counted[pool] <= count for pool, count in seats.by_pool.items())
    told = explain(children, seats, placing, WORDING)
    for each in children:
        where = placing.facility.get(each.id, "")
        assert where in each.wishes or where == each.present, "a wish that was met, or the seat the child had"
        assert told[each.id].facility == (where if where in each.wishes else "")
    lines = club_lines(children, seats, placing)
    assert sum(line.placed for line in lines) == sum(bool(story.facility) for story in told.values())
    assert all(0 <= line.placed <= line.capacity for line in lines)
