import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.decisions.routing.posts import LADDER, rank_of
from madoguchi.clerical.decisions.routing.route import (
    Capacity,
    Matter,
    Refused,
    Route,
    Seat,
    StageKind,
    Wait,
    plan,
    written,
)
from madoguchi.clerical.decisions.routing.table import default_table

EXAMPLES = Path(__file__).parent / "data" / "senketsu_examples.csv"
TABLE = default_table()
DAY = date(2026, 6, 1)
POSTS = ["係員", "係長", "課長補佐", "課長", "部次長", "部長", "副市長", "市長"]
NAMED = sorted({post for row in TABLE.rows for post in (*row.consult, *row.substitutes)})


def number(text: str) -> int | None:
    return int(text) if text else None


def matter_of(example: dict[str, str]) -> Matter:
    return Matter(
        kind=example["kind"],
        amount=number(example["amount"]),
        on=date.fromisoformat(example["on"]),
        drafter_post=example["drafter"],
        section=example["section"],
        important=example["important"] == "yes",
        disagreed=example["disagreed"] == "yes",
        party=frozenset(filter(None, example["party"].split(";"))),
        absent=frozenset(filter(None, example["absent"].split(";"))),
        urgent=example["urgent"] == "yes",
        instructed=example["instructed"] == "yes",
        original_amount=number(example["original_amount"]),
        split_add=number(example["split_add"]) or 0,
        budget_ok=example["budget_ok"] == "yes",
    )


def examples() -> list[dict[str, str]]:
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(planned: Route | Wait | Refused) -> dict[str, str]:
    """What was planned, in the columns of the examples."""
    if isinstance(planned, Refused):
        return {"result": "refuse", "decider": "", "route": "", "later_look": "", "council": ""}
    if isinstance(planned, Wait):
        return {"result": "wait", "decider": planned.decider, "route": "", "later_look": "", "council": ""}
    return {
        "result": "route",
        "decider": planned.decider,
        "route": written(planned),
        "later_look": ";".join(planned.later_look),
        "council": planned.council,
    }


@pytest.mark.parametrize(
    "example", examples(), ids=lambda example: f"{example['example_id']} {example['title_ja']}"
)
def test_the_worked_examples(example: dict[str, str]) -> None:
    planned = said(plan(matter_of(example), TABLE))
    assert planned == {column: example[column] for column in planned}


def matter(kind: str = "K25", amount: int | None = None, **facts: object) -> Matter:
    plain: dict[str, object] = {"drafter_post": "係員", "section": "主管課", "on": DAY, "budget_ok": True}
    posts = {name: frozenset(facts.pop(name, ())) for name in ("party", "absent")}  # type: ignore[call-overload]
    return Matter(kind=kind, amount=amount, **{**plain, **facts, **posts})  # type: ignore[arg-type]


def route(*args: object, **facts: object) -> Route:
    planned = plan(matter(*args, **facts), TABLE)  # type: ignore[arg-type]
    assert isinstance(planned, Route), planned
    return planned


def test_a_route_says_its_row_stages_and_seats() -> None:
    found = route("K06", 2_000_000, absent=["部長"])
    assert found.row_id == "SK033"
    assert [stage.kind for stage in found.stages] == [
        StageKind.LINE,
        StageKind.LINE,
        StageKind.CONSULT,
        StageKind.DECIDE,
    ]
    assert found.stages[-1].seats == (Seat("部次長", Capacity.SUBSTITUTE, "部長"),)


def test_a_plain_route_needs_no_explanation() -> None:
    assert route().reasons == ()


def test_a_sole_head_of_unit_away_is_replaced_from_above_and_does_not_look_later() -> None:
    found = route("K34", absent=["係長"])
    assert (found.decider, written(found), found.later_look) == ("課長", "課長", ())
    assert found.stages[-1].seats == (Seat("課長", Capacity.PULLED_UP, "係長"),)


def test_when_the_one_pulled_up_is_away_too_the_substitute_of_that_post_acts() -> None:
    found = route("K34", absent=["係長", "課長"])
    assert (found.decider, written(found)) == ("課長", "課長補佐(代決)")


def test_a_drafter_in_the_deciders_post_or_above_goes_to_the_next_post() -> None:
    assert written(route("K02", 900_000, drafter_post="課長")) == "部長"
    assert written(route("K02", 900_000, drafter_post="部長")) == "副市長"
    assert written(route("K02", 900_000, drafter_post="課長補佐")) == "課長"


def test_a_matter_of_weight_without_agreement_goes_up_twice_but_not_beyond_the_mayor() -> None:
    assert route("K02", 2_000_000, important=True, disagreed=True).decider == "副市長"
    assert route("K02", 50_000_000, important=True, disagreed=True).decider == "市長"


def test_nobody_substitutes_for_the_decider_of_a_draft_of_their_own_or_of_a_superior() -> None:
    # 部長 is away, 部次長 too: 課長 would be next, but drafted it.
    waits = plan(matter("K06", 2_000_000, drafter_post="課長", absent=["部長", "部次長"]), TABLE)
    assert isinstance(waits, Wait)
    assert (waits.decider, waits.row_id) == ("部長", "SK033")
    waits = plan(matter("K26", drafter_post="課長補佐", absent=["課長"]), TABLE)
    assert isinstance(waits, Wait)


def test_a_substitute_who_is_a_party_is_passed_over() -> None:
    assert written(route("K26", absent=["課長"], party=["課長補佐"])) == "係長(代決)"


def test_the_own_section_is_not_consulted_but_the_others_are() -> None:
    found = route("K04", 9_000_000, section="契約課")
    assert written(found) == "係長>課長>部長>[財政課長]>副市長"
    assert any("契約課長" in reason for reason in found.reasons)


def test_the_head_of_the_own_department_signs_once() -> None:
    found = route("K02", 50_000_000, section="財政課", department="財務部")
    assert written(found) == "係長>課長>部長>[契約課長]>副市長>市長"
    away = route("K02", 50_000_000, section="総務課", department="総務部", absent=["市長", "副市長"])
    assert written(away) == "係長>課長>[契約課長+財政課長+財務部長]>部長(代決)"


def test_a_consulted_post_that_is_away_or_a_party_has_no_seat() -> None:
    found = route("K07", 300_000, absent=["財政課長"], party=["総務課長"])
    assert written(found) == "係長>課長>部長>副市長"
    assert found.later_look == ("財政課長",)
    assert len(found.reasons) == 2


def test_without_a_deputy_mayor_consultation_still_precedes_the_mayor() -> None:
    found = route("K06", 20_000_000, absent=["副市長"])
    assert written(found) == "係長>課長>部長>[財政課長+財務部長]>市長"
    assert found.later_look == ("副市長",)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"kind": "K01", "amount": 1, "budget_ok": False}, "予算"),
        ({"kind": "K01", "amount": None}, "金額によって"),
        ({"kind": "K02", "amount": None, "original_amount": 1}, "金額によって"),
        ({"kind": "K99", "amount": None}, "「K99」"),
        ({"kind": "K02", "amount": 1, "on": date(2019, 1, 1)}, "専決区分表にありません"),
        ({"drafter_post": "主任"}, "「主任」"),
        ({"kind": "K02", "amount": -1}, "0円より小さく"),
        ({"kind": "K02", "amount": 1, "split_add": -1}, "0円より小さく"),
        ({"drafter_post": "市長"}, "決裁者がいません"),
        ({"kind": "K48", "party": ["市長"]}, "決裁者がいません"),
        ({"kind": "K34", "absent": ["係長"], "party": ["課長", "部長", "副市長", "市長"]}, "利害関係"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_has_no_route_says_why_and_what_to_do(facts: dict[str, object], word: str) -> None:
    refused = plan(matter(**facts), TABLE)  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert word in refused.reason
    assert refused.way_out.endswith("。")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"important": True}, "重要"),
        ({"kind": "K02", "amount": 2_000_000, "disagreed": True}, "合議が調わない"),
        ({"kind": "K06", "amount": 2_000_000, "party": ["部長"]}, "部長に利害関係"),
        ({"drafter_post": "課長"}, "自分の起案"),
        ({"absent": ["課長"]}, "課長補佐が代決"),
        ({"absent": ["係長"]}, "係長は不在のため飛ばし"),
        ({"kind": "K34", "absent": ["係長"]}, "引き上げて"),
        ({"kind": "K02", "amount": 9_000_000, "original_amount": 12_000_000}, "12,000,000円"),
        ({"kind": "K03", "amount": 400_000, "split_add": 800_000}, "1,200,000円"),
        ({"kind": "K06", "amount": 8_000_000, "absent": ["副市長"]}, "一回だけ"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_special_turn_is_explained(facts: dict[str, object], word: str) -> None:
    assert any(word in reason for reason in route(**facts).reasons)


def test_the_own_head_by_name_is_the_head_in_the_line() -> None:
    by_name = route("K43", section="企画課", party=["企画課長"], absent=["企画部長"], department="企画部")
    assert by_name == route("K43", section="企画課", party=["課長"], absent=["部長"], department="企画部")


SOME_POSTS = st.frozensets(st.sampled_from([*POSTS[1:], *NAMED]), max_size=4)
MATTERS = st.builds(
    Matter,
    kind=st.sampled_from([kind.code for kind in TABLE.kinds(DAY)]),
    amount=st.integers(0, 200_000_000),
    on=st.just(DAY),
    drafter_post=st.sampled_from(POSTS[:-1]),
    section=st.sampled_from(["主管課", "契約課", "財政課", "総務課"]),
    budget_ok=st.just(True),
    important=st.booleans(),
    disagreed=st.booleans(),
    party=SOME_POSTS,
    absent=SOME_POSTS,
    urgent=st.booleans(),
    instructed=st.booleans(),
    original_amount=st.none() | st.integers(0, 200_000_000),
    split_add=st.integers(0, 5_000_000),
    department=st.sampled_from(["", "財務部", "総務部"]),
)


def seats_of(found: Route) -> list[Seat]:
    return [seat for stage in found.stages for seat in stage.seats]


@given(MATTERS)
def test_nobody_signs_for_themselves_or_twice_or_while_away_or_with_an_interest(drawn: Matter) -> None:
    found = plan(drawn, TABLE)
    if not isinstance(found, Route):
        return
    posts = [drawn.in_own_line(seat.post) for seat in seats_of(found)]
    assert drawn.drafter_post not in posts
    assert len(posts) == len(set(posts))
    for kept_out in (drawn.absent, drawn.party):
        assert set(posts).isdisjoint(map(drawn.in_own_line, kept_out))
        assert set(posts).isdisjoint(kept_out)


@given(MATTERS)
def test_the_decision_is_the_last_stage_and_stands_above_the_drafter(drawn: Matter) -> None:
    found = plan(drawn, TABLE)
    if not isinstance(found, Route):
        return
    kinds = [stage.kind for stage in found.stages]
    assert kinds.index(StageKind.DECIDE) == len(kinds) - 1
    assert kinds.count(StageKind.CONSULT) <= 1
    assert rank_of(found.decider) > rank_of(drawn.drafter_post)
    (seat,) = found.stages[-1].seats
    assert (seat.capacity == Capacity.SUBSTITUTE) == (seat.post != found.decider)
    line = [stage.seats[0].post for stage in found.stages if stage.kind == StageKind.LINE]
    assert line == sorted(line, key=LADDER.index)


@given(MATTERS)
def test_a_matter_of_weight_is_substituted_only_when_instructed_or_urgent(drawn: Matter) -> None:
    found = plan(drawn, TABLE)
    if isinstance(found, Route) and drawn.important and not drawn.urgent and not drawn.instructed:
        assert all(seat.capacity != Capacity.SUBSTITUTE for seat in seats_of(found))


@given(MATTERS, st.integers(0, 100_000_000))
def test_the_decider_never_falls_as_the_amount_rises(drawn: Matter, more: int) -> None:
    # Absence could make one of the two wait, and a mayor with an interest leaves nobody to decide.
    present = replace(drawn, absent=frozenset(), party=drawn.party - {"市長"})
    lower = plan(present, TABLE)
    higher = plan(replace(present, split_add=present.split_add + more), TABLE)
    assert isinstance(lower, Route)
    assert isinstance(higher, Route)
    assert rank_of(higher.decider) >= rank_of(lower.decider)
