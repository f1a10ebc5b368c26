"""Furigana and voices: what a reader sees for one text."""

from madoguchi.ledgers.procedures.words import Words
from madoguchi.web.components import texts, words
from madoguchi.web.components.speech import speak, speak_plain
from madoguchi.web.components.words import Reader
from madoguchi.web.resident import texts as portal_texts

FURIGANA = Reader(furigana=True)


def test_readings_become_ruby_only_for_those_who_ask() -> None:
    text = Words("｜学童《がくどう》クラブ", "After-school club")

    assert "<ruby>学童<rp>（</rp><rt>がくどう</rt>" in words.spoken(text, FURIGANA)
    assert words.spoken(text, Reader()) == "学童クラブ"
    assert words.spoken(text, Reader(language="en", furigana=True)) == "After-school club"


def test_a_missing_translation_falls_back_to_japanese() -> None:
    assert words.spoken(Words("氏名"), Reader(language="en")) == "氏名"
    assert words.spoken(Words("氏名"), Reader(easy=True)) == "氏名"


def test_markup_in_a_text_is_never_live() -> None:
    assert "<b>" not in words.with_furigana("｜<b>《x》<script>")
    assert "&lt;script&gt;" in words.with_furigana("<script>")


def test_parts_put_into_a_sentence_are_escaped_and_may_carry_readings() -> None:
    said = speak("search.title", FURIGANA, query="<i>｜申請《しんせい》")

    assert "&lt;i&gt;<ruby>申請" in said
    assert "<i>" not in said


def test_attributes_get_plain_words() -> None:
    assert speak_plain("field.rank-up", FURIGANA, rank="第1希望") == "第1希望を上へ"


def test_no_key_lacks_a_language() -> None:
    assert portal_texts.applying
    lacking = [key for key, text in texts.BOOK.items() for said in text if not said.strip()]
    assert lacking == []


def test_the_three_voices_of_a_key_take_the_same_parts() -> None:
    import string

    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    uneven = [key for key, text in texts.BOOK.items() if len({frozenset(names(said)) for said in text}) > 1]
    assert uneven == []
