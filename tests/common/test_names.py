import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common import names
from madoguchi.common.names import name_key, usual_form


@pytest.mark.parametrize(
    "group",
    [
        ["髙橋", "高橋", "高　橋"],
        ["山﨑", "山崎", "山嵜"],
        ["渡邉", "渡邊", "渡辺", "渡邊\U000e0101", "渡邉\ufe00"],
        ["齋藤", "齊藤", "斎藤", "斉藤", "齋 藤"],
        ["濵田", "濱田", "浜田"],
        ["辻", "辻\U000e0100"],
        ["𠮷田", "吉田"],
        ["佐々木", "佐佐木"],
        ["澤田 櫻子", "沢田桜子"],
        ["神田", "神田"],
        ["三ヶ島", "三ケ島"],
        ["サクラ", "さくら", "ｻｸﾗ"],
        ["SMITH, John", "Ｓｍｉｔｈ　ＪＯＨＮ", "smith john"],
        ["José", "JOSE"],
        ["ジョン・スミス", "ジョン スミス"],
    ],
)
def test_name_key__one_key_however_it_was_typed(group):
    assert len({name_key(name) for name in group}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("大野", "小野"), ("ハナ", "バナ"), ("伊藤", "伊東"), ("太田", "大田")]
)
def test_name_key__different_names_stay_apart(one, other):
    assert name_key(one) != name_key(other)


def test_name_key__private_use_characters_stay():
    assert name_key("\U0010de92田") == "\U0010de92田"


def test_strip_variation_selectors__keeps_the_character():
    assert names.strip_variation_selectors("辻\U000e0100") == "辻"


def test_no_form_stands_in_two_rows():
    forms = "".join(names._ROWS.split())
    assert sorted(forms) == sorted(set(forms))


@given(st.text(max_size=12))
def test_name_key__selectors_and_spaces_never_matter(name):
    with_marks = " ".join(f"{char}\U000e0101" for char in names.strip_variation_selectors(name))
    assert "\U000e0101" not in name_key(with_marks)


@given(st.text("髙橋渡邉山﨑 ヶ々さサｻa", max_size=12))
def test_name_key__of_a_key_is_the_key(name):
    assert name_key(name_key(name)) == name_key(name)


def test_usual_form__changes_only_what_was_asked_and_has_one():
    assert usual_form("𠮷田髙志", ["𠮷"]) == "吉田髙志"
    assert usual_form("\U0001b0a6子", ["\U0001b0a6"]) == "\U0001b0a6子"
