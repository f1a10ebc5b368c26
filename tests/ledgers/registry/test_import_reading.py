import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.era import era_on
from madoguchi.common.individual_number import is_individual_number, names_individual_number
from madoguchi.common.kana import to_full_width, to_half_width
from madoguchi.ledgers.registry.errors import ImportFileUnreadable, IndividualNumberFound, MappingUnreadable
from madoguchi.ledgers.registry.import_cells import read_day
from madoguchi.ledgers.registry.import_guard import refuse_individual_numbers
from madoguchi.ledgers.registry.import_mapping import lay, read_mapping, shipped_text
from madoguchi.ledgers.registry.import_reading import Reader
from madoguchi.ledgers.registry.import_rows import Accepted, Rejected, Repaired, RowReading
from madoguchi.ledgers.registry.import_source import Line, detect, lines
from madoguchi.ledgers.registry.sample_file import HEADS
from tests.factories_imports import as_bytes, table

DAY = date(2026, 11, 21)
PLAIN = dict(zip(HEADS, table()[1], strict=True))
DAYS = st.dates(date(1873, 1, 1), DAY)


def read(toml: str = "", **cells: str) -> RowReading:
    """見本　花子's line with some cells changed or added."""
    row = PLAIN | cells
    layout = lay(read_mapping(toml or shipped_text("juki")), row)
    return Reader(layout, "999999", DAY).read(Line(2, tuple(row.values())))


def record(**cells: str) -> Any:
    found = read(**cells)
    assert not isinstance(found, Rejected), found
    return found.record


def repairs(**cells: str) -> list[tuple[str, str]]:
    found = read(**cells)
    return [(each.column, each.after) for each in found.repairs] if isinstance(found, Repaired) else []


def refused(**cells: str) -> tuple[str, str]:
    found = read(**cells)
    assert isinstance(found, Rejected), found
    return found.column, found.reason


def test_a_plain_line_is_accepted_as_it_stands() -> None:
    found = read()
    assert isinstance(found, Accepted)
    assert (found.record.family_name, found.record.birth_date) == ("見本", date(1988, 5, 2))
    assert (found.record.town, found.record.block) == ("中央二丁目", "3番4号")


@given(DAYS)
def test_every_way_to_write_a_birth_date_is_one_day(day: date) -> None:
    era = era_on(day)
    year = era.year_of(day.year)
    columns = {f"{year:02}{day:%m%d}", f"{year:02}.{day:%m.%d}", f"{day:%Y%m%d}", f"{day:%Y-%m-%d}"}
    for code in (str(era.code), f"0{era.code}", era.letter, era.name, to_full_width(str(era.code))):
        for written in columns | {to_full_width(text) for text in columns}:
            assert read_day(written, code)[0].exact == day, (written, code)
    for alone in (f"{era.code}{year:02}{day:%m%d}", f"0{era.code}{year:02}{day:%m%d}", f"{day:%Y/%m/%d}"):
        assert read_day(alone)[0].exact == day


@given(DAYS)
def test_a_day_beside_the_wrong_era_is_refused(day: date) -> None:
    other = era_on(day).code % 5 + 1
    found = read(生年月日_元号=str(other), 生年月日=f"{day:%Y%m%d}")
    assert isinstance(found, Rejected)
    assert found.column == "生年月日"


@pytest.mark.parametrize(
    ("written", "era", "flag", "text"),
    [
        ("200500", "3", "1", "昭和20年5月（日不詳）"),
        ("19450000", "", "1", "昭和20年（月日不詳）"),
        ("1989", "", "1", "1989年（月日不詳）"),
        ("", "", "1", "不詳"),
        ("19450501", "", "1", "昭和20年5月（日不詳）"),
        ("昭和20年5月（日不詳）", "", "0", "昭和20年5月（日不詳）"),
    ],
)
def test_an_unknown_part_of_a_date_stays_unknown(written: str, era: str, flag: str, text: str) -> None:
    found = record(生年月日_元号=era, 生年月日=written, 生年月日_不詳フラグ=flag)
    assert (found.birth_date, found.birth_text) == (None, text)


@given(st.integers(1, 10**12))
def test_full_width_digits_are_one_number_and_reported(number: int) -> None:
    wide = to_full_width(str(number))
    assert record(宛名番号=wide).atena_number == number
    assert repairs(宛名番号=wide) == [("宛名番号", str(number))]


@pytest.mark.parametrize(
    ("written", "kept", "reported"),
    [
        ("0000021", "0000021", False),
        ("000-0021", "0000021", False),
        ("０００－００２１", "0000021", True),
        ("21", "0000021", True),
        ("？", "", True),
    ],
)
def test_postcodes_are_repaired_and_reported(written: str, kept: str, reported: bool) -> None:
    assert record(住所_郵便番号=written).postcode == kept
    assert repairs(住所_郵便番号=written) == ([("住所_郵便番号", kept)] if reported else [])


def test_half_width_kana_is_repaired_and_reported() -> None:
    assert record(氏_日本人_フリガナ=to_half_width("ミホン")).family_kana == "ミホン"
    assert repairs(氏_日本人_フリガナ=to_half_width("ミホン")) == [("氏_日本人_フリガナ", "ミホン")]


FORMER = (
    "転入前住所_都道府県",
    "転入前住所_市区郡町村名",
    "転入前住所_町字",
    "転入前住所_番地号表記",
    "転入前住所_方書",
)


def test_both_patterns_of_an_address_say_the_same() -> None:
    parts = ("東京都", "見本区", "中町三丁目", "4番5号", "見本荘101")
    split = record(**dict(zip(FORMER, parts, strict=True)))
    whole = record(転入前住所_町字="東京都見本区中町三丁目４番５号　見本荘101")
    assert split.former_address == whole.former_address == "東京都見本区中町三丁目4番5号　見本荘101"
    home = record(住所_町字="さくら台一丁目12番3号　コーポみなみ201号", 住所_番地号表記="", 住所_方書="")
    assert (home.town, home.block, home.building) == ("さくら台一丁目", "12番3号", "コーポみなみ201号")


def test_a_name_in_one_column_and_in_roman_letters() -> None:
    assert record(氏_日本人="", 名_日本人="").family_name == "見本"
    latin = record(氏_日本人="", 名_日本人="", 氏名="", 氏名_外国人ローマ字="NGUYEN THI LAN")
    assert (latin.family_name, latin.given_name) == ("NGUYEN", "THI　LAN")


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"宛名番号": ""}, "宛名番号", "値がありません"),
        ({"宛名番号": "A12"}, "宛名番号", "数字として読み取れません"),
        ({"生年月日": "991399"}, "生年月日", "「991399」（昭和）を読み取れません"),
        ({"続柄コード1": "33"}, "続柄コード1", "「33」という番号"),
        ({"記載順位": "0"}, "記載順位", "記載順位0"),
        ({"最新フラグ": "0"}, "最新フラグ", "最新の記録ではありません"),
        ({"市区町村コード": "131016"}, "市区町村コード", "ほかの市区町村"),
        ({"生年月日_元号": "5", "生年月日": "081122"}, "生年月日", "基準日より後"),
        ({"氏_日本人": "見\ufffd本"}, "氏_日本人", "文字が壊れて"),
        ({"住所_町字": ""}, "住所_町字", "住所がありません"),
        ({"氏_日本人": "長" * 61}, "氏_日本人", "61文字"),
        ({"氏_日本人_フリガナ": "見本"}, "氏_日本人_フリガナ", "カナでない"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_head_and_reason(
    cells: dict[str, str], column: str, reason: str
) -> None:
    found = refused(**cells)
    assert found[0] == column
    assert reason in found[1]


def test_a_line_of_another_length_is_rejected() -> None:
    layout = lay(read_mapping(shipped_text("juki")), HEADS)
    found = Reader(layout, "999999", DAY).read(Line(7, tuple(table()[1][:-1])))
    assert isinstance(found, Rejected)
    assert (found.line, found.reason) == (
        7,
        f"欄が{len(HEADS) - 1}個あり、見出しの{len(HEADS)}個と合いません。",
    )


@given(st.lists(st.text(max_size=8), min_size=len(HEADS), max_size=len(HEADS)))
def test_nothing_in_a_line_raises(cells: list[str]) -> None:
    layout = lay(read_mapping(shipped_text("juki")), HEADS)
    assert Reader(layout, "999999", DAY).read(Line(2, tuple(cells))) is not None


ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be")
JAPANESE = st.text("あアｱ亜髙﨑①㈱～ー－・　 Ａa1１,\t\n表ソ能", min_size=1, max_size=10)


@given(
    st.lists(JAPANESE, min_size=1, max_size=5),
    st.sampled_from(ENCODINGS),
    st.sampled_from(",\t"),
    st.booleans(),
)
def test_every_encoding_gives_the_same_table(
    words: list[str], encoding: str, delimiter: str, empty_first: bool
) -> None:
    rows = [["宛名番号", "氏名", "住所"], *([word.replace('"', "") or "字", "見本", "町"] for word in words)]
    body = as_bytes(rows, encoding, delimiter, before="\r\n" if empty_first else "")
    read_back = list(lines(io.BytesIO(body), detect(io.BytesIO(body))))
    told = [list(line.cells) for line in read_back]
    assert told == [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert read_back[0].number == (2 if empty_first else 1)


def test_an_excel_file_gives_numbers_and_days_as_they_are_meant() -> None:
    book = openpyxl.Workbook()
    book.active.append([])
    book.active.append(["宛名番号", "生年月日", "郵便番号"])
    book.active.append([8000001, datetime(1988, 5, 2), 21.0])
    book.active.append([None, None, None])
    book.active.append([8000002, "S63.5.2"])
    body = io.BytesIO()
    book.save(body)
    form = detect(body)
    assert form.words == "Excel（XLSX）"
    assert [(line.number, line.cells) for line in lines(body, form)] == [
        (2, ("宛名番号", "生年月日", "郵便番号")),
        (3, ("8000001", "1988-05-02", "21")),
        (5, ("8000002", "S63.5.2", "")),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"\xef\xbb\xbf\r\n", b"%PDF-1.7", b"PK\x03\x04broken"], ids=["empty", "blank", "pdf", "zip"]
)
def test_what_is_no_table_is_said_so(body: bytes) -> None:
    source = io.BytesIO(body)
    with pytest.raises(ImportFileUnreadable):
        list(lines(source, detect(source)))


def test_a_broken_byte_costs_its_own_line_only() -> None:
    body = as_bytes(table(), "cp932")
    body = body.replace("一郎".encode("cp932"), b"\x85\xff")
    source = io.BytesIO(body)
    form = detect(source)
    assert form.encoding == "cp932"
    told = list(lines(source, form))
    reader = Reader(lay(read_mapping(shipped_text("juki")), told[0].cells), "999999", DAY)
    assert [type(row) for row in reader.read_all(told[1:])] == [Accepted, Accepted, Rejected]


def test_a_quoted_line_break_keeps_the_line_numbers() -> None:
    source = io.BytesIO('宛名番号,氏名\r\n1,"見\r\n本"\r\n2,例\r\n'.encode())
    assert [line.number for line in lines(source, detect(source))] == [1, 2, 4]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[columns", "TOML として読めません"),
        ("[columns]\nshoe_size = ['靴']", "「shoe_size」は取り込めません"),
        ("[columns]\natena_number = ['宛名番号']", "household_number"),
        (shipped_text("juki") + '\n[codes.extra]\n"1" = 2\n', "codes.extra"),
    ],
)
def test_a_faulty_mapping_is_told_what_is_wrong(toml: str, sentence: str) -> None:
    with pytest.raises(MappingUnreadable, match=sentence):
        read_mapping(toml)


def test_a_town_names_its_own_columns_and_codes() -> None:
    toml = shipped_text("juki").replace('["続柄コード1", "続柄コード"]', '["続柄番号"]')
    toml = toml.replace('"世帯主" = 2', '"世帯主" = 2\n"A1" = 2')
    row = {("続柄番号" if head == "続柄コード1" else head): cell for head, cell in PLAIN.items()} | {
        "続柄番号": "Ａ１"
    }
    found = Reader(lay(read_mapping(toml), row), "999999", DAY).read(Line(2, tuple(row.values())))
    assert not isinstance(found, Rejected)
    assert found.record.relationship == 2


@given(st.integers(0, 10**11 - 1))
def test_the_check_digit_of_an_individual_number(body: int) -> None:
    """Each of ten last digits but one is wrong, and one is right."""
    assert sum(is_individual_number(f"{body:011}{digit}") for digit in range(10)) == 1


@pytest.mark.parametrize(
    "head", ["個人履歴番号", "個人番号カード交付年月日", "宛名番号", "番号", "住民票コード"]
)
def test_other_numbers_are_let_in(head: str) -> None:
    assert not names_individual_number(head)
    told = [Line(1, (head,)), *(Line(n, (str(10**11 + n * 7919),)) for n in range(2, 40))]
    assert refuse_individual_numbers(told)[1] == 38


@given(st.lists(st.integers(0, 10**11 - 1), min_size=1, max_size=9, unique=True))
def test_a_column_of_individual_numbers_is_known_without_its_name(bodies: list[int]) -> None:
    numbers = [
        next(f"{body:011}{d}" for d in range(10) if is_individual_number(f"{body:011}{d}")) for body in bodies
    ]
    told = [
        Line(1, ("宛名番号", "予備")),
        *(Line(n, (str(n), number)) for n, number in enumerate(numbers, 2)),
    ]
    with pytest.raises(IndividualNumberFound):
        refuse_individual_numbers(told)


def test_the_day_of_moving_in_falls_back_and_says_so() -> None:
    found = read(住民となった年月日="")
    assert isinstance(found, Repaired)
    assert found.record.moved_in_on == date(2020, 4, 1)
    none = read(住民となった年月日="", 異動年月日="")
    assert isinstance(none, Repaired)
    assert none.record.moved_in_on == DAY
    assert DAY - timedelta(days=1) < none.record.moved_in_on
