"""The table of places: clubs with one capacity, nurseries with seats by class. Faults with file and line."""

from __future__ import annotations

from collections.abc import Sequence

from .csv_tables import CsvTable
from .faults import Fault, PackageFaults, fault
from .offers import CLASS_COLUMNS, CLASSES, FACILITY_COLUMNS, Facility

Cells = dict[str, str]


def read_facilities(table: CsvTable) -> tuple[Facility, ...]:
    """The places of a facility table; columns seats_0 … say that seats are told by class. Raises PackageFaults."""
    by_class = any(name.startswith("seats_") for name in table.header)
    wanted = CLASS_COLUMNS if by_class else FACILITY_COLUMNS
    missing = [name for name in wanted if name not in table.header]
    if missing:
        raise fault(table.file, 1, f"列「{'」「'.join(missing)}」がありません。見出しに加えてください。")
    faults: list[Fault] = []
    read = read_with_classes if by_class else read_facility
    places = [read(table.file, line, row, faults) for line, row in table.records()]
    lines = [line for line, _ in table.rows]
    refuse_repeated(table.file, places, lines, faults)
    refuse_unknown_partners(table.file, places, lines, faults)
    if faults:
        raise PackageFaults(faults)
    return tuple(places)


def refuse_repeated(file: str, places: Sequence[Facility], lines: Sequence[int], faults: list[Fault]) -> None:
    for attribute, word in (("code", "コード"), ("symbol", "記号")):
        seen: set[str] = set()
        for place, line in zip(places, lines, strict=True):
            value = getattr(place, attribute)
            if value in seen or not value:
                faults.append(Fault(file, line, f"{word}「{value}」が空か、2回あります。直してください。"))
            seen.add(value)


def refuse_unknown_partners(
    file: str, places: Sequence[Facility], lines: Sequence[int], faults: list[Fault]
) -> None:
    codes = {place.code for place in places}
    for place, line in zip(places, lines, strict=True):
        faults += [
            Fault(file, line, f"連携施設「{code}」という場所はこの表にありません。コードを直してください。")
            for code in place.partners
            if code not in codes or code == place.code
        ]


def read_facility(file: str, line: int, row: Cells, faults: list[Fault]) -> Facility:
    """A place with one capacity."""
    return Facility(
        code=row["code"],
        symbol=row["symbol"],
        name=row["name"],
        school_district=row["school_district"],
        capacity=_whole("定員", row["capacity"], file, line, faults),
        address=row["address"],
        closes_at=row["closes_at"],
        extension=_extension(row["extension"], file, line, faults),
    )


def read_with_classes(file: str, line: int, row: Cells, faults: list[Fault]) -> Facility:
    """A place with seats by class: a blank cell is no such class, 0 a class without a seat."""
    seats = {
        each: _whole(f"{each}歳児クラスの定員", row[f"seats_{each}"], file, line, faults)
        for each in CLASSES
        if row[f"seats_{each}"]
    }
    if not seats:
        faults.append(Fault(file, line, "クラスの定員（seats_0 など）が1つもありません。書いてください。"))
    shared = tuple(tuple(group.split("+")) for group in row["shared"].split("|") if group)
    refuse_unfit_groups(file, line, shared, seats, faults)
    return Facility(
        code=row["code"],
        symbol=row["symbol"],
        name=row["name"],
        school_district=row.get("school_district", ""),
        capacity=sum(seats.values()),
        address=row["address"],
        closes_at=row["closes_at"],
        extension=_extension(row["extension"], file, line, faults),
        kind=row["kind"],
        area=row["area"],
        opens_at=row["opens_at"],
        seats=seats,
        shared=shared,
        partners=tuple(filter(None, row["partners"].split("|"))),
    )


def refuse_unfit_groups(
    file: str,
    line: int,
    shared: tuple[tuple[str, ...], ...],
    seats: dict[str, int],
    faults: list[Fault],
) -> None:
    """A joint class (合同クラス) names two classes or more that are there, and no class twice."""
    named = [each for group in shared for each in group]
    fit = all(len(group) > 1 for group in shared) and len(set(named)) == len(named)
    if not fit or not set(named) <= set(seats):
        told = "|".join("+".join(group) for group in shared)
        faults.append(
            Fault(
                file,
                line,
                f"合同クラス「{told}」を読めません。4+5 のように、定員のあるクラスを1回ずつ書いてください。",
            )
        )


def _whole(word: str, text: str, file: str, line: int, faults: list[Fault]) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    faults.append(Fault(file, line, f"{word}「{text}」は数ではありません。0以上の整数で書いてください。"))
    return 0


def _extension(text: str, file: str, line: int, faults: list[Fault]) -> bool:
    if text not in ("yes", "no"):
        faults.append(Fault(file, line, f"延長「{text}」は yes か no で書いてください。"))
    return text == "yes"
