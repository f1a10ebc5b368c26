"""What a family reads: where, why, and against which last seat."""

from dataclasses import replace

from madoguchi.services.allocation.contest import Child
from madoguchi.services.allocation.explaining import ClubLine, Story, Wording, club_lines, explain
from madoguchi.services.allocation.placing import check, claims_of, place
from tests.services.allocation.test_placing import child

WORDING = Wording(
    {"f1": "さくら学童クラブ", "f2": "けやき学童クラブ"}, {1: "一次選考"}, ["公開した抽選番号が小さい"]
)


def stories(children: list[Child], capacities: dict[str, int]) -> dict[str, Story]:
    return explain(children, capacities, place(children, capacities), WORDING)


def test_a_placed_child_reads_its_position_and_a_refused_one_the_last_total() -> None:
    told = stories(
        [child("a", "f1", total=33.5), child("b", "f1", "f2", total=31), child("c", "f2", total=5)],
        {"f1": 1, "f2": 2},
    )
    assert told["a"].sentences == (
        "第1希望のさくら学童クラブに決まりました。希望者2人のうち1位、定員は1人です。",
    )
    assert told["b"].sentences == (
        "第1希望のさくら学童クラブは定員1人が順位の高い方で埋まりました。"
        "合計は31点、入所した方の最も低い合計は33.5点です。",
        "第2希望のけやき学童クラブに決まりました。希望者が定員以内のため、順位を付けていません。",
    )
    assert (told["b"].facility, told["b"].wish_rank, told["b"].position) == ("f2", 2, None)


def test_equal_totals_name_the_key_that_decided() -> None:
    told = stories([child("a", "f1", lottery=1), child("b", "f1", lottery=2)], {"f1": 1})
    assert "公開した抽選番号が小さい" in told["b"].sentences[0]
    assert told["b"].outcome == "waitlisted"


def test_siblings_read_that_their_own_wish_kept_them_out() -> None:
    pair = [child(name, "f1", total=40, family="a", together="same_only") for name in ("a1", "a2")]
    told = stories([*pair, child("b", "f1", total=10)], {"f1": 1})
    assert "きょうだいの希望どおりに全員の席がそろいませんでした" in told["a1"].sentences[0]


def test_who_does_not_meet_the_condition_is_told_so_and_counted_nowhere() -> None:
    children = [child("a", "f1"), child("b", "f1", eligible=False)]
    told = stories(children, {"f1": 1})
    assert told["b"].outcome == "not_eligible"
    assert told["a"].wishes[0].applicants == 1


def test_a_club_with_no_more_wishes_than_seats_is_not_ranked() -> None:
    children = [child("a", "f1"), child("b", "f1")]
    capacities = {"f1": 2, "f2": 1}
    assert club_lines(children, capacities, place(children, capacities)) == [
        ClubLine("f1", 2, 2, 2, 2, "", True),
        ClubLine("f2", 1, 0, 0, 0, "", True),
    ]


def test_the_higher_sibling_reads_that_the_lower_total_counted() -> None:
    pair = [
        child("a1", "f1", total=40, family="a", together="same_only"),
        child("a2", "f1", total=20, family="a", together="same_only"),
    ]
    told = stories([*pair, child("b", "f1", total=30), child("c", "f1", total=29)], {"f1": 2})
    assert told["a1"].wishes[0].result == "family"
    assert "きょうだいのうち低い方の合計は20点" in told["a1"].sentences[0]
    assert told["a2"].wishes[0].result == "full"


def test_whoever_could_claim_a_seat_in_every_outcome_is_told_so_and_by_no_false_reason() -> None:
    """A pair that enters together or not at all and a child around two single seats: no outcome is without a claim."""
    children = [
        child("a1", "f1", total=40, family="a", together="all_or_none"),
        child("a2", "f2", total=20, family="a", together="all_or_none"),
        child("c", "f1", "f2", total=30),
    ]
    capacities = {"f1": 1, "f2": 1}
    placing = place(children, capacities)
    assert (placing.blocking, placing.blocking_bound) == (("c",), 1)
    claims = claims_of(children, check(children, capacities, placing.facility))
    assert claims == {"c": "f2"}
    told = explain(children, capacities, replace(placing, claims=claims), WORDING)
    assert [wish.result for wish in told["c"].wishes] == ["full", "claim"]
    assert "順位では席を求められます" in told["c"].sentences[1]
    assert "最も低い合計" not in told["c"].sentences[1]
