import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.text import has_control_characters
from madoguchi.ledgers.documents import rules
from madoguchi.ledgers.documents.errors import FileEmpty, FileKindRefused, FileRefused, FileTooLarge
from madoguchi.ledgers.documents.kinds import KEPT, kind_of
from tests.ledgers.documents import files

LIMIT = 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (files.PDF, "application/pdf"),
        (files.JPEG, "image/jpeg"),
        (files.PNG, "image/png"),
        (files.HEIC, "image/heic"),
        (files.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (files.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
    ids=["pdf", "jpeg", "png", "heic", "xlsx", "docx"],
)
def test_content_decides_the_type(body: bytes, media_type: str) -> None:
    assert rules.check_file("何か.bin", body, LIMIT).media_type == media_type


@pytest.mark.parametrize(
    ("body", "really"),
    [
        (files.HTML, "HTML"),
        (b"\n\n  " + files.HTML, "HTML"),
        (b"\xef\xbb\xbf" + files.HTML, "HTML"),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), "HTML"),
        (files.SVG, "SVG"),
        (files.GIF, "GIF"),
        (files.EXE, "実行プログラム"),
        (b"#!/bin/sh\n", "実行プログラム"),
        (files.LEGACY, "古い形式"),
        (files.XLSM, "マクロ"),
        (files.PLAIN_ZIP, "ZIP"),
        (files.XLSX[:40], "壊れた"),
        (files.XLSX.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"), "壊れた"),
        ("ただの文章".encode(), "文字だけ"),
        (bytes(range(256)), "受け取れない種類"),
        (b" %PDF-1.7", "文字だけ"),
    ],
    ids=range(16),
)
def test_a_file_named_pdf_is_refused_naming_what_it_is(body: bytes, really: str) -> None:
    with pytest.raises(FileKindRefused) as refused:
        rules.check_file("証明書.pdf", body, LIMIT)
    assert really in refused.value.sentence
    assert "証明書.pdf" in refused.value.sentence
    assert "PDF" in refused.value.next_step


def test_an_archive_that_swells_is_refused() -> None:
    swelling = files.archive("[Content_Types].xml", "xl/workbook.xml", body=b"0" * (160 * 1024 * 1024))
    assert len(swelling) < LIMIT
    with pytest.raises(FileKindRefused, match="ふくらむ"):
        rules.check_file("表.xlsx", swelling, LIMIT)


def test_fifty_megabytes_are_refused_with_a_remedy() -> None:
    with pytest.raises(FileTooLarge, match="50MBあり、1つ10MBまで") as refused:
        rules.check_file("写真.jpg", files.JPEG + b"\x00" * (50 * 1024 * 1024 - len(files.JPEG)), LIMIT)
    assert "分けて" in refused.value.next_step


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        rules.check_file("写真.jpg", b"", LIMIT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/証明書.pdf", "証明書.pdf"),
        ("C:\\Users\\me\\証明書.PDF", "証明書.PDF"),
        ("証\x00明\u202e書.pdf", "証明書.pdf"),
        ("..", "書類.pdf"),
        ("", "書類.pdf"),
        (".pdf", "書類.pdf"),
        ("写真.jpg", "写真.pdf"),
        ("令和8.4.1 証明", "令和8.4.1 証明.pdf"),
        ('a"b<c>.pdf', "a b c.pdf"),
    ],
)
def test_names_are_cleaned_and_say_what_the_file_is(typed: str, kept: str) -> None:
    assert rules.check_file(typed, files.PDF, LIMIT).name == kept


def test_megabytes_never_round_down_to_the_limit() -> None:
    assert rules.megabytes(LIMIT) == "10MB"
    assert rules.megabytes(LIMIT + 1) == "10.1MB"


@given(st.text(max_size=400), st.sampled_from([files.PDF, files.JPEG, files.XLSX]))
def test_any_name_becomes_a_safe_one(name: str, body: bytes) -> None:
    checked = rules.check_file(name, body, LIMIT)
    assert 0 < len(checked.name) <= rules.LONGEST_NAME
    assert not set('/\\<>:"|?*\n\t') & set(checked.name)
    assert not has_control_characters(checked.name)
    assert not checked.name.startswith(".")
    assert checked.name.rsplit(".")[-1].lower() in kind_of(body).extensions
    assert rules.clean_name(checked.name) == checked.name


@given(st.binary(max_size=600) | st.builds(lambda b: b"PK\x03\x04" + b, st.binary(max_size=200)))
def test_any_bytes_are_kept_as_a_known_kind_or_refused(body: bytes) -> None:
    kind = kind_of(body)
    if body and kind in KEPT:
        assert rules.check_file("a.pdf", body, LIMIT).media_type == kind.media_type
    else:
        with pytest.raises(FileRefused) as refused:
            rules.check_file("a.pdf", body, LIMIT)
        assert refused.value.next_step
