"""Seats by rank: nobody lower ranked takes the seat of somebody higher ranked, whatever siblings ask for."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from madoguchi.services.allocation.contest import Child, rank
from madoguchi.services.allocation.joint_wishes import WishKind
from madoguchi.services.allocation.placing import NOT_SAME, check, place

DATA = Path(__file__).parent / "data"


def child(
    name: str,
    *clubs: str,
    total: float = 30,
    lottery: int = 0,
    family: str = "",
    together: str = "either",
    **more: object,
) -> Child:
    ranks = {code: rank(name, phase=1, total=Decimal(str(total)), tie=(), lottery=lottery) for code in clubs}
    return Child(name, clubs, ranks, bool(more.get("eligible", True)), family, WishKind(together))


def ranked_example() -> list[Child]:
    with (DATA / "gakudo_ranking_examples.csv").open(encoding="utf-8") as file:
        return [ranked_child(row) for row in csv.DictReader(file)]


def ranked_child(row: dict[str, str]) -> Child:
    phase = {"waiver": 0}.get(row["phase"]) if row["phase"] == "waiver" else int(row["phase"])
    tie = (
        float(row["grade"]),
        -float(row["dis_points"]),
        -float(row["single_or_no_parents"] == "yes"),
        -float(row["days_month"]),
        -float(row["school_district"] == "yes"),
        -float(row["siblings_u12"]),
    )
    told = rank(
        row["child_id"],
        phase=phase or 0,
        total=Decimal(row["total"]),
        tie=tie,
        lottery=int(row["lottery_no"]),
    )
    return Child(row["child_id"], ("club",), {"club": told})


def test_the_ranking_example_is_placed_as_written() -> None:
    with (DATA / "gakudo_ranking_examples.csv").open(encoding="utf-8") as file:
        expected = {row["child_id"]: row for row in csv.DictReader(file)}
    children = ranked_example()
    in_order = sorted(children, key=lambda each: each.ranks["club"])
    assert [int(expected[each.id]["expected_rank"]) for each in in_order] == list(range(len(children)))
    placed = set(place(children, {"club": 6}).facility)
    assert placed == {
        name for name, row in expected.items() if row["expected_placed_capacity_6"].startswith("yes")
    }


def test_a_higher_total_at_the_second_wish_still_competes_there_after_the_first_is_full() -> None:
    children = [
        child("a", "f1", "f2", total=40),
        child("b", "f1", "f2", total=38),
        child("c", "f2", total=35),
    ]
    assert place(children, {"f1": 1, "f2": 1}).facility == {"a": "f1", "b": "f2"}


def test_siblings_who_want_the_same_club_are_placed_at_the_rank_of_the_lower() -> None:
    children = [
        child("a1", "f1", "f2", total=40, family="a", together="same_only"),
        child("a2", "f1", "f2", total=20, family="a", together="same_only"),
        child("b", "f1", total=30),
    ]
    placing = place(children, {"f1": 2, "f2": 2})
    assert placing.facility == {"a1": "f2", "a2": "f2", "b": "f1"}


def test_a_lower_ranked_child_may_take_the_one_seat_a_pair_cannot_use() -> None:
    children = [
        child("a1", "f1", total=40, family="a", together="same_only"),
        child("a2", "f1", total=40, family="a", together="same_only"),
        child("b", "f1", total=10),
    ]
    placing = place(children, {"f1": 1})
    assert placing.facility == {"b": "f1"}
    finding = check(children, {"f1": 1}, placing.facility)
    assert finding.passed
    assert placing.set_aside == {"a1": NOT_SAME, "a2": NOT_SAME}


def test_all_or_none_gives_its_seat_back_when_one_sibling_has_none() -> None:
    children = [
        child("a1", "f1", total=40, family="a", together="all_or_none"),
        child("a2", "f2", total=10, family="a", together="all_or_none"),
        child("b", "f1", total=30),
        child("c", "f2", total=30),
    ]
    placing = place(children, {"f1": 1, "f2": 1})
    assert placing.facility == {"b": "f1", "c": "f2"}
    assert set(placing.set_aside) == {"a1", "a2"}


def test_either_places_each_sibling_alone() -> None:
    children = [
        child("a1", "f1", "f2", total=40, family="a"),
        child("a2", "f1", "f2", total=20, family="a"),
        child("b", "f1", total=30),
    ]
    assert place(children, {"f1": 1, "f2": 1}).facility == {"a1": "f1", "a2": "f2"}


def test_a_pair_put_out_by_one_better_child_leaves_no_seat_empty() -> None:
    """The seat the pair cannot use any more goes to the child who was refused because of the pair."""
    children = [
        child("t", "f2", "f1", total=50),
        child("s", "f2", total=60),
        child("a1", "f1", total=40, family="a", together="same_only"),
        child("a2", "f1", total=40, family="a", together="same_only"),
        child("b", "f1", total=10),
    ]
    capacities = {"f1": 2, "f2": 1}
    placing = place(children, capacities)
    assert placing.facility == {"s": "f2", "t": "f1", "b": "f1"}
    assert check(children, capacities, placing.facility).passed


@st.composite
def rounds(draw: st.DrawFn, families: bool) -> tuple[list[Child], dict[str, int]]:
    clubs = [f"f{number}" for number in range(draw(st.integers(1, 4)))]
    capacities = {code: draw(st.integers(0, 4)) for code in clubs}
    children = []
    for number in range(draw(st.integers(0, 14))):
        wishes = tuple(draw(st.permutations(clubs))[: draw(st.integers(1, len(clubs)))])
        totals = {code: Decimal(draw(st.integers(0, 4))) for code in wishes}
        phase = draw(st.integers(0, 3))
        name = f"c{number:02}"
        ranks = {
            code: rank(name, phase=phase, total=total, tie=(), lottery=number)
            for code, total in totals.items()
        }
        family = draw(st.sampled_from(["", "p", "q", "r"])) if families else ""
        together = draw(st.sampled_from(list(WishKind)))
        children.append(Child(name, wishes, ranks, draw(st.integers(0, 9)) > 0, family, together))
    # Five with four wishes each can still be weighed; a larger family is refused by name.
    assume(max(Counter(child.family for child in children if child.family).values(), default=0) <= 5)
    return children, capacities


@given(rounds(families=False))
@settings(max_examples=200, deadline=None)
def test_without_siblings_nobody_envies(told: tuple[list[Child], dict[str, int]]) -> None:
    children, capacities = told
    finding = check(children, capacities, place(children, capacities).facility)
    assert finding.passed


@given(rounds(families=True))
@settings(max_examples=400, deadline=None)
def test_with_siblings_only_named_families_could_claim_more(
    told: tuple[list[Child], dict[str, int]],
) -> None:
    children, capacities = told
    placing = place(children, capacities)
    finding = check(children, capacities, placing.facility)
    assert not finding.violations
    assert {block.family for block in finding.blocking} == set(placing.blocking)


@given(rounds(families=True), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_input_does_not_matter(told: tuple[list[Child], dict[str, int]], random: Random) -> None:
    children, capacities = told
    shuffled = random.sample(children, len(children))
    assert place(shuffled, capacities).facility == place(children, capacities).facility
