import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common import text as texts
from madoguchi.common.text import has_control_characters, spreadsheet_safe, strip_controls


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "\u202eabc", "a\u200bb", "\x7f", "\ufeffa"])
def test_controls_are_found_and_taken_out(text):
    assert has_control_characters(text)
    assert not has_control_characters(strip_controls(text))


def test_controls__half_a_character_cannot_be_stored():
    assert has_control_characters("\ud800")
    assert strip_controls("a\ud800") == "a"


def test_controls__lines_tabs_and_variation_selectors_stay():
    text = "一行目\r\n二行目\t辻\U000e0100"
    assert not has_control_characters(text)
    assert strip_controls(text) == "一行目\n二行目\t辻\U000e0100"


@pytest.mark.parametrize(
    "value", ["=1+1", "+81-90", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1+1", "-abc", "－1"]
)
def test_spreadsheet_safe__formulas_get_an_apostrophe(value):
    assert spreadsheet_safe(value) == f"'{value}"


@pytest.mark.parametrize(
    "value", ["-5", "-1,200", "-0.5", "-", "", "山田", "1=1", -5, 1.5, None, date(2026, 4, 1), "  "]
)
def test_spreadsheet_safe__everything_else_is_left(value):
    assert spreadsheet_safe(value) == value


@given(st.text(max_size=20))
def test_spreadsheet_safe__twice_is_once_and_nothing_is_lost(text):
    safe = spreadsheet_safe(text)
    assert spreadsheet_safe(safe) == safe
    assert str(safe).endswith(text)


@given(st.text(max_size=30))
def test_strip_controls__leaves_nothing_to_strip(text):
    assert strip_controls(strip_controls(text)) == strip_controls(text)
    assert not has_control_characters(strip_controls(text))


def test_sentences():
    assert texts.sentence("できません") == texts.sentence("できません。") == "できません。"
    assert texts.in_quotes("  a\nb ") == "「a b」"
    assert texts.in_quotes("あ" * 50) == f"「{'あ' * 39}…」"
    assert texts.join_words(["住所", "氏名"]) == "住所、氏名"


def test_every_character__is_a_control_by_its_category_or_its_being_invisible() -> None:
    invisible = "\u200b\u200e\u200f\ufeff\ufffe\uffff" + "".join(
        map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x206A)])
    )
    for code in range(0x20000):
        char = chr(code)
        taken_out = (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t\r") or char in invisible
        assert has_control_characters(char) is taken_out, hex(code)
