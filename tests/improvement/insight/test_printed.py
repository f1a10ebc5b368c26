"""The printed table of the Tama report, and how figures are rounded and judged."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.improvement.insight.printed import PRINTED, printed_row
from madoguchi.improvement.insight.rules import Measure, Target, judge, rounded, share
from madoguchi.improvement.insight.states import Verdict

PERCENT_30 = Target(Decimal(30), "%")


def row(key: str) -> dict[str, tuple[str, str]]:
    return {city.name: (f"{figure.value}", figure.verdict.label) for city, figure in printed_row(key)}


def test_the_printed_figures_and_their_verdicts() -> None:
    assert row("satisfaction") == {
        "八王子市": ("91", "達成"),
        "昭島市": ("96", "達成"),
        "福生市": ("99", "達成"),
        "羽村市": ("95", "達成"),
    }
    assert row("online_share") == {
        "八王子市": ("36", "達成"),
        "昭島市": ("31", "達成"),
        "福生市": ("37", "達成"),
        "羽村市": ("39", "達成"),
    }
    assert row("work_cut") == {
        "八王子市": ("18", "未達"),
        "昭島市": ("25", "未達"),
        "福生市": ("30", "達成"),
        "羽村市": ("56", "達成"),
    }
    assert row("hours_saved") == {
        "八王子市": ("107", "目標なし"),
        "昭島市": ("3.5", "目標なし"),
        "福生市": ("27.7", "目標なし"),
        "羽村市": ("27", "目標なし"),
    }


def test_the_counts_of_akishima_say_more_than_was_printed() -> None:
    (akishima,) = (city for city in PRINTED if city.name == "昭島市")
    assert akishima.online_share.computed == Decimal("31.6")
    assert akishima.online_share.computed_from == "424／1,343"


@pytest.mark.parametrize(
    ("online", "whole", "printed"),
    [(2106, 5849, 36), (424, 1343, 31), (229, 619, 37), (224, 576, 39)],
)
def test_the_printed_shares_follow_from_counts(online: int, whole: int, printed: int) -> None:
    exact = share(online, whole)
    assert exact is not None
    assert printed in {int(exact), int(exact.quantize(Decimal(1)))}


def test_printed_and_measured_cannot_be_added() -> None:
    measured = Measure("a", "a", Decimal(36), "%", None, None, "数え方。")
    printed = PRINTED[0].online_share
    for one, other in ((measured, printed), (measured, measured), (printed, printed)):
        with pytest.raises(TypeError):
            one + other  # type: ignore[operator]


def test_a_value_that_only_rounds_to_the_target_does_not_reach_it() -> None:
    almost = share(2996, 10_000)
    assert rounded(almost) == Decimal("30.0")
    assert judge(almost, PERCENT_30).verdict == Verdict.MISSED
    assert judge(None, PERCENT_30).verdict == Verdict.NOT_YET
    assert PERCENT_30.sentence == "目標 30%以上"


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_met_exactly_when_the_counts_say_so(part: int, whole: int) -> None:
    met = judge(share(part, whole), PERCENT_30).verdict == Verdict.MET
    assert met == (part * 10 >= whole * 3)
