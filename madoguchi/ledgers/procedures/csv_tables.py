"""CSV files of a package: read as rows with their line, faults with file and line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from .faults import Fault, PackageFaults, fault
from .offers import FACILITY_COLUMNS, Facility
from .toml_source import decoded

MAX_CELL = 10_000


@dataclass(frozen=True)
class CsvTable:
    """One table: header and rows; each row comes with the line it begins on."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def records(self) -> list[tuple[int, dict[str, str]]]:
        return [(line, dict(zip(self.header, row, strict=True))) for line, row in self.rows]


def read_csv(file: str, content: bytes) -> CsvTable:
    """A rectangular table in UTF-8. Raises PackageFaults."""
    reader = csv.reader(io.StringIO(decoded(file, content)), strict=True)
    lines: list[tuple[int, tuple[str, ...]]] = []
    try:
        start = 1
        for row in reader:
            lines.append((start, tuple(cell.strip() for cell in row)))
            start = reader.line_num + 1
    except csv.Error:
        raise fault(file, reader.line_num, "CSV として読めません。引用符を確かめてください。") from None
    filled = [(line, row) for line, row in lines if any(row)]
    if not filled:
        raise fault(file, 1, "表が空です。見出しの行を書いてください。")
    header = filled[0][1]
    faults = [*header_faults(file, header), *row_faults(file, len(header), filled[1:])]
    if faults:
        raise PackageFaults(faults)
    return CsvTable(file, header, tuple(filled[1:]))


def header_faults(file: str, header: tuple[str, ...]) -> list[Fault]:
    twice = sorted({name for name in header if header.count(name) > 1})
    return [
        Fault(file, 1, f"見出し「{name}」が空か、2回あります。1つずつ違う名前にしてください。")
        for name in twice
    ]


def row_faults(file: str, width: int, rows: list[tuple[int, tuple[str, ...]]]) -> list[Fault]:
    return [
        Fault(file, line, f"列が{len(row)}あります。見出しと同じ{width}列にしてください。")
        for line, row in rows
        if len(row) != width
    ]


def read_facilities(table: CsvTable) -> tuple[Facility, ...]:
    """The places of a facility table. Raises PackageFaults."""
    missing = [name for name in FACILITY_COLUMNS if name not in table.header]
    if missing:
        raise fault(table.file, 1, f"列「{'」「'.join(missing)}」がありません。見出しに加えてください。")
    faults: list[Fault] = []
    places = [read_facility(table.file, line, row, faults) for line, row in table.records()]
    for attribute, word in (("code", "コード"), ("symbol", "記号")):
        seen: set[str] = set()
        for place, (line, _) in zip(places, table.rows, strict=True):
            value = getattr(place, attribute)
            if value in seen or not value:
                faults.append(
                    Fault(table.file, line, f"{word}「{value}」が空か、2回あります。直してください。")
                )
            seen.add(value)
    if faults:
        raise PackageFaults(faults)
    return tuple(places)


def read_facility(file: str, line: int, row: dict[str, str], faults: list[Fault]) -> Facility:
    capacity = row["capacity"]
    if not (capacity.isascii() and capacity.isdigit() and len(capacity) <= 6):
        faults.append(
            Fault(file, line, f"定員「{capacity}」は数ではありません。0以上の整数で書いてください。")
        )
        capacity = "0"
    if row["extension"] not in ("yes", "no"):
        faults.append(Fault(file, line, f"延長「{row['extension']}」は yes か no で書いてください。"))
    return Facility(
        code=row["code"],
        symbol=row["symbol"],
        name=row["name"],
        school_district=row["school_district"],
        capacity=int(capacity),
        address=row["address"],
        closes_at=row["closes_at"],
        extension=row["extension"] == "yes",
    )
