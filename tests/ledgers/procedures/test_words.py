from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.words import Words, plain, ruby


def test_furigana__is_shown_or_left_out() -> None:
    words = Words("｜申請《しんせい》する人", "You", "｜申請《しんせい》する ひと")
    assert words.ja == "申請する人"
    assert words.easy == "申請する ひと"
    assert words.ruby_html() == "<ruby>申請<rp>(</rp><rt>しんせい</rt><rp>)</rp></ruby>する人"
    assert words.ruby_html("en") == "You"


def test_translation__that_is_missing_falls_back_to_japanese() -> None:
    words = Words("｜世帯《せたい》")
    assert {lang: words.in_language(lang) for lang in ("ja", "en", "easy")} == dict.fromkeys(
        ("ja", "en", "easy"), "世帯"
    )
    assert "<ruby>" not in Words("x", "<b>").ruby_html("en")


@given(st.text())
def test_ruby__lets_no_html_through(text: str) -> None:
    without = ruby(text)
    for tag in ("<ruby>", "</ruby>", "<rp>", "</rp>", "<rt>", "</rt>"):
        without = without.replace(tag, "")
    assert "<" not in without
    assert "《" not in plain("｜字《じ》")
