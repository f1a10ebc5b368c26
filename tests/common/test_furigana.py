"""Readings over kanji: marks first, then the table, then figures; never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.furigana import Readings, uncovered, with_marks

TABLE = Readings(
    {
        "月": "｜月《つき》",
        "#月": "｜月《がつ》",
        "受付": "｜受付《うけつけ》",
        "受け": "｜受《う》け",
        "お金": "お｜金《かね》",
    }.items()
)


def said(text: str) -> str:
    return "".join(reading or words for words, reading in TABLE.pieces(text))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("受付", "うけつけ"),
        ("受け", "うけ"),
        ("月と11月", "つきと11がつ"),
        ("お金", "おかね"),
        ("｜本《ほん》と受付", "ほんとうけつけ"),
        ("本日《ほんじつ》", "ほんじつ"),
        ("11月1日（日）", "11がつついたち（にち）"),
        ("1日に20日", "いちにちにはつか"),
        ("1人と12人", "ひとりと12人"),
        ("30分と5分", "30ぷんと5分"),
    ],
)
def test_it_is_read_as_people_read_it(text: str, reading: str) -> None:
    assert said(text) == reading


def test_an_unknown_word_gets_no_reading() -> None:
    assert uncovered(TABLE.pieces("鬱の受付")) == ["鬱の"]


def test_marks_stand_over_kanji_only() -> None:
    assert with_marks("受け付け", "うけつけ") == "｜受《う》け｜付《つ》け"
    assert with_marks("明日", "あした") == "｜明日《あした》"
    assert with_marks("ヶ所", "かしょ") == "｜ヶ所《かしょ》"


@given(st.text(alphabet="受付け月お金1日人分｜《》（）あ", max_size=30))
def test_no_character_is_lost(text: str) -> None:
    import re

    from madoguchi.common.furigana import MARK

    plain = re.sub(MARK, lambda found: found[1] or found[2], text)
    assert "".join(words for words, _ in TABLE.pieces(text)) == plain
