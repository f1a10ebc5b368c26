import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.romaji import kana_of


@pytest.mark.parametrize(
    ("latin", "kana"),
    [
        ("gakudou", "がくどう"), ("hikkoshi", "ひっこし"), ("hikkosi", "ひっこし"), ("juminhyo", "じゅみんひょ"),
        ("jidouteate", "じどうてあて"),
        ("shinsei", "しんせい"), ("sinsei", "しんせい"), ("kon'in", "こにん"), ("matcha", "まっちゃ"), ("hon", "ほん"),
        ("Tōkyō", "とうきょう"),
        ("health insurance", ""), ("child", ""), ("", ""),
    ],
)  # fmt: skip
def test_as_people_type_it(latin: str, kana: str) -> None:
    assert kana_of(latin) == kana


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz' -", max_size=40))
def test_all_kana_or_nothing(latin: str) -> None:
    assert not set(kana_of(latin)) & set("abcdefghijklmnopqrstuvwxyz")
