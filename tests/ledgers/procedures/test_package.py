from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.commands import check, diff, export
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.folder import MAX_FILE, files_of, refused_name, sha256_of
from madoguchi.ledgers.procedures.package import read_files, read_package
from tests.factories_procedures import (
    CLUBS,
    FLOW,
    FORM,
    PROCEDURE,
    faults_of,
    field,
    form_of,
    package_files,
    package_with,
)

Place = tuple[str, int]


def only_fault(**changed: str) -> tuple[Place, str]:
    ((file, line, sentence),) = faults_of(**changed)
    return (file, line), sentence


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_package__that_is_sound_is_read_whole() -> None:
    package = package_with()
    assert (package.slug, package.version, package.section_code) == ("sample", "2026-04", "kodomo")
    assert [place.label for place in package.facilities] == ["A1 さくら台学童クラブ", "A2 みなみ学童クラブ"]
    assert package.open_period(package.periods[0].closes) == package.periods[0]
    assert package.period("p").label.ja == "一斉受付"
    assert {"who", "facts.arrears_months", "period.entry_on", "on"} <= package.known_names
    assert package.facility("c2") is package.facilities[1]


def test_syntax_error__is_named_with_its_line() -> None:
    text = FORM + 'oops = "no end\n'
    place, sentence = only_fault(form=text)
    assert place == ("form.toml", line_with(text, "oops"))
    assert "TOML として読めません" in sentence


def test_unknown_name__is_named_with_its_line_and_the_nearest() -> None:
    text = form_of(field("child_birth", "date"), field("why", "text", "visible = \"chlid_birth != ''\""))
    place, sentence = only_fault(form=text)
    assert place == ("form.toml", line_with(text, "chlid_birth"))
    assert "「child_birth」の書き間違い" in sentence


def test_unknown_fact__is_found_in_the_flow() -> None:
    text = FLOW.replace("facts.arrears_months ==", "facts.arrears_month ==")
    place, sentence = only_fault(flow=text)
    assert place == ("flow.toml", line_with(text, "rule ="))
    assert "「facts.arrears_months」の書き間違い" in sentence


def test_circle__is_told_as_a_way() -> None:
    text = form_of(
        field("a", "calculated", 'rule = "b + 1"'),
        field("b", "calculated", 'rule = "c + 1"'),
        field("c", "text", 'visible = "a > 0"'),
    )
    place, sentence = only_fault(form=text)
    assert place[0] == "form.toml"
    assert place[1] > 0
    assert "輪になっています" in sentence
    assert all(f"{name} → " in sentence for name in "abc")


def test_circle__inside_the_rows_of_a_group_is_found() -> None:
    column = '[[page.field.column]]\nkey = "{0}"\ntype = "calculated"\nlabel.ja = "{0}"\nrule = "{1}"'
    group = field("rows", "group", column.format("p", "q + 1"), column.format("q", "p + 1"))
    place, sentence = only_fault(form=form_of(group))
    assert place[0] == "form.toml"
    assert "輪になっています" in sentence


@pytest.mark.parametrize(
    ("table", "line", "part"),
    [
        (CLUBS.replace(",60,", ",六十,"), 2, "定員"),
        (CLUBS.replace(",yes", ",たぶん"), 3, "yes か no"),
        (CLUBS.replace("c2,A2", "c1,A2"), 3, "コード"),
        (CLUBS + "c3,A3,だけ\n", 4, "8列"),
        (CLUBS.replace("capacity", "定員"), 1, "「capacity」がありません"),
        (CLUBS.replace("symbol", "code"), 1, "2回あります"),
        (CLUBS + 'c3,"A3,\n', 4, "CSV として読めません"),
        ("", 1, "表が空"),
    ],
)
def test_bad_table__is_named_with_its_line(table: str, line: int, part: str) -> None:
    faults = faults_of(clubs=table)
    (found,) = [fault for fault in faults if fault[0] == "tables/clubs.csv"]
    assert found[1] == line
    assert part in found[2]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"procedure": PROCEDURE.replace('slug = "sample"', 'slug = "../etc"')}, "使えません"),
        ({"procedure": PROCEDURE.replace('version = "2026-04"', "version = 2026")}, "文字列"),
        ({"procedure": PROCEDURE.replace("2026-11-30", "2026-10-30")}, "締切"),
        (
            {"procedure": PROCEDURE.replace("in_force_from = 2026-04-01", 'in_force_from = "4月"')},
            "引用符なし",
        ),
        ({"procedure": PROCEDURE.replace('facilities = "clubs"', 'facilities = "rooms"')}, "読めません"),
        ({"procedure": PROCEDURE.replace("section =", "sectoin =")}, "「section」の書き間違い"),
        ({"form": FORM.replace('type = "text"', 'type = "txet"')}, "「txet」は使えません"),
        ({"form": FORM.replace('key = "who"', 'key = "size"')}, "規則の言葉"),
        ({"form": FORM.replace('key = "who"', 'key = "名前"')}, "英小文字"),
        ({"form": FORM + FORM}, "行目にもあります"),
        ({"form": form_of(field("x", "choice"))}, "選択肢を"),
        ({"form": form_of(field("x", "group"))}, "[[page.field.column]]"),
        ({"form": form_of(field("x", "number", "ranks = 3"))}, "「ranks」という設定は"),
        ({"form": form_of(field("x", "text", 'prefill = "password.hash"'))}, "resident"),
        ({"flow": FLOW.replace("look.ja", "look.fr")}, "ja・en・easy"),
        ({"flow": FLOW + 'about = "nobody"\n'}, "「nobody」という項目"),
    ],
)
def test_fault__says_what_to_do(changed: dict[str, str], part: str) -> None:
    faults = faults_of(**changed)
    assert any(part in sentence for _, _, sentence in faults)
    assert all(line > 0 and sentence.endswith("。") for _, line, sentence in faults)


def test_all_faults__are_told_at_once() -> None:
    text = form_of(field("a", "text", 'visible = "zz"'), field("b", "txt"), field("c", "text", "colour = 1"))
    assert len(faults_of(form=text, flow="x = [")) == 4


def test_files_that_must_be_there() -> None:
    with pytest.raises(PackageFaults) as caught:
        read_files({"procedure.toml": PROCEDURE.encode()})
    assert {fault.file for fault in caught.value.faults} >= {"form.toml", "flow.toml"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.toml",
        "/etc/passwd.txt",
        "a/../../b.csv",
        "tables\\x.csv",
        "c:x.csv",
        "a/b/c/d.csv",
        "run.py",
        "名.csv",
    ],
)
def test_path__that_escapes_or_runs_is_refused(name: str) -> None:
    with pytest.raises(PackageFaults) as caught:
        read_files({**package_files(), name: b""})
    assert [fault.file for fault in caught.value.faults] == [name]


@given(st.text(max_size=40))
def test_path__that_is_taken_stays_inside(name: str) -> None:
    if not refused_name(name):
        assert (Path("/base") / name).resolve().is_relative_to("/base")


def test_link__is_not_followed(tmp_path: Path) -> None:
    export(package_files(), tmp_path / "p")
    (tmp_path / "p" / "letters").mkdir()
    (tmp_path / "p" / "letters" / "secret.typ").symlink_to("/etc/hostname")
    (fault,) = check(tmp_path / "p")
    assert (fault.file, "リンク" in fault.sentence) == ("letters/secret.typ", True)


def test_size__is_limited() -> None:
    with pytest.raises(PackageFaults, match="2MB"):
        read_files({**package_files(), "tables/big.csv": b"a\n" * MAX_FILE})
    with pytest.raises(PackageFaults, match="200個"):
        read_files({**package_files(), **{f"tables/t{number}.csv": b"a\n" for number in range(201)}})


def test_fingerprint__changes_with_any_byte_and_name() -> None:
    files = package_files()
    assert sha256_of(files) == sha256_of(dict(reversed(files.items())))
    assert sha256_of({**files, "note.md": b""}) != sha256_of(files)
    assert sha256_of({"a": b"bc"}) != sha256_of({"ab": b"c"})


def test_check__and_export__and_diff(tmp_path: Path) -> None:
    export(package_files(), tmp_path / "old")
    export(package_files(form=FORM.replace("名前", "氏名")), tmp_path / "new")
    assert check(tmp_path / "old") == []
    assert files_of(tmp_path / "old") == package_files()
    lines = diff(tmp_path / "old", tmp_path / "new")
    assert '-label.ja = "名前"' in lines
    assert '+label.ja = "氏名"' in lines
    assert diff(tmp_path / "old", tmp_path / "old") == []
    assert read_package(tmp_path / "old").sha256 == sha256_of(package_files())


def test_check__of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (fault,) = check(tmp_path / "nowhere")
    assert "フォルダがありません" in fault.sentence
