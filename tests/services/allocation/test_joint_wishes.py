"""What brothers and sisters wish together."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.services.allocation.joint_wishes import (
    MOST_JOINT_WISHES,
    JointWish,
    TooManyJointWishes,
    WishKind,
    follow_enrolled,
    joint_wishes,
    strictest,
)

WORKED = [
    (WishKind.SAME_ONLY, ["f1;f2;f3", "f1;f2;f3"], "f1,f1|f2,f2|f3,f3"),
    (WishKind.EITHER, ["f1;f2", "f1;f2"], "f1,f1|f1,f2|f2,f1|f2,f2|f1,-|-,f1|f2,-|-,f2"),
    (WishKind.ALL_OR_NONE, ["f1;f2", "f1;f2"], "f1,f1|f1,f2|f2,f1|f2,f2"),
    (WishKind.PREFER_SAME, ["f1;f2", "f1;f2"], "f1,f1|f2,f2|f1,f2|f2,f1|f1,-|-,f1|f2,-|-,f2"),
]
OWN_WISHES = st.lists(
    st.permutations(["f1", "f2", "f3", "f4"]).flatmap(
        lambda codes: st.integers(0, 4).map(lambda count: codes[:count])
    ),
    min_size=1,
    max_size=3,
)


def written(wishes: list[JointWish]) -> str:
    return "|".join(",".join(code or "-" for code in wish) for wish in wishes)


@pytest.mark.parametrize(("kind", "own", "expected"), WORKED, ids=lambda value: str(value)[:12])
def test_each_kind_of_wish_is_written_out_in_the_order_it_is_met(
    kind: WishKind, own: list[str], expected: str
) -> None:
    assert written(joint_wishes(kind, [each.split(";") for each in own])) == expected


def test_the_same_facility_is_asked_for_by_the_sum_of_the_wish_numbers() -> None:
    assert joint_wishes(WishKind.SAME_ONLY, [["f1", "f2", "f3"], ["f3", "f2"]]) == [
        ("f2", "f2"),
        ("f3", "f3"),
    ]


def test_a_child_follows_a_sibling_who_is_there_already() -> None:
    assert follow_enrolled(["f1", "f2", "f3"], ["f2"]) == ["f2"]
    assert follow_enrolled(["f1"], ["f2"]) == []


@given(OWN_WISHES)
def test_every_kind_wishes_only_what_the_children_wish_and_nothing_twice(own: list[list[str]]) -> None:
    for kind in WishKind:
        wishes = joint_wishes(kind, own)
        assert len(set(wishes)) == len(wishes)
        assert all(
            code is None or code in each for wish in wishes for code, each in zip(wish, own, strict=True)
        )
        assert all(any(wish) for wish in wishes)


@given(OWN_WISHES)
def test_the_stricter_kind_wishes_a_part_of_the_looser(own: list[list[str]]) -> None:
    sets = {kind: set(joint_wishes(kind, own)) for kind in WishKind}
    assert sets[WishKind.SAME_ONLY] <= sets[WishKind.ALL_OR_NONE] <= sets[WishKind.EITHER]
    assert sets[WishKind.PREFER_SAME] == sets[WishKind.EITHER]


@given(OWN_WISHES)
def test_more_seats_and_earlier_wishes_come_first(own: list[list[str]]) -> None:
    wishes = joint_wishes(WishKind.EITHER, own)
    seats = [sum(code is not None for code in wish) for wish in wishes]
    assert seats == sorted(seats, reverse=True)
    for earlier, later in pairwise(wishes):
        assert not all(_at_least_as_good(b, a, each) for a, b, each in zip(earlier, later, own, strict=True))


def _at_least_as_good(code: str | None, other: str | None, own: list[str]) -> bool:
    """Whether the child would not mind the later wish in place of the earlier one."""
    places = [own.index(each) if each is not None else len(own) for each in (code, other)]
    return places[0] <= places[1]


@pytest.mark.parametrize("kinds", list(permutations(WishKind)))
def test_of_papers_that_differ_the_strictest_counts(kinds: tuple[WishKind, ...]) -> None:
    assert strictest(kinds) == WishKind.SAME_ONLY
    assert strictest([kind for kind in kinds if kind != WishKind.SAME_ONLY]) == WishKind.ALL_OR_NONE


def test_wishes_that_multiply_beyond_reason_are_refused_with_a_remedy() -> None:
    many = [[f"f{number}" for number in range(20)]] * 4
    with pytest.raises(TooManyJointWishes, match="減らす"):
        joint_wishes(WishKind.EITHER, many)
    assert len(joint_wishes(WishKind.SAME_ONLY, many)) == 20 < MOST_JOINT_WISHES
