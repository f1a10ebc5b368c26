"""A table out of a file, line by line: which encoding, which delimiter, CSV or XLSX. No queries, no mapping."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, NamedTuple

import openpyxl

from madoguchi.ledgers.registry.errors import ImportFileUnreadable

BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODING_WORDS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8（BOMあり）",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift_JIS（CP932）",
}
_LARGEST_UNPACKED = 4 << 30
BROKEN = "\ufffd"


@dataclass(frozen=True)
class Form:
    """How a file is written. `delimiter` is empty for XLSX."""

    kind: str
    encoding: str = ""
    delimiter: str = ""

    @property
    def words(self) -> str:
        """CSV・UTF-8・コンマ区切り."""
        if self.kind == "xlsx":
            return "Excel（XLSX）"
        mark = "タブ区切り" if self.delimiter == "\t" else "コンマ区切り"
        return f"CSV・{_ENCODING_WORDS.get(self.encoding, self.encoding)}・{mark}"


class Line(NamedTuple):
    """One line with its number in the file, the first being 1."""

    number: int
    cells: tuple[str, ...]


def detect(source: BinaryIO) -> Form:
    """Look at the bytes, never at the name. ImportFileUnreadable when it is no table."""
    source.seek(0)
    start = source.read(BLOCK)
    if not start.strip(b"\0\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise ImportFileUnreadable("ファイルが空です。", next_step="書き出し直したファイルを選んでください。")
    if start.startswith(b"PK\x03\x04"):
        return Form("xlsx")
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")):
        raise ImportFileUnreadable(
            "このファイルは表として読めません。",
            next_step="CSV（コンマ・タブ区切り）かExcel（.xlsx）で保存し直してください。古い .xls は .xlsx にします。",
        )
    encoding = _encoding_of(source, start)
    return Form("csv", encoding, _delimiter_of(source, encoding))


def _encoding_of(source: BinaryIO, start: bytes) -> str:
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    if b"\0" in start:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        return "utf-16-be" if even > odd else "utf-16-le"
    good = {encoding: _decodes_until(source, encoding) for encoding in ("utf-8", "cp932")}
    return max(good, key=lambda encoding: good[encoding])


def _decodes_until(source: BinaryIO, encoding: str) -> int:
    """The offset of the block that breaks this encoding; beyond the end when none does."""
    source.seek(0)
    decoder, offset = codecs.getincrementaldecoder(encoding)("strict"), 0
    try:
        while block := source.read(BLOCK):
            decoder.decode(block)
            offset += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return offset + error.start
    return offset + 1


def _delimiter_of(source: BinaryIO, encoding: str) -> str:
    head = next((line for line in _text(source, encoding) if line.strip()), "")
    return "\t" if head.count("\t") > head.count(",") else ","


def _text(source: BinaryIO, encoding: str) -> Iterator[str]:
    """The text line by line; what cannot be decoded becomes U+FFFD, so that its row alone is rejected."""
    source.seek(0)
    wrapper = io.TextIOWrapper(_Kept(source), encoding=encoding, errors="replace", newline="")  # type: ignore[type-var]
    try:
        yield from wrapper
    finally:
        # A reader that is given up half way is collected in any order.
        with suppress(ValueError):
            wrapper.detach()


class _Kept(io.BufferedIOBase):
    """The source without its close: whoever opened it closes it."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self.source.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self.source.read(BLOCK if size < 0 else size)


def lines(source: BinaryIO, form: Form) -> Iterator[Line]:
    """Every line that is not blank, the head first. ImportFileUnreadable when the table breaks off."""
    found = _xlsx_lines(source) if form.kind == "xlsx" else _csv_lines(source, form)
    for number, cells in found:
        if "".join(cells).strip():
            yield Line(number, tuple(cells))


def _csv_lines(source: BinaryIO, form: Form) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_text(source, form.encoding), delimiter=form.delimiter)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise ImportFileUnreadable(
            f"{reader.line_num}行目で、表として読めなくなりました。",
            next_step='引用符（"）の閉じ忘れや、改行の入った欄がないか確かめてください。',
        ) from error


def _xlsx_lines(source: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    source.seek(0)
    try:
        _insist_on_size(source)
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
    except ImportFileUnreadable:
        raise
    except Exception as error:
        raise ImportFileUnreadable(
            "Excelのファイルとして開けません。",
            next_step="パスワードを外し、.xlsx で保存し直してください。",
        ) from error
    try:
        sheet = book.worksheets[0]
        width = 0
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = _trimmed([_cell_text(value) for value in row])
            width = width or len(cells)
            yield number, cells + [""] * (width - len(cells))
    finally:
        book.close()


def _trimmed(cells: list[str]) -> list[str]:
    last = max((index for index, cell in enumerate(cells) if cell), default=-1)
    return cells[: last + 1]


def _insist_on_size(source: BinaryIO) -> None:
    with zipfile.ZipFile(source) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    source.seek(0)
    if size > _LARGEST_UNPACKED:
        raise ImportFileUnreadable(
            "Excelのファイルを開くと大きすぎます。", next_step="CSVで書き出して取り込んでください。"
        )


def _cell_text(value: Any) -> str:
    """What the cell says: whole numbers without .0, days as 2020-06-14."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """The bytes in blocks, from the beginning."""
    source.seek(0)
    while block := source.read(BLOCK):
        yield block
