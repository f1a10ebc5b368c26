import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from madoguchi.clerical.notices import typesetting
from madoguchi.clerical.notices.errors import (
    CharactersUnprintable,
    InstructionMissing,
    LetterBroken,
    TemplateReachesOut,
)
from madoguchi.clerical.notices.orders import LetterOrder
from madoguchi.clerical.notices.rules import Town, complete_facts, fill_text, require_confined
from tests.factories_notices import TITLES, order

TOWN = Town("サンプル市", "例示　太郎", "子ども若者課 学童クラブ係　電話 000-0000-0123")
NUMBER = "サ子青第1204号"


def made(ordered: LetterOrder) -> bytes:
    facts = complete_facts(ordered, NUMBER, TOWN)
    text = fill_text(ordered.text, facts, ordered.case)
    return typesetting.typeset_order(ordered, facts, text, seconds=1_800_000_000)


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


@pytest.mark.parametrize("kind", TITLES)
def test_letters_of_the_package__say_who_what_and_how_to_contest(kind: str) -> None:
    said = words_of(made(order(1, kind)))
    for expected in (
        NUMBER,
        "令和9年1月29日",
        "見本ひかり1様",
        TITLES[kind],
        "見本そら",
        "サンプル市長例示太郎",
    ):
        assert expected in said
    assert "審査請求をすることができます" in said
    assert "取消訴訟" in said


def test_letters__fit_one_a4_page_carry_the_font_and_are_pdf_a() -> None:
    pdf = made(order(1, "waitlisted"))
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert {str(font["/BaseFont"]).split("+")[1] for font in (fonts[key] for key in fonts)} == {"IPAexGothic"}
    assert b"pdfaid:part>2<" in pdf
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert made(order()) == made(order())


@pytest.mark.parametrize(
    "name",
    [
        "#panic()",
        "*太字* _斜体_",
        "$x^2$",
        '#import "@preview/x:1"',
        "] #let f = 1 [",
        "<label> @ref",
        "// 見えない",
        "\\u{41}",
        "a -- b",
        "\"'`",
    ],
)
def test_a_name_that_looks_like_typst_prints_as_it_is_written(name: str) -> None:
    said = words_of(made(order(addressee=name)))
    assert re.sub(r"\s", "", name) + "様" in said


@settings(max_examples=30, deadline=None)
@given(st.text("あア亜#$*_[]{}()<>@\\/`'\"~-+=%&!?.,:;^| 0aZ", min_size=1, max_size=20).filter(str.strip))
def test_no_addressee_of_printable_characters_can_break_a_letter(name: str) -> None:
    assert made(order(addressee=name)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("𠮷野　例", ""),
        ("見本\U000200a4", "U+200A4"),
        ("😀", "U+1F600"),
        ("葛\U000e01ef城", "U+845B+U+E01EF"),
        ("\t", "U+0009"),
    ],
)
def test_a_character_without_a_shape_is_refused_with_its_case(name: str, code: str) -> None:
    if not typesetting.unprintable([name]):
        assert made(order(addressee=name)).startswith(b"%PDF")
        return
    with pytest.raises(CharactersUnprintable, match="GK0000001") as refused:
        made(order(addressee=name))
    assert code in str(refused.value)


@given(st.text(max_size=30))
def test_unprintable__is_exactly_what_the_font_lacks(text: str) -> None:
    shapes = set(map(chr, typesetting._font().getBestCmap())) | {"\n"}
    plain = "".join(char for char in text if char not in typesetting._VARIATION_SELECTORS)
    assert set(typesetting.unprintable([plain])) == set(plain) - shapes


def test_the_font_prints_the_characters_of_offices() -> None:
    assert typesetting.unprintable(["①㈱髙﨑德濵ヶ々〆〇￥～－―…※", "ÀÉ", "ｶﾞ"]) == ()


@pytest.mark.parametrize(
    "source",
    [
        '#import "/etc/x": *',
        '#include "x.typ"',
        '#read("/etc/passwd")',
        '#eval("1")',
        '#plugin("x.wasm")',
        "#let r = std.read",
        "#sys.inputs",
        '#image("x.png")',
    ],
)
def test_a_letter_of_a_package_reaches_for_nothing_but_its_facts(source: str) -> None:
    with pytest.raises(TemplateReachesOut):
        require_confined(source)
    with pytest.raises(TemplateReachesOut):
        typesetting.typeset(source, {}, seconds=1)


def test_a_disposition_without_instruction_is_refused() -> None:
    bare = order(text="{document_number} {addressee}")
    with pytest.raises(InstructionMissing, match="教示"):
        made(bare)
    with pytest.raises(InstructionMissing):
        made(order(template="#letter[承認します。]"))
    told = order(text="{addressee}", template="#letter[お知らせします。]", disposition=False)
    assert made(told).startswith(b"%PDF")


@pytest.mark.parametrize("fact", ["club_name", "number"])
def test_a_missing_fact_is_a_sentence_with_the_case(fact: str) -> None:
    ordered = order()
    poorer = {key: value for key, value in ordered.facts.items() if key != fact}
    with pytest.raises(LetterBroken, match=fact):
        made(order(facts=poorer))


def test_typst_errors_are_said_with_the_case() -> None:
    with pytest.raises(LetterBroken, match="GK0000001"):
        made(order(template="#letter[#facts.nothing #appeal-notice]"))


def test_a_status_url_becomes_a_code() -> None:
    facts: dict[str, Any] = {**order().facts, "status_url": "https://sample.example/s/GK1"}
    assert "svg" in str(typesetting.with_code(facts)["qr_svg"])
    plain, coded = made(order()), made(order(facts=facts))
    assert coded != plain
    assert "二次元コード" not in words_of(plain)


def test_fill_text__computes_nothing() -> None:
    text = "{number} {number.__class__} {0} {reason_lines}"
    filled = fill_text(text, {"number": "1", "reason_lines": ["一", "二"]}, "1")
    assert filled == "1 {number.__class__} {0} 一\n二"


def test_dates_are_written_in_the_era() -> None:
    facts = complete_facts(order(dated_on=date(2019, 5, 1)), NUMBER, TOWN)
    assert facts["dated_on"] == "令和元年5月1日"


def test_people_who_ask_at_the_same_moment_all_get_their_paper() -> None:
    source, together = "#set page(width: 60mm)\n" + "窓口 " * 400, 8
    with ThreadPoolExecutor(together) as pool:
        papers = list(
            pool.map(lambda turn: typesetting.compiled(source.encode(), "facts", str(turn), 0), range(40))
        )
    assert all(paper.startswith(b"%PDF") for paper in papers)


def test_the_letters_of_the_font_are_read_by_several_at_once() -> None:
    """The first pages of a fresh process: each of them asks which characters can be printed."""
    for _ in range(20):
        typesetting._shapes.cache_clear()
        typesetting._variations.cache_clear()
        together = Barrier(8)

        def asked(together: Barrier = together) -> tuple[str, ...]:
            together.wait()
            return typesetting.unprintable(["見本　花子", "邉󠄀", "\U00020b9f"])

        with ThreadPoolExecutor(8) as pool:
            assert len({each.result() for each in [pool.submit(asked) for _ in range(8)]}) == 1
