"""The receipt as PDF: everything on it can be read, nothing is missing, it costs next to nothing."""

import time
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from madoguchi.web.components import words
from tests.web.resident.walking import apply

pytestmark = pytest.mark.django_db
CPU_SECONDS = 0.05
"""Of the 0.1 CPU-seconds that one application may cost altogether."""


@pytest.fixture
def number(hikari: Any) -> str:
    return apply(hikari)


def opened(client: Any, number: str) -> PdfReader:
    answer = client.get(f"/applications/{number}/receipt.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    return PdfReader(BytesIO(answer.content))


def text_of(reader: PdfReader) -> str:
    return "".join(page.extract_text() for page in reader.pages).replace(" ", "").replace("\n", "")


def fonts_of(reader: PdfReader) -> list[Any]:
    found = []
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for below in font.get_object()["/DescendantFonts"]:
                found.append(below.get_object()["/FontDescriptor"].get_object())
    return found


def test_it_says_what_was_received_and_what_comes_next(hikari: Any, number: str) -> None:
    text = text_of(opened(hikari, number))
    for said in (number, "申請を受け付けました", "見本クラブ入所申請", "見本　そら1", "A1中央クラブ", "令和2年（2020年）6月14日",
                 "このあと", "担当が確認します", "すべての項目を読み取れました", "令和8年（2026年）11月22日"):  # fmt: skip
        assert said.replace("　", "") in text.replace("　", ""), said


def test_every_font_is_inside_and_it_is_for_keeping(hikari: Any, number: str) -> None:
    reader = opened(hikari, number)
    fonts = fonts_of(reader)
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    about = reader.trailer["/Root"]
    assert about["/Lang"] == "ja-JP"  # type: ignore[index]
    assert b"pdfaid" in about["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert about["/MarkInfo"]["/Marked"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("cookie", "said", "language"),
    [
        ({"language": "en"}, "Yourapplicationwasreceived", "en"),
        ({"easy": "on"}, "うけつけました", "ja-JP"),
        ({"furigana": "on"}, "しんせい", "ja-JP"),
    ],
)
def test_in_the_readers_language(
    hikari: Any, number: str, cookie: dict[str, str], said: str, language: str
) -> None:
    hikari.cookies.load(cookie)
    reader = opened(hikari, number)
    assert said in text_of(reader)
    assert reader.trailer["/Root"]["/Lang"] == language  # type: ignore[index]


def test_a_name_variant_is_printed_and_a_missing_shape_is_named(hikari: Any) -> None:
    """A rare kanji has no shape in the font; the receipt comes all the same and says so."""
    number = apply(hikari, child_name__family="辻\U000e0100", child_name__given="そら1\U0002a6d6")
    text = text_of(opened(hikari, number))
    assert "辻" in text
    assert "〓は、この控えに印字できない文字です" in text


def test_a_stranger_gets_none(stranger: Any, number: str) -> None:
    assert stranger.get(f"/applications/{number}/receipt.pdf").status_code == 404


def test_it_costs_next_to_nothing(hikari: Any, number: str, record_property: Any) -> None:
    opened(hikari, number)
    began = time.process_time()
    for _ in range(20):
        hikari.get(f"/applications/{number}/receipt.pdf")
    each = (time.process_time() - began) / 20
    record_property("cpu_milliseconds", each * 1000)
    assert each < CPU_SECONDS


def test_the_readings_are_loaded_once() -> None:
    assert words.readings() is words.readings()
