"""Files made to hurt are refused, or kept with a word of caution; ordinary ones pass."""

import io
import time
import zipfile

import pytest
from PIL import Image

from madoguchi.ledgers.documents import archives, hazards, rules
from madoguchi.ledgers.documents.errors import FileKindRefused, FileTooLarge
from madoguchi.ledgers.documents.states import Caution
from tests.ledgers.documents import files, hostile

LIMIT = 10 * 1024 * 1024
REFUSED = {
    "thousands of members": (hostile.many_members(archives.MOST_MEMBERS + 1), "ふくらむ"),
    "a thousandfold": (hostile.workbook(xl__a=b"0" * (30 * 1024 * 1024)), "ふくらむ"),
    "a zip in it": (hostile.workbook(xl__a_dot_zip=files.PLAIN_ZIP), "入った"),
    "a zip under another name": (hostile.workbook(xl__a=files.PLAIN_ZIP), "入った"),
    "three deep": (
        hostile.workbook(xl__embeddings__a_dot_xlsx=hostile.workbook(xl__embeddings__b_dot_xlsx=files.XLSX)),
        "入った",
    ),
    "a bomb in an embedded workbook": (
        hostile.workbook(xl__embeddings__a_dot_xlsx=hostile.workbook(a=b"0" * (30 * 1024 * 1024))),
        "ふくらむ",
    ),
    "leads out": (hostile.packed({hostile.TYPES: b"", hostile.SHEET: b"", "../../etc/passwd": b"x"}), "外へ"),
    "absolute": (hostile.packed({hostile.TYPES: b"", hostile.SHEET: b"", "/etc/passwd": b"x"}), "外へ"),
    "a drive": (hostile.packed({hostile.TYPES: b"", hostile.SHEET: b"", "C:/x": b"x"}), "外へ"),
    "encrypted": (hostile.encrypted(), "パスワード"),
    "two of one name": (hostile.twice_the_same(), "同じ名前"),
    "damaged": (hostile.damaged(), "壊れた"),
    "a program": (hostile.workbook(xl__run_dot_exe=b"MZ"), "プログラム"),
    "activex": (hostile.workbook(xl__activeX__activeX1_dot_bin=b"x"), "プログラム"),
    "photo and zip": (files.JPEG + files.PLAIN_ZIP, "圧縮ファイルでもある"),
    "pdf and zip": (files.PDF + files.PLAIN_ZIP, "圧縮ファイルでもある"),
    "photo and pdf": (hostile.jpeg(8, 8, comment=files.PDF), "PDFでもある"),
    "workbook and pdf": (b"PK\x03\x04" + files.PDF, "壊れた"),
    "photo and page": (hostile.jpeg(8, 8, comment=files.HTML), "ウェブページでもある"),
}


@pytest.mark.parametrize("what", REFUSED, ids=lambda what: what.replace(" ", "-"))
def test_it_is_refused_and_named(what: str) -> None:
    body, word = REFUSED[what]
    begun = time.perf_counter()
    with pytest.raises(FileKindRefused, match=word) as refused:
        rules.check_file("書類.pdf", body, LIMIT)
    assert refused.value.next_step
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "body",
    [hostile.png(60_000, 60_000), hostile.jpeg(20_000, 20_000), hostile.heic(30_000, 30_000)],
    ids=["png", "jpeg", "heic"],
)
def test_a_small_file_that_unfolds_to_a_giant_picture_is_refused(body: bytes) -> None:
    with pytest.raises(FileTooLarge, match="万画素") as refused:
        rules.check_file("写真.png", body, LIMIT)
    assert "撮り直して" in refused.value.next_step


def test_the_size_is_read_without_unfolding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("the picture was unfolded"))
    assert hazards.pixels_of(hostile.png(9_000, 9_000), "image/png") == 81_000_000


@pytest.mark.parametrize(
    "body",
    [hostile.jpeg(12_000, 9_000), hostile.png(640, 480), hostile.heic(8_064, 6_048), files.DOCX],
    ids=["108-million", "png", "heic-48-million", "docx"],
)
def test_ordinary_files_pass_without_caution(body: bytes) -> None:
    assert rules.check_file("書類.x", body, LIMIT).cautions == ()


def test_a_word_file_with_a_workbook_in_it_passes() -> None:
    body = hostile.packed(
        {hostile.TYPES: b"<x/>", "word/document.xml": b"<x/>", "word/embeddings/a.xlsx": files.XLSX}
    )
    assert rules.check_file("a.docx", body, LIMIT).media_type.endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("inside", "caution"),
    [
        (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", Caution.SCRIPT),
        (b"/S /J#61vaScr#69pt", Caution.SCRIPT),
        (b"/Names<</EmbeddedFiles 4 0 R>>", Caution.ATTACHED),
        (b"/S/Launch/F(cmd.exe)", Caution.LAUNCH),
        (b"/Encrypt 9 0 R", Caution.LOCKED),
    ],
    ids=["script", "written-in-hex", "attached", "launch", "locked"],
)
def test_a_pdf_that_does_more_than_show_pages_is_kept_with_a_caution(inside: bytes, caution: Caution) -> None:
    assert rules.check_file("a.pdf", hostile.pdf(inside), LIMIT).cautions == (caution,)
    assert rules.check_file("a.pdf", hostile.pdf_with_packed_object(inside), LIMIT).cautions == (caution,)


@pytest.mark.parametrize(
    "inside", [b"/JSON 1", b"/Title(JavaScript)", b"/OpenAction[3 0 R/Fit]"], ids=["json", "title", "open"]
)
def test_a_pdf_that_only_looks_like_it_gets_no_caution(inside: bytes) -> None:
    assert hazards.pdf_cautions(hostile.pdf(inside)) == ()


def test_a_pdf_of_nothing_but_signs_costs_no_time() -> None:
    begun = time.perf_counter()
    hazards.pdf_cautions(b"%PDF-1.7 " + b"/ObjStm" * 1_400_000)
    hazards.pdf_cautions(b"%PDF-1.7 " + b"/ObjStm stream\n\x78\x9c" * 500_000)
    assert time.perf_counter() - begun < 5


def test_broken_archives_never_raise() -> None:
    whole = hostile.workbook(a=b"12345" * 100)
    for cut in range(0, len(whole), 7):
        archives.fault_of_archive(whole[:cut])
        archives.fault_of_archive(whole[:cut] + b"\xff" + whole[cut + 1 :])
    assert zipfile.is_zipfile(io.BytesIO(whole))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("..\\..\\windows\\win.ini.pdf", "win.ini.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("\\\\server\\share\\a.pdf", "a.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("CON.pdf", "CON_.pdf"),
        ("nul", "nul_.pdf"),
        ("com1.txt.pdf", "com1_.txt.pdf"),
        ("consent.pdf", "consent.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        ("x" * 5000 + ".pdf", "x" * (rules.LONGEST_NAME - 4) + ".pdf"),
        (" . . .pdf", "書類.pdf"),
        ("名\u200b\ufeff前\x7f.pdf", "名前.pdf"),
    ],
    ids=range(13),
)
def test_a_name_is_only_shown_and_never_leads_anywhere(typed: str, kept: str) -> None:
    assert rules.check_file(typed, files.PDF, LIMIT).name == kept
