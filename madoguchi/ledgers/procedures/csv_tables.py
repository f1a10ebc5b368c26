"""CSV files of a package: read as rows with their line, faults with file and line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from .faults import Fault, PackageFaults, fault
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
