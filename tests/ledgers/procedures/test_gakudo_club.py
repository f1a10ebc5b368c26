"""The package of the after-school clubs, as it is shipped."""

from collections.abc import Iterator
from functools import lru_cache

import pytest

from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.commands import check, run_examples
from madoguchi.ledgers.procedures.examples import context_of
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.procedures.words import Words
from tests.factories_procedures import GAKUDO


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


def every_words() -> Iterator[tuple[str, Words]]:
    for page in gakudo().form.pages:
        yield page.key, page.title
        yield page.key, page.help
        for each in page.fields:
            yield from words_of(each)


def words_of(each: Field) -> Iterator[tuple[str, Words]]:
    yield each.key, each.label
    if each.help:
        yield each.key, each.help
    yield from ((each.key, check.says) for check in each.checks)
    for column in each.columns:
        yield from words_of(column)


def test_words__are_there_in_three_languages() -> None:
    missing = [key for key, words in every_words() if not (words.marked and words.en and words.easy_marked)]
    assert missing == []


def test_words__keep_to_the_tone_of_the_house() -> None:
    for key, words in every_words():
        assert not any(word in words.ja for word in ("不正", "エラー", "送信", "任意")), key
        assert all(len(sentence) <= 60 for sentence in words.ja.split("。")), key


def test_rows_of_guardians__carry_what_the_scoring_reads() -> None:
    columns = {column.key for column in gakudo().form.fields["guardians"].columns}
    wanted = "relationship name reason days_month start end shift_hours_month level days_week job_offer"
    more = "night_shifts_month relative_employer_no_proof posted_away works_at_club commute_minutes hours_day"
    assert set(f"{wanted} {more}".split()) <= columns


def test_answers__of_5849_cases_are_read_within_a_minute() -> None:
    example = gakudo().examples[1]
    context = context_of(gakudo(), example)
    from time import perf_counter

    began = perf_counter()
    for _ in range(20):
        read_all(gakudo().form, example.raw, context)
    assert (perf_counter() - began) / 20 * 5849 < 120
