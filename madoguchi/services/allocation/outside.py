"""割当ての結果のファイル: what another solver gives back for a round, read and examined before anything is kept.

A result is `RESULT.json` of the format `madoguchi-allocation/1` (only `placed` counts) or a CSV with the columns
受付番号 and 施設. Everything that is wrong with its form is told at once, each with place, reason and remedy.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from madoguchi.services.allocation.errors import OutsideFaulty
from madoguchi.services.allocation.market.faults import FileUnreadable
from madoguchi.services.allocation.market.interchange import read_placed

NUMBER, FACILITY = "受付番号", "施設"
COLUMNS_REMEDY = f"1行目を「{NUMBER},{FACILITY}」にしてください。"
ONCE_REMEDY = "1人を1行にしてください。"
NUMBER_REMEDY = "この回の書き出し（madoguchi data export allocation）の受付番号を使ってください。"
FACILITY_REMEDY = "施設のコードを書き、席のない子どもは空けてください。"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a result, and what to do."""

    place: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Seat:
    """One line of a result. A blank facility: no seat."""

    place: str
    number: str
    facility: str


@dataclass(frozen=True)
class OutsideResult:
    """A result as its file tells it."""

    source: str
    seats: tuple[Seat, ...]

    @property
    def placed(self) -> dict[str, str]:
        """The facility of every child with a seat."""
        return {seat.number: seat.facility for seat in self.seats if seat.facility}


def read_result(file: Path) -> OutsideResult:
    """The result in a file, CSV by its ending, JSON otherwise. Raises FileUnreadable, InstanceFaulty, OutsideFaulty."""
    seats = _seats_of_table(file) if file.suffix.lower() == ".csv" else _seats_of_json(file)
    return OutsideResult(file.name, tuple(seats))


def _seats_of_json(file: Path) -> list[Seat]:
    return [Seat(f"placed.{number}", number, facility) for number, facility in read_placed(file).items()]


def _seats_of_table(file: Path) -> list[Seat]:
    lines = list(_lines(file))
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    missing = [name for name in (NUMBER, FACILITY) if header.count(name) != 1]
    if missing:
        raise OutsideFaulty([Fault("1行目", f"列「{'」「'.join(missing)}」がありません。", COLUMNS_REMEDY)])
    columns = (header.index(NUMBER), header.index(FACILITY))
    seats = [_seat(line, cells, columns) for line, cells in lines[1:] if any(cell.strip() for cell in cells)]
    _refuse(_seen_twice(seats))
    return seats


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            for cells in reader:
                yield reader.line_num, cells
    except OSError as error:
        raise FileUnreadable(file, error.strerror or "読めません") from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(file, "文字コードが UTF-8 ではありません") from error
    except csv.Error as error:
        raise FileUnreadable(file, "引用符が閉じていないなど、CSV として読めません") from error


def _seat(line: int, cells: list[str], columns: tuple[int, int]) -> Seat:
    number, facility = (cells[at].strip() if at < len(cells) else "" for at in columns)
    return Seat(f"{line}行目", number, facility)


def _seen_twice(seats: list[Seat]) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for seat in seats:
        first = seen.setdefault(seat.number, seat.place)
        if first != seat.place:
            faults.append(
                Fault(f"{seat.place} {NUMBER}", f"「{seat.number}」は{first}にもあります。", ONCE_REMEDY)
            )
    return faults


def require_form(result: OutsideResult, numbers: Collection[str], facilities: Collection[str]) -> None:
    """Refuse a result that names children or facilities the round does not have. Raises OutsideFaulty."""
    faults = []
    for seat in result.seats:
        if seat.number not in numbers:
            told = f"受付番号「{seat.number[:30]}」は、この回の子どもにありません。"
            faults.append(Fault(seat.place, told, NUMBER_REMEDY))
        if seat.facility and seat.facility not in facilities:
            told = f"施設「{seat.facility[:30]}」は、この回の施設にありません。"
            faults.append(Fault(seat.place, told, FACILITY_REMEDY))
    _refuse(faults)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise OutsideFaulty(faults)
