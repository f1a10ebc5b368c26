"""The package of the nursery intake, as it is shipped."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from madoguchi.clerical.notices.rules import fill_text
from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.commands import check, run_examples
from madoguchi.ledgers.procedures.coverage import coverage
from madoguchi.ledgers.procedures.examples import Example, context_of
from madoguchi.ledgers.procedures.flow import printed
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.procedures.scoring import score_application
from madoguchi.ledgers.procedures.words import Words
from tests.factories_notices import facts as letter_facts
from tests.package_words import words_in, words_of_options

FOLDER = Path(__file__).parents[3] / "packages/hoiku/2026-04"


@lru_cache(maxsize=1)
def hoiku() -> Package:
    return read_package(FOLDER)


def example(name: str) -> Example:
    return next(each for each in hoiku().examples if each.name == name)


def answers(found: Example) -> dict[str, object]:
    return dict(read_all(hoiku().form, found.raw, context_of(hoiku(), found)).values)


def test_package__has_no_fault() -> None:
    assert check(FOLDER) == []


@pytest.mark.parametrize("result", run_examples(FOLDER), ids=lambda result: result.name)
def test_example__of_the_section_holds(result: object) -> None:
    assert getattr(result, "differences", None) == ()


def test_examples__try_every_check_both_ways_and_every_letter() -> None:
    parts = {part.name: part for part in coverage(hoiku()).parts}
    assert [item.sentence for item in parts["自動の確認"].missing] == []
    assert [item.sentence for item in parts["通知"].missing] == []
    assert len(hoiku().examples) >= 12


def test_facilities__are_40_with_2400_seats_by_class() -> None:
    places = hoiku().facilities
    assert len(places) == len({place.symbol for place in places}) == 40
    assert sum(sum(place.seats.values()) for place in places) == 2400
    assert {each for place in places for each in place.classes} == {"0", "1", "2", "3", "4", "5"}
    assert {place.kind for place in places} == {
        *("認可保育所", "認定こども園", "小規模保育", "家庭的保育", "事業所内保育")
    }
    assert {group for place in places for group in place.shared} == {("4", "5"), ("0", "1", "2")}


def test_small_places__have_a_partner_that_takes_their_children() -> None:
    for place in hoiku().facilities:
        assert bool(place.partners) == ("3" not in place.classes), place.code
        partners = [hoiku().facility(code) for code in place.partners]
        assert all(partner and "3" in partner.classes for partner in partners), place.code


def every_words() -> Iterator[tuple[str, Words]]:
    yield from words_in(hoiku())
    yield from words_of_options(hoiku())


def test_words__are_there_in_three_languages_and_keep_to_the_tone_of_the_house() -> None:
    missing = [key for key, words in every_words() if not (words.marked and words.en and words.easy_marked)]
    assert missing == []
    for key, words in every_words():
        assert not any(word in words.ja for word in ("不正", "エラー", "送信", "任意")), key
        assert all(len(sentence) <= 60 for sentence in words.ja.split("。")), key


def test_the_individual_number_is_never_asked_for() -> None:
    asked = " ".join(words.ja for _, words in every_words())
    assert not re.search(r"個人番号|マイナンバー", asked)


def test_the_class_is_shown_and_wishes_go_to_ten() -> None:
    assert hoiku().form.fields["child_class"].shows.ja == "{value}歳児クラス"
    assert hoiku().form.fields["nurseries"].ranks == 10


def test_the_five_sibling_wishes_are_offered() -> None:
    offered = [option.value for option in hoiku().form.fields["sibling_wish"].options]
    assert offered == ["same_only", "prefer_same", "either", "all_or_none", "follow_enrolled"]


@pytest.mark.parametrize(
    ("name", "together"),
    [
        ("双子 同じ施設だけ", "same_only"),
        ("双子 同時の申込みで全員のときだけ", "all_or_none"),
        ("双子 同じ施設がよいが別でもよい", "prefer_same"),
        ("在籍のきょうだいと同じ施設だけ", "either"),
    ],
)
def test_the_sheet_keeps_a_family_together_as_it_wished(name: str, together: str) -> None:
    found = example(name)
    sheet = score_application(hoiku(), answers(found), found.facts, context_of(hoiku(), found).reference_day)
    assert sheet.together == together


@pytest.mark.parametrize("outcome", ["granted", "waitlisted", "refused", "withdrawn"])
def test_a_letter_prints_the_class_with_the_facts_every_round_gives(outcome: str) -> None:
    told = answers(example("共働き 時刻の書き方を直したもの"))
    more = {"document_number": "7子保第1号", "dated_on": "令和9年2月5日", "addressee": "見本　花子"}
    more |= {"municipality": "サンプル市", "mayor": "例示　太郎", "title": "通知書", "contact": "保育係"}
    facts = letter_facts(received_on="令和8年11月21日") | more | printed(hoiku().flow, told)
    letter = hoiku().flow.outcomes[outcome].letter
    text = fill_text(hoiku().files[f"letters/{letter}.txt"].decode(), facts, "HK1")
    assert ("2歳児クラス" in text) == (outcome != "withdrawn")
    assert ("facts.class_name" in hoiku().letters[letter]) == (outcome != "withdrawn")
    named = set(re.findall(r"facts\.(\w+)", hoiku().letters[letter]))
    assert named <= set(facts)


def test_answers_are_plain_values() -> None:
    told = answers(example("小規模保育の卒園 第1希望が連携施設"))
    assert json.loads(json.dumps(told)) == told
