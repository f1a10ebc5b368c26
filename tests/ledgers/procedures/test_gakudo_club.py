"""The package of the after-school clubs, as it is shipped."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.answers import read_all, read_desk
from madoguchi.ledgers.procedures.commands import check, run_examples
from madoguchi.ledgers.procedures.decision_tables import FactKind, decide, read_table
from madoguchi.ledgers.procedures.examples import context_of
from madoguchi.ledgers.procedures.package import Package, read_package
from tests.factories_procedures import GAKUDO
from tests.package_words import words_in


@lru_cache(maxsize=1)
def gakudo() -> Package:
    return read_package(GAKUDO)


def test_package__has_no_fault() -> None:
    assert check(GAKUDO) == []


@pytest.mark.parametrize("result", run_examples(GAKUDO), ids=lambda result: result.name)
def test_example__of_the_section_holds(result: object) -> None:
    assert getattr(result, "differences", None) == ()


def test_examples__are_at_least_ten_and_cover_every_check() -> None:
    seen = {key for example in gakudo().examples for key in example.checks}
    assert len(gakudo().examples) >= 10
    assert seen | {"care"} == {each.key for each in gakudo().flow.checks}


def test_clubs__are_chosen_by_symbol_and_hold_about_5100() -> None:
    clubs = gakudo().facilities
    assert len({club.symbol for club in clubs}) == len(clubs) == 80
    assert sum(club.capacity for club in clubs) == 5100
    schools = {option.value for option in gakudo().form.fields["school"].options}
    assert {club.school_district for club in clubs} <= schools
    assert all(club.closes_at == ("19:00" if club.extension else "18:00") for club in clubs)


def test_words__are_there_in_three_languages() -> None:
    missing = [
        key for key, words in words_in(gakudo()) if not (words.marked and words.en and words.easy_marked)
    ]
    assert missing == []


def test_words__keep_to_the_tone_of_the_house() -> None:
    for key, words in words_in(gakudo()):
        assert not any(word in words.ja for word in ("不正", "エラー", "送信", "任意")), key
        assert all(len(sentence) <= 50 for sentence in words.ja.split("。")), key


def test_rows_of_guardians__carry_what_the_scoring_reads() -> None:
    columns = {column.key for column in gakudo().form.fields["guardians"].columns}
    wanted = "relationship name reason days_month start end shift_hours_month level days_week job_offer"
    more = "night_shifts_month relative_employer_no_proof posted_away works_at_club commute_minutes hours_day"
    assert set(f"{wanted} {more}".split()) <= columns


@pytest.mark.parametrize(
    ("reason", "order", "yen"),
    [
        ("welfare", 1, "0"),
        ("school_aid", 1, "3000"),
        ("sibling", 1, "6000"),
        ("sibling", 2, "3000"),
        ("", 1, "6000"),
    ],
)
def test_fee__follows_the_table(reason: str, order: int, yen: str) -> None:
    kinds = {"fee_reason": FactKind("code"), "order_in_club": FactKind("number")}
    text = gakudo().files["tables/fee_reduction.csv"].decode()
    table = read_table("tables/fee_reduction.csv", text, kinds)
    row = decide(table, {"fee_reason": reason, "order_in_club": order}, date(2027, 4, 1))
    assert row is not None
    assert row.results["fee_yen"] == yen


NAMES = sorted({name for example in gakudo().examples for name in example.raw})


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.text(max_size=12), min_size=1, max_size=2), max_size=12
    )
)
@settings(max_examples=60, deadline=None)
def test_answers__of_any_kind_are_read_and_can_be_kept(raw: dict[str, list[str]]) -> None:
    example = gakudo().examples[1]
    reading = read_all(gakudo().form, {**example.raw, **raw}, context_of(gakudo(), example))
    assert json.loads(json.dumps(reading.values)) == reading.values
    assert all(error.sentence and error.name for error in reading.errors)


def test_answers__read_twice_are_the_same() -> None:
    example = gakudo().examples[1]
    readings = [read_all(gakudo().form, example.raw, context_of(gakudo(), example)) for _ in range(2)]
    assert readings[0] == readings[1]


TYPED = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(
        st.sampled_from([texts for example in gakudo().examples for texts in example.raw.values()]),
        st.lists(st.text(max_size=4), min_size=1, max_size=2),
    ),
    max_size=6,
)


@given(st.lists(st.tuples(st.sampled_from(gakudo().examples), TYPED), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_answers__read_after_others_are_read_as_if_they_were_the_first(papers: list[tuple[Any, Any]]) -> None:
    """One page after the other, and another person's after one's own: nothing of before may stay."""
    before = None
    context = context_of(gakudo(), papers[0][0])
    for example, changed in papers:
        raw = {**example.raw, **changed}
        after, alone = (read_desk(gakudo().form, raw, context, each) for each in (before, None))
        assert (after.reads, after.scope) == (alone.reads, alone.scope)
        before = after
