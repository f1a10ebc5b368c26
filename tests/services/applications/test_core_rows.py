"""One case as one row: widths exact to the byte, read back by a reader of its own, nothing replaced or cut."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.core_layout import read_layout, read_layouts
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_package
from madoguchi.services.applications.core_rows import file_bytes, file_name, read_answer, render
from tests.factories_exports import (
    DELIMITED,
    FIXED,
    KNOWN,
    case_of,
    delimited,
    fixed,
    read_fixed,
    read_quoted,
)

PACKAGE = Path(__file__).parents[3] / "packages/gakudo-club"
# What a CP932 system knows: kanji of both levels, the vendors' own (髙 﨑 ①), kana, signs.
IN_CP932 = st.sampled_from("髙﨑德濵彅亜腕弌熙纊①Ⅳ㈱～－―ﾊあんアヴ々〆ヶAz09 ,\"'／")
NAMES = st.text(IN_CP932, min_size=1, max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5), st.sampled_from(["all", "needed"]))
def test_a_delimited_file_reads_back_as_it_was(names: list[tuple[str, str]], quoting: str) -> None:
    layout = delimited(quoting=quoting)
    rows = [render(layout, "MC-1", case_of(*name)) for name in names]
    assert not any(row.problems for row in rows)
    read = read_quoted(file_bytes(layout, (row.body for row in rows)), "cp932")
    assert read[0] == ["区分", "受付番号", "氏名", "カナ", "生年月日", "日数"]
    assert [line[2] for line in read[1:]] == ["　".join(name) for name in names]
    assert {line[3] for line in read[1:]} == {"ﾐﾎﾝ　ｿﾗ".replace("　", " ")}
    assert {line[4] for line in read[1:]} == {"5020614"}


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.integers(0, 999_999)), min_size=1, max_size=5))
def test_fixed_records_are_exact_to_the_byte(given_rows: list[tuple[str, int]]) -> None:
    layout = fixed()
    rows = [render(layout, "MC-1", case_of(name, "そら", work_days=days)) for name, days in given_rows]
    assert not any(row.problems for row in rows)
    assert {len(row.body) for row in rows} == {layout.record_width + 2}
    for line, (_, days) in zip(read_fixed(b"".join(row.body for row in rows)), given_rows, strict=True):
        assert line[0] == "MC-0000001  "
        assert int(line[4]) == days
        assert line[3] == "20200614"
        assert line[1].endswith("　")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=12))
def test_whatever_is_typed_goes_out_unchanged_or_not_at_all(family: str) -> None:
    layout = delimited()
    row = render(layout, "MC-1", case_of(family))
    if row.problems:
        assert row.body == b""
        assert row.problems[0].number == "MC-1"
        assert row.problems[0].column == "氏名"
    else:
        read = read_quoted(row.body, "cp932")
        assert read[0][2] == "　".join(part for part in (family, "そら") if part)


@pytest.mark.parametrize(
    ("family", "named"),
    [
        ("𠮷田", "「𠮷」（U+20BB7）"),
        ("辻\U000e0100", "「辻」の異体字指定（U+E0100）"),
        ("〜", "「〜」（U+301C）"),
        ("山\n田", "U+000A"),
        ("é", "「é」（U+00E9）"),
    ],
)
def test_a_character_without_a_code_is_named(family: str, named: str) -> None:
    (problem,) = render(delimited(), "MC-9", case_of(family)).problems
    assert named in problem.sentence
    assert str(problem).startswith("MC-9「氏名」")


def test_the_town_may_decide_on_a_replacement_but_not_on_another_gap() -> None:
    layout = delimited(more="characters = { '𠮷' = '吉', '〜' = '～' }\n")
    assert render(layout, "MC-1", case_of("𠮷田〜")).values[2] == "吉田～　そら"
    with pytest.raises(PackageFaults, match="置き換える「𠮷」"):
        delimited(more="characters = { '吉' = '𠮷' }\n")


def test_what_is_too_long_is_told_and_never_cut() -> None:
    (problem,) = render(delimited(), "MC-1", case_of("寿限無" * 10)).problems
    assert "66バイトあり、幅60バイトに入りません" in problem.sentence


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"child_birth": "きのう"}, "日付として読めません"),
        ({"work_days": "たくさん"}, "数として読めません"),
        ({"work_days": -5}, "負の数は0で埋められません"),
        ({"work_days": 12345678}, "幅6バイトに入りません"),
    ],
)
def test_values_of_another_kind_are_refused(changed: dict[str, Any], sentence: str) -> None:
    problems = render(fixed(), "MC-1", case_of(**changed)).problems
    assert sentence in problems[0].sentence


def test_without_quotes_a_separator_in_a_value_is_refused() -> None:
    assert "区切りの文字" in render(delimited(quoting="none"), "MC-1", case_of("a,b")).problems[0].sentence


def test_encodings_have_their_byte_order_mark_where_asked() -> None:
    marked, plain = delimited("utf-8-bom"), delimited("utf-8")
    row = render(marked, "MC-1", case_of("𠮷田", "辻\U000e0100"))
    assert file_bytes(marked, [row.body]).startswith(b'\xef\xbb\xbf"')
    assert not file_bytes(plain, [row.body]).startswith(b"\xef\xbb\xbf")
    assert "𠮷田　辻\U000e0100".encode() in row.body


def test_the_run_s_own_words_do_not_make_a_case_changed() -> None:
    layout = delimited()
    first, again = case_of(), case_of(export={"kind": "2", "number": 7, "position": 3})
    assert render(layout, "MC-1", first).content == render(layout, "MC-1", again).content
    assert render(layout, "MC-1", case_of("別")).content != render(layout, "MC-1", first).content
    assert render(layout, "MC-1", first).filled == 5


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ('encoding = "ebcdic"', "使えません"),
        ('file_name = "x.csv"', "{number} を入れてください"),
        ('file_name = "../{number}"', "半角英数字"),
        ("colour = 1", "「colour」という設定"),
    ],
)
def test_a_faulty_layout_is_told_with_its_line(wrong: str, sentence: str) -> None:
    key = wrong.split(" ")[0]
    text = "\n".join(line for line in DELIMITED.splitlines() if not line.startswith(f"{key} "))
    with pytest.raises(PackageFaults, match=sentence):
        read_layout("exports/x.toml", f"{wrong}\n{text}".encode(), KNOWN)


def test_names_and_widths_of_columns_are_checked() -> None:
    unknown = FIXED.replace('"child_kana"', '"child_kanaa"').replace("width = 40\n", "")
    with pytest.raises(PackageFaults) as told:
        read_layout("exports/x.toml", unknown.encode(), KNOWN)
    assert "child_kana" in str(told.value)
    assert "幅（バイト）がありません" in str(told.value)


def test_the_shipped_layouts_fit_every_version_of_the_package() -> None:
    files = {f"exports/{each.name}": each.read_bytes() for each in (PACKAGE / "exports").glob("*.toml")}
    for folder in sorted(each.parent for each in PACKAGE.glob("*/procedure.toml")):
        layouts = read_layouts(files, read_package(folder).known_names)
        assert set(layouts) == {"gakudo-daicho", "ryokin", "tokei"}
    assert layouts["ryokin"].record_width == 128
    assert not any(column.path[:1] == ("child_name",) for column in layouts["tokei"].columns)


def test_names_of_files_and_of_the_file_apart() -> None:
    told = {"on": date(2026, 11, 21), "town_code": "999999"}
    assert file_name(delimited(), number=12, **told) == "D999999_20261121_0012.csv"
    assert file_name(delimited(), number=12, apart=True, **told) == "D999999_20261121_P0012.csv"


def test_the_result_file_is_read_or_refused_with_a_sentence() -> None:
    body = "受付番号,結果,内容\r\nMC-1,0,\r\nMC-2,9,宛名なし\r\n\r\n".encode("cp932")
    accepted, rejected = read_answer(delimited(), body)
    assert (accepted.number, accepted.accepted) == ("MC-1", True)
    assert (rejected.accepted, rejected.code, rejected.message) == (False, "9", "宛名なし")
    with pytest.raises(ValueError, match="文字コード"):
        read_answer(delimited(), "受付番号,結果,内容\n\ud7ff".encode("utf-16"))
    with pytest.raises(ValueError, match="2行目の列が足りません"):
        read_answer(delimited(), b"a,b,c\nMC-1,0\n")
    with pytest.raises(ValueError, match=r"\[answer\]"):
        read_answer(fixed(), b"")
