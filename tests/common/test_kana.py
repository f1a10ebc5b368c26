import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common import kana

KATAKANA = st.text([chr(code) for code in range(0x30A1, 0x30F5)] + ["ー"], max_size=20)


def test_fold_width__changes_width_and_nothing_else():
    assert kana.fold_width("ＡＢＣ１２３　ﾔﾏﾀﾞ") == "ABC123 ヤマダ"
    assert kana.fold_width("㈱髙島屋①㌔") == "㈱髙島屋①㌔"


@pytest.mark.parametrize("text", ["やまだ　たろう", "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ", "やまた\u3099 たろう"])
def test_fold_kana(text):
    assert kana.fold_kana(text) == "ヤマダ タロウ"


def test_to_other_forms():
    assert kana.to_hiragana("ヴィヤﾏﾀﾞー") == "ゔぃやまだー"
    assert kana.to_full_width("ﾔﾏﾀﾞ 1-2") == "ヤマダ　１－２"
    assert kana.to_half_width("ガッコウ・ヴァー（１）") == "ｶﾞｯｺｳ･ｳﾞｧｰ(1)"
    assert kana.to_half_width("山田") == "山田"
    assert kana.fold_hyphens("０９０－１ー２‐３−4") == "０９０-１-２-３-4"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("ヤマダ タロウ", True),
        ("やまだ", True),
        ("ﾔﾏﾀﾞ", True),
        ("ジョン・スミス", True),
        ("山田", False),
        ("yamada", False),
        ("ヤマダ1", False),
        ("", False),
        ("　", False),
    ],
)
def test_is_kana(text, reading):
    assert kana.is_kana(text) is reading


def test_is_katakana():
    assert kana.is_katakana("ヤマダ　タロウ")
    assert not kana.is_katakana("やまだ")
    assert not kana.is_katakana("ﾔﾏﾀﾞ")


@pytest.mark.parametrize(
    "group",
    [
        ["おおの", "オーノ", "ｵｳﾉ", "オ－ノ", "オオ ノ"],
        ["ゆうき", "ユーキ", "ユウ・キ"],
        ["けいこ", "ケーコ", "ケエコ"],
        ["きょうこ", "キヨウコ", "キョーコ"],
        ["みづほ", "ミズホ"],
        ["かずゑ", "カズエ"],
    ],
)
def test_kana_key__one_key_for_one_sound(group):
    assert len({kana.kana_key(reading) for reading in group}) == 1


def test_kana_key__different_names_stay_apart():
    assert kana.kana_key("おの") != kana.kana_key("おおの")
    assert kana.kana_key("ゆき") != kana.kana_key("ゆうき")


@given(KATAKANA)
def test_width_and_kana_survive_the_way_there_and_back(text):
    assert kana.fold_width(kana.to_full_width(text)) == text
    assert kana.fold_kana(kana.to_hiragana(text)) == text
    assert kana.kana_key(kana.kana_key(text)) == kana.kana_key(text)


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text):
    assert kana.fold_width(kana.fold_width(text)) == kana.fold_width(text)
