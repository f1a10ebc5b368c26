"""Markets small enough to be done by hand: each shows one rule of the definition."""

import json
from pathlib import Path
from typing import Any

import pytest

from madoguchi.services.allocation.market.checking import check
from madoguchi.services.allocation.market.goals import Goal
from madoguchi.services.allocation.market.interchange import instance_of
from madoguchi.services.allocation.market.running import run
from madoguchi.services.allocation.market.solving import Outcome, allocate
from tests.factories_markets import Told, market, no_stable_outcome, single

ROOT = Path(__file__).resolve().parents[3]


def placed(told: Told, **more: Any) -> dict[str, str]:
    return allocate(instance_of(told), **more).placed


def test_the_higher_priority_is_placed_and_the_other_goes_to_its_next_wish() -> None:
    told = market(
        {"f": 1, "g": 1}, {"x": single("a", "f", "g"), "y": single("b", "f")}, {"f": "ba", "g": "a"}
    )
    assert placed(told) == {"a": "g", "b": "f"}


def test_a_tie_never_displaces_so_whoever_lets_more_be_placed_gives_way() -> None:
    """a and b are equal at f; b has nowhere else to go. Both outcomes are stable, one places two."""
    families = {"x": single("a", "f", "g"), "y": single("b", "f")}
    told = market({"f": 1, "g": 1}, families, {"f": "(ab)", "g": "a"})
    assert placed(told) == {"a": "g", "b": "f"}
    assert check(instance_of(told), {"a": "f"}).blocking == []


def test_a_transfer_keeps_the_old_seat_unless_a_wish_is_met() -> None:
    families = {"x": single("a", "g"), "y": single("b", "g"), "z": single("c", "f")}
    seats, priorities = {"f": 1, "g": 1}, {"f": "c", "g": "ba"}
    assert placed(market(seats, families, priorities, {"a": "f"})) == {"a": "f", "b": "g"}
    del families["y"]
    assert placed(market(seats, families, {"f": "c", "g": "a"}, {"a": "f"})) == {"a": "g", "c": "f"}


def test_who_holds_a_seat_comes_before_every_priority() -> None:
    """a is last by its points, but the seat is its own: c, the first of all, cannot claim it."""
    told = market({"f": 1}, {"x": single("a"), "z": single("c", "f")}, {"f": "ca"}, {"a": "f"})
    finding = check(instance_of(told), {"a": "f"})
    assert (placed(told), finding.blocking) == ({"a": "f"}, [])


def test_siblings_need_all_their_seats_at_the_rank_of_the_lowest() -> None:
    """x wants both at f. One seat goes to c, which stands between the two siblings; so they go to g."""
    families = {"x": ({"a": "1", "b": "1"}, [["f", "f"], ["g", "g"]]), "z": single("c", "f")}
    told = market({"f": 2, "g": 2}, families, {"f": "acb", "g": "ab"})
    assert placed(told) == {"a": "g", "b": "g", "c": "f"}
    told["priorities"]["f"] = [["a"], ["b"], ["c"]]
    assert placed(told) == {"a": "f", "b": "f"}


def test_classes_of_a_shared_group_pool_their_seats() -> None:
    families: dict[str, Any] = {name: ({name: "4"}, [["f"]]) for name in "ab"}
    families["c"] = ({"c": "5"}, [["f"]])
    told = market({"f": {"4": 1, "5": 1}}, families, {"f": "abc"})
    assert placed(told) == {"a": "f", "c": "f"}
    told["facilities"][0]["shared"] = [["4", "5"]]
    assert placed(told) == {"a": "f", "b": "f"}


def test_where_no_stable_outcome_exists_the_fewest_block_and_are_named() -> None:
    told = no_stable_outcome()
    found: Outcome = allocate(instance_of(told))
    assert (len(found.blocking), found.blocking_bound, found.proof) == (1, 1, "optimal")
    assert found.placed == {"a": "f", "b": "g"}
    block = check(instance_of(told), found.placed).blocking[0]
    assert (block.family, block.number, block.wish) == ("z", 2, ("g",))


def test_most_placed_may_be_put_before_nobody_blocking() -> None:
    """a would take the only seat at f that b can use. Stable places one; most places two, and a is named."""
    families = {"x": single("a", "f", "g"), "y": single("b", "f")}
    told = market({"f": 1, "g": 1}, families, {"f": "ab", "g": "a"})
    assert placed(told) == {"a": "f"}
    found = allocate(instance_of(told), goal=Goal.MOST)
    assert (found.placed, found.blocking, found.proof) == ({"a": "g", "b": "f"}, ("x",), "optimal")


def test_a_family_may_give_up_a_held_seat_only_by_its_own_wish() -> None:
    families = {"x": ({"a": "1", "b": "1"}, [["g", None]])}
    told = market({"f": 1, "g": 1}, families, {"g": "a"}, {"b": "f"})
    assert placed(told) == {"a": "g"}
    assert (
        check(instance_of(told), {}).violations[0].startswith("家族「x」の子ども「b」が、在籍する施設「f」")
    )


def test_the_example_of_the_reference_comes_out_as_written_there() -> None:
    page = (ROOT / "docs/reference/allocation_format.md").read_text(encoding="utf-8")
    told = json.loads(page.split("```json\n")[1].split("```")[0])
    assert placed(told) == {"a": "f1", "b": "f1", "c": "f1"}
    told["facilities"][0]["seats"]["1"] = 2
    assert placed(told) == {"a": "f1", "b": "f1", "c": "f2"}


def test_nothing_to_allocate_is_an_outcome_too() -> None:
    done = run(instance_of(market({"f": 0}, {}, {})))
    assert (done.result["placed"], done.outcome.proof) == ({}, "optimal")


@pytest.mark.parametrize(
    ("placed", "words"),
    [
        ({"a": "f", "b": "f"}, "1席ですが、2人"),
        ({"a": "h"}, "どの希望とも違います"),
        ({"a": "nowhere"}, "クラスの席がありません"),
        ({"stranger": "f"}, "申込みにありません"),
        ({"c": "f"}, "どの希望とも違います"),
        ({}, "席を失っています"),
    ],
)
def test_the_checker_finds_what_was_put_wrong(placed: dict[str, str], words: str) -> None:
    families = {"x": single("a", "f"), "y": single("b", "f"), "z": single("c")}
    told = market({"f": 1, "h": 1}, families, {"f": "ab"}, {"c": "h"})
    good = {"a": "f", "c": "h"}
    assert check(instance_of(told), good).passed
    wrong = placed if "c" in placed or not placed else {**placed, "c": "h"}
    assert any(words in sentence for sentence in check(instance_of(told), wrong).violations)


def test_the_checker_names_the_best_wish_a_family_could_claim() -> None:
    told = market(
        {"f": 1, "g": 1}, {"x": single("a", "f", "g"), "y": single("b", "f")}, {"f": "ab", "g": "a"}
    )
    finding = check(instance_of(told), {"b": "f"})
    assert [(block.family, block.number, block.wish) for block in finding.blocking] == [("x", 1, ("f",))]
    assert not finding.passed
