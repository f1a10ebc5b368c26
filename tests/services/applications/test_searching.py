"""全文検索: exactly the cases whose readable answers contain the words, however they were written."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.common.names import name_key
from madoguchi.ledgers.office.roles import Power, Role
from madoguchi.ledgers.procedures.sensitivity import all_fields
from madoguchi.services.applications import actions, answer_words, queries, searching
from madoguchi.services.applications.answer_words import plan_of
from madoguchi.services.applications.models import Application, SearchText
from madoguchi.services.applications.queries import Filters
from madoguchi.services.applications.states import Audience
from tests.factories_applications import received, typed

LETTERS = "髙高橋ミみﾐほ𠮷吉A a１1々%_'ー-"
SOME_TEXT = st.text(alphabet=LETTERS, max_size=8)


def found(text: str, **known: Any) -> set[str]:
    return {row.number for row in queries.ledger(Filters(text=text, **known)).rows}


@pytest.fixture
def many(loaded: Any, now: datetime) -> list[Any]:
    return [
        received(
            loaded, now, number, raw=typed(number, address__town=f"{town}町", address__block=f"{number}番地")
        )
        for number, town in enumerate(["髙橋", "高橋", "みほん", "ﾐﾎﾝ", "𠮷田", "吉田々", "A1%", "a_1'"])
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=SOME_TEXT)
def test_it_finds_what_a_plain_reading_finds(many: list[Any], text: str) -> None:
    words = searching.words_of(text)
    expected = {
        each.application.number
        for each in SearchText.objects.select_related("application")
        if not text.strip() or (searching.can_be_found(words) and all(word in each.text for word in words))
    }
    assert found(text) == expected


def test_answers_are_found_in_any_spelling(many: list[Any]) -> None:
    assert len(found("高橋町")) == 2
    assert found("たかはし") == set()
    assert len(found("ミホンチョウ")) == 0
    assert len(found("ﾐﾎﾝ町")) == 2
    assert len(found("吉田")) == 2
    assert len(found("さくら台クラブ")) == len(many)


def test_one_character_alone_is_not_looked_for(many: list[Any]) -> None:
    assert found("町") == set()
    assert len(found("町 高橋")) == 2


def test_what_a_line_ends_with_does_not_run_into_the_next(many: list[Any]) -> None:
    text = SearchText.objects.first()
    assert text is not None
    first, second = text.text.split("\n")[:2]
    assert found(first[-1] + second[0]) == set()


@given(text=st.text(max_size=30), word=st.text(min_size=2, max_size=4))
def test_a_word_inside_a_text_has_only_pairs_of_the_text(text: str, word: str) -> None:
    whole = name_key(text + word + text)
    part = name_key(word)
    if part in whole:
        assert searching.pairs(part) <= searching.pairs(whole)
    assert all(-(2**31) <= pair < 2**31 for pair in searching.pairs(whole))


def test_a_correction_changes_what_is_found(loaded: Any, now: datetime, staff_with: Any) -> None:
    from madoguchi.ledgers.office.trace import SYSTEM

    number = received(loaded, now).number
    actions.ask_correction(
        number=number,
        by=staff_with(Role.REVIEWER),
        at=now,
        edition=1,
        fields=["address"],
        message="町名",
        due_on=now.date(),
    )
    assert found("若葉台") == set()
    actions.answer_correction(number=number, by=SYSTEM, at=now, raw={"address-town": ["若葉台"]})
    assert found("若葉台") == {number}
    assert found("サンプル市中央一丁目") == set()


def hide(monkeypatch: pytest.MonkeyPatch, which: Any) -> None:
    """As if the package had said so from the beginning."""
    monkeypatch.setattr(answer_words, "sensitive_fields", which)
    monkeypatch.setattr(answer_words, "_PLANS", {})


def test_sensitive_answers_are_found_by_those_who_may_read_them(
    many: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, lambda _: {"address"})
    searching.keep_search_texts(list(Application.objects.all()))
    assert set(SearchText.objects.values_list("audience", flat=True)) == {Audience.OPEN, Audience.FULL}
    assert found("吉田") == set()
    assert len(found("吉田", sees_sensitive=True)) == 2
    assert len(found("見本 花子")) == len(many)


def test_a_very_common_word_is_found_along_the_order(
    many: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 2)
    monkeypatch.setattr(searching.found_ids, "__defaults__", (2,))
    assert len(found("見本")) == len(many)
    assert len(found("高橋町")) == 2


def test_snippets_show_the_place_and_hide_what_may_not_be_read(
    loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"address": {"postcode": "", "town": "サンプル市髙橋町", "block": "", "building": ""}}
    words = searching.words_of("高橋")
    (snippet,) = searching.snippets(plan_of(loaded.package), answers, words, {Power.SEE_CASES})
    assert (snippet.label, snippet.before, snippet.found, snippet.after) == (
        "住所",
        "サンプル市",
        "髙橋",
        "町",
    )
    hide(monkeypatch, all_fields)
    assert searching.snippets(plan_of(loaded.package), answers, words, {Power.SEE_CASES}) == []


def test_cases_from_before_are_entered_later(many: list[Any]) -> None:
    SearchText.objects.all().delete()
    assert found("高橋町") == set()
    assert searching.index_missing(limit=5) == 5
    assert searching.index_missing() == len(many) - 5
    assert len(found("高橋町")) == 2


def test_another_town_finds_nothing(many: list[Any], other_town: Any) -> None:
    from madoguchi.ledgers.office.session import municipality_session

    with municipality_session(other_town.pk):
        assert found("高橋町") == set()
