"""普及の分析 without a database: shares add up, the same work is compared, medians are medians, printed values are read."""

import statistics
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.improvement.insight import printed_rates
from madoguchi.improvement.insight.adoption import (
    MODES,
    Shares,
    Tally,
    reasons_for_paper,
    same_work,
    shares_by,
    shares_of,
    sheets_not_printed,
)
from madoguchi.improvement.insight.arithmetic import median_of
from madoguchi.improvement.insight.printed_rates import PrintedRatesFault, read_rates

TALLIES = st.lists(
    st.builds(
        Tally,
        month=st.dates(date(2018, 4, 1), date(2024, 3, 1)).map(lambda day: day.replace(day=1)),
        section=st.integers(1, 5),
        kind=st.sampled_from(["", "K02", "K12"]),
        mode=st.sampled_from(MODES),
        reason=st.sampled_from(["large", "seal", "habit"]),
        drafts=st.integers(1, 40),
        sheets=st.integers(0, 500),
    ),
    max_size=60,
)


@given(TALLIES)
def test_parts_add_up_to_the_whole_however_they_are_cut(tallies: list[Tally]) -> None:
    whole = shares_of(tallies)
    assert whole.total == sum(each.drafts for each in tallies)
    for key in (lambda each: each.month, lambda each: each.section, lambda each: each.kind):
        assert sum(shares_by(tallies, key).values(), Shares()) == whole


@given(TALLIES)
def test_the_rate_counts_mixed_as_electronic_and_stays_between_nothing_and_all(tallies: list[Tally]) -> None:
    whole = shares_of(tallies)
    assert (whole.rate is None) == (whole.total == 0)
    if whole.rate is not None:
        assert 0 <= whole.rate <= 100
        electronic = Fraction(whole.rate) * whole.total / 100
        assert abs(electronic - whole.electronic - whole.mixed) < Fraction(1, 10**12)


@given(TALLIES, st.integers(1, 30))
def test_the_same_work_is_compared_from_the_best_down(tallies: list[Tally], least: int) -> None:
    found = same_work(tallies, least)
    assert [each.spread for each in found] == sorted((each.spread for each in found), reverse=True)
    for work in found:
        assert work.kind
        assert len(work.sections) > 1
        best = work.sections[0]
        assert best.behind == 0
        for one in work.sections:
            assert one.shares.total >= least
            assert one.shares.rate is not None
            assert best.shares.rate is not None
            assert one.behind == best.shares.rate - one.shares.rate >= 0


@given(TALLIES)
def test_every_reason_is_counted_once_and_the_most_frequent_stands_first(tallies: list[Tally]) -> None:
    found, whole = reasons_for_paper(tallies), shares_of(tallies)
    assert sum(each.mixed for each in found) == whole.mixed
    assert sum(each.paper for each in found) == whole.paper
    assert [each.total for each in found] == sorted((each.total for each in found), reverse=True)


@given(TALLIES)
def test_only_drafts_without_any_paper_save_sheets(tallies: list[Tally]) -> None:
    saved = sheets_not_printed(tallies)
    assert saved == sum(each.sheets for each in tallies) - sum(
        each.sheets for each in tallies if each.mode in {"mixed", "paper"}
    )


@given(st.lists(st.integers(0, 400), max_size=200))
def test_the_median_of_counts_is_the_median_of_the_values(days: list[int]) -> None:
    expected = Decimal(str(statistics.median(days))) if days else None
    assert median_of(Counter(days)) == expected


def test_the_printed_series_is_the_one_of_the_report() -> None:
    assert [(each.fiscal_year, str(each.percent)) for each in printed_rates.printed_rates()] == [
        (2018, "36.7"), (2019, "32.9"), (2020, "56.5"), (2021, "86.8"), (2022, "94.0"), (2023, "98.2"),
    ]  # fmt: skip
    assert all("事例30" in each.source for each in printed_rates.printed_rates())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("神奈川県,2018,平成30年度,約37,報告書", "2行目: 年度か割合が数ではありません"),
        ("神奈川県,2018,平成30年度,136.7,報告書", "0から100の間"),
        ("神奈川県,2018,平成30年度,36.7,", "出典が空"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, told: str) -> None:
    with pytest.raises(PrintedRatesFault, match=told):
        read_rates(f"{','.join(printed_rates.COLUMNS)}\n{line}\n")
