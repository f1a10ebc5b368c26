from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.fields import EMPTY
from tests.factories_procedures import errors_of, field, form_of, read

CHOICES = 'option = [{ value = "a", ja = "赤" }, { value = "b", ja = "青" }]'
CLUBS = 'options_from = "facilities"'

GOOD: list[tuple[str, list[str], dict[str, Any], Any, str]] = [
    ("text", [], {"x": " 山田 "}, "山田", ""),
    ("longtext", [], {"x": "一行目\n二行目"}, "一行目\n二行目", ""),
    ("name", [], {"x-family": "山田", "x-given": "花　子"}, {"family": "山田", "given": "花 子"}, ""),
    (
        "kana",
        [],
        {"x-family": "やまだ", "x-given": "ﾊﾅｺ"},
        {"family": "ヤマダ", "given": "ハナコ"},
        "ヤマダ ハナコ",
    ),
    ("date", [], {"x": "Ｒ２．６．１４"}, "2020-06-14", "令和2年（2020年）6月14日"),
    (
        "date",
        ['echo = "grade"'],
        {"x": "2020/6/14"},
        "2020-06-14",
        "令和2年（2020年）6月14日・4月に小学1年生",
    ),
    ("date", ['echo = "age"'], {"x": "1990-11-22"}, "1990-11-22", "平成2年（1990年）11月22日・35歳"),
    ("time", [], {"x": "午後7時半"}, "19:30", "19:30"),
    ("time", [], {"x": "08:30"}, "08:30", ""),
    (
        "address",
        [],
        {"x-postcode": "１００ー０００１", "x-block": "1番"},
        {"postcode": "100-0001", "town": "東京都千代田区千代田", "block": "1番", "building": ""},
        "〒100-0001 東京都千代田区千代田",
    ),
    ("phone", [], {"x": "０９０１２３４５６７８"}, "090-1234-5678", "090-1234-5678"),
    ("email", [], {"x": "Hanako@Example.JP"}, "Hanako@example.jp", ""),
    ("number", [], {"x": "１，２００"}, 1200, "1200"),
    ("number", ["decimals = 2"], {"x": "139.5"}, 139.5, ""),
    ("number", ['unit.ja = "分"', "max = 300"], {"x": "15分"}, 15, "15分"),
    ("money", [], {"x": "1万2,000円"}, 12000, "12,000円"),
    ("choice", [CHOICES], {"x": "a"}, "a", ""),
    ("choice", [CHOICES, 'look = "check"'], {"x": ["b", "a", "b"]}, ["b", "a"], ""),
    ("choice", [CLUBS, 'look = "select"'], {"x": "c1"}, "c1", ""),
    ("ranked", [CLUBS], {"x-1": "c2", "x-3": "c1"}, ["c2", "c1"], ""),
    ("yes_no", [], {"x": "no"}, False, ""),
    ("file", [], {"x": ["12", "13", "12"]}, ["12", "13"], ""),
    ("consent", [], {"x": "yes"}, True, ""),
    ("calculated", ["rule = '1 + 1'", 'shows.ja = "{value}件"'], {"x": "99"}, 2, "2件"),
]


@pytest.mark.parametrize(("kind", "lines", "raw", "value", "echo"), GOOD)
def test_field__reads_what_people_type(
    kind: str, lines: list[str], raw: dict[str, Any], value: Any, echo: str
) -> None:
    reading = read(form_of(field("x", kind, *lines)), raw)
    assert errors_of(reading) == {}
    assert reading.values["x"] == value
    assert reading.echoes.get("x", "") == echo


BAD: list[tuple[str, list[str], dict[str, Any], str, str]] = [
    ("text", ["max_length = 3"], {"x": "あいうえ"}, "x", "4文字あります"),
    ("name", [], {"x-family": "山田"}, "x-given", "名を入力"),
    ("kana", [], {"x-family": "山田", "x-given": "はなこ"}, "x-family", "かな以外"),
    ("date", [], {"x": "令和2年2月30日"}, "x", "2月"),
    ("date", [], {"x": "いつか"}, "x", "いつか"),
    ("time", [], {"x": "25:00"}, "x", "時刻"),
    ("address", [], {"x-postcode": "123", "x-town": "中央町", "x-block": "1"}, "x-postcode", "7けた"),
    ("address", [], {"x-postcode": "999-9999"}, "x-town", "町名を入力"),
    ("phone", [], {"x": "090-1234"}, "x", "けた足りません"),
    ("email", [], {"x": "hanako"}, "x", "@"),
    ("number", [], {"x": "二十くらい"}, "x", "数として読めません"),
    ("number", [], {"x": "1e9"}, "x", "数として読めません"),
    ("number", [], {"x": "1.5"}, "x", "整数で入力"),
    ("number", ["min = 1", "max = 31", 'unit.ja = "日"'], {"x": "32"}, "x", "31日以下"),
    ("number", ["min = 1"], {"x": "0"}, "x", "1以上"),
    ("money", [], {"x": "1万20000"}, "x", "けたが合いません"),
    ("choice", [CHOICES], {"x": "c"}, "x", "今の選択肢にありません"),
    ("choice", [CHOICES, 'look = "check"'], {"x": ["a", "c"]}, "x", "今の選択肢にありません"),
    ("ranked", [CLUBS], {"x-1": "c1", "x-2": "c1"}, "x-2", "第1希望と同じ"),
    ("ranked", [CLUBS], {"x-1": "c9"}, "x-1", "今の選択肢にありません"),
    ("yes_no", [], {"x": "maybe"}, "x", "「はい」か「いいえ」"),
]


@pytest.mark.parametrize(("kind", "lines", "raw", "name", "part"), BAD)
def test_field__says_what_is_wrong_and_what_to_do(
    kind: str, lines: list[str], raw: dict[str, Any], name: str, part: str
) -> None:
    errors = errors_of(read(form_of(field("x", kind, *lines)), raw))
    assert part in errors[name]
    assert "不正" not in errors[name]
    assert errors[name].endswith("。")


@pytest.mark.parametrize("language", ["en", "easy"])
@pytest.mark.parametrize(("kind", "lines", "raw", "name", "part"), BAD)
def test_field__says_what_is_wrong_in_every_language(
    language: str, kind: str, lines: list[str], raw: dict[str, Any], name: str, part: str
) -> None:
    errors = errors_of(read(form_of(field("x", kind, *lines)), raw, language=language))
    assert errors[name]
    assert "{" not in errors[name]


ASKED = sorted(kind for kind in EMPTY if kind not in ("calculated", "explanation", "group", "household"))
FIRST = {"name": "x-family", "kana": "x-family", "address": "x-postcode", "ranked": "x-1"}


@pytest.mark.parametrize("kind", ASKED)
def test_field__that_is_required_and_blank_is_asked_for(kind: str) -> None:
    lines = [CHOICES] if kind in ("choice", "ranked") else []
    reading = read(form_of(field("x", kind, "required = true", *lines)), {"x": "  "})
    assert list(errors_of(reading)) == [FIRST.get(kind, "x")]
    assert reading.values["x"] == EMPTY[kind]


@pytest.mark.parametrize("kind", ASKED)
def test_field__that_is_not_required_may_be_blank(kind: str) -> None:
    lines = [CHOICES] if kind in ("choice", "ranked") else []
    assert errors_of(read(form_of(field("x", kind, *lines)), {})) == {}


@pytest.mark.parametrize("kind", ASKED)
@given(typed=st.text(max_size=30))
def test_field__takes_any_text_without_breaking(kind: str, typed: str) -> None:
    reading = READER[kind](typed)
    assert all(error.sentence for error in reading.errors)


def reader_of(kind: str) -> Any:
    from madoguchi.ledgers.procedures.answers import read_all
    from tests.factories_procedures import context_for, package_with

    lines = [CHOICES] if kind in ("choice", "ranked") else []
    package = package_with(form=form_of(field("x", kind, *lines)))
    names = ["x", "x-family", "x-given", "x-postcode", "x-town", "x-1", "x-2"]
    return lambda typed: read_all(package.form, {name: [typed] for name in names}, context_for(package))


READER = {kind: reader_of(kind) for kind in ASKED}


def test_errors__can_be_read_in_english_and_easy_japanese() -> None:
    form = form_of(field("x", "date"), field("y", "number"), field("z", "text", "required = true"))
    raw = {"x": "soon", "y": "many"}
    assert "2020/6/14" in errors_of(read(form, raw, language="en"))["x"]
    assert "digits only" in errors_of(read(form, raw, language="en"))["y"]
    assert "書いて" in errors_of(read(form, raw, language="easy"))["z"]
