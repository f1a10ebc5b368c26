"""町の設定: the three files from which a municipality, its sections and its staff are entered; no queries."""

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from madoguchi.common.emails import parse_email
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.roles import Role

TOWN, SECTIONS, STAFF = "town.toml", "sections.csv", "staff.csv"
TOWN_KEYS = ("code", "name", "name_kana", "prefecture", "mayor", "contact_phone")
SECTION_COLUMNS = ("課コード", "課名", "係", "上の課コード", "文書記号", "電話")
STAFF_COLUMNS = ("職員番号", "氏名", "氏名カナ", "メール", "課コード", "役割", "退職")
ROLES = {role.label: role for role in Role}
YES = ("1", "はい", "○", "退職")
SHOWN = 12
Line = TypeVar("Line")


class FoundingFaulty(Refusal):
    """Nothing was entered; `faults` are all of them, each with file, line and remedy."""

    def __init__(self, faults: list[str]) -> None:
        more = f"\nほか {len(faults) - SHOWN}か所" if len(faults) > SHOWN else ""
        super().__init__(
            f"町の設定に直すところが {len(faults)}か所あります。\n" + "\n".join(faults[:SHOWN]) + more + "\n",
            next_step="ファイルを直して、もう一度実行してください。何も登録していません。",
            code="office.founding_faulty",
        )
        self.faults = tuple(faults)


@dataclass(frozen=True)
class TownLine:
    """The municipality itself. `host` is the name under which its pages are reached."""

    code: str
    name: str
    name_kana: str
    prefecture: str
    mayor: str
    contact_phone: str
    host: str
    closed_days: tuple[str, ...]


@dataclass(frozen=True)
class SectionLine:
    code: str
    name: str
    unit: str
    parent: str
    symbol: str
    phone: str


@dataclass(frozen=True)
class StaffLine:
    login: str
    name: str
    name_kana: str
    email: str
    section: str
    roles: tuple[Role, ...]
    left: bool


@dataclass(frozen=True)
class Founding:
    """Everything of the three files; each section and each person once, sections named where people belong."""

    town: TownLine
    sections: tuple[SectionLine, ...]
    staff: tuple[StaffLine, ...]


def read_founding(files: Mapping[str, bytes]) -> Founding:
    """Read the three files by name. Raises FoundingFaulty with every mistake at once."""
    faults: list[str] = [
        f"{name}: ファイルがありません。" for name in (TOWN, SECTIONS, STAFF) if name not in files
    ]
    town = _town(files.get(TOWN, b""), faults)
    sections = _lines(files, SECTIONS, SECTION_COLUMNS, _section, faults)
    staff = _lines(files, STAFF, STAFF_COLUMNS, _person, faults)
    _once(SECTIONS, "課コード", [each.code for each in sections], faults)
    _once(STAFF, "職員番号", [each.login for each in staff], faults)
    known = {each.code for each in sections}
    faults += [
        f"{STAFF}: 職員番号「{each.login}」の課コード「{each.section}」が {SECTIONS} にありません。"
        for each in staff
        if each.section not in known
    ]
    faults += [
        f"{SECTIONS}: 課「{each.code}」の上の課コード「{each.parent}」がありません。"
        for each in sections
        if each.parent and each.parent not in known
    ]
    if faults or town is None:
        raise FoundingFaulty(faults)
    return Founding(town, tuple(sections), tuple(staff))


def _town(body: bytes, faults: list[str]) -> TownLine | None:
    try:
        told = tomllib.loads(body.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{TOWN}: 読めません（{error}）。UTF-8 の TOML にしてください。")
        return None
    before = len(faults)
    for key in TOWN_KEYS:
        if not isinstance(told.get(key), str) or not told[key].strip():
            faults.append(f"{TOWN}: {key} を書いてください。")
    if not (str(told.get("code", "")).isdecimal() and len(str(told.get("code", ""))) == 6):
        faults.append(f"{TOWN}: code は6けたの全国地方公共団体コードです。")
    days = _closed_days(told.get("closed_days", []), faults)
    if len(faults) > before:
        return None
    return TownLine(
        **{key: told[key].strip() for key in TOWN_KEYS}, host=str(told.get("host", "")), closed_days=days
    )


def _closed_days(told: Any, faults: list[str]) -> tuple[str, ...]:
    try:
        return tuple(date.fromisoformat(str(day)).isoformat() for day in told)
    except (TypeError, ValueError):
        faults.append(f'{TOWN}: closed_days は ["2027-01-04"] のように日付を並べてください。')
        return ()


def _lines(
    files: Mapping[str, bytes],
    name: str,
    columns: tuple[str, ...],
    read: Callable[[dict[str, str]], Line],
    faults: list[str],
) -> list[Line]:
    found: list[Line] = []
    for number, row in _rows(files.get(name, b""), name, columns, faults):
        try:
            found.append(read(row))
        except Refusal as refusal:
            faults.append(f"{name} {number}行目: {refusal}")
    return found


def _rows(
    body: bytes, name: str, columns: tuple[str, ...], faults: list[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line by the names of its columns, as a spreadsheet saves it (UTF-8 or CP932)."""
    lines = list(csv.reader(_text(body).splitlines()))
    head = [cell.strip() for cell in lines[0]] if lines else []
    missing = [column for column in columns if column not in head]
    if missing:
        faults.append(f"{name} 1行目: 列「{'」「'.join(missing)}」がありません。")
        return
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * len(head)]
            yield number, {column: padded[head.index(column)].strip() for column in columns}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp932", "replace")


def _section(row: dict[str, str]) -> SectionLine:
    code = _word(row, "課コード")
    return SectionLine(
        code,
        _filled(row, "課名"),
        row["係"],
        row["上の課コード"],
        _filled(row, "文書記号"),
        _filled(row, "電話"),
    )


def _person(row: dict[str, str]) -> StaffLine:
    named = [part for part in row["役割"].replace("、", "・").replace(";", "・").split("・") if part.strip()]
    unknown = [part for part in named if part.strip() not in ROLES]
    if unknown:
        raise _fault(f"役割「{unknown[0]}」はありません。", f"{'・'.join(ROLES)} から選んでください。")
    return StaffLine(
        _word(row, "職員番号"),
        _filled(row, "氏名"),
        _filled(row, "氏名カナ"),
        parse_email(row["メール"]) if row["メール"] else "",
        _word(row, "課コード"),
        tuple(dict.fromkeys(ROLES[part.strip()] for part in named)),
        row["退職"] in YES,
    )


def _filled(row: dict[str, str], column: str) -> str:
    if not row[column]:
        raise _fault(f"{column}がありません。", "書いてください。")
    return row[column]


def _word(row: dict[str, str], column: str) -> str:
    text = _filled(row, column)
    if not (text.isascii() and text.replace("-", "").replace("_", "").isalnum() and len(text) <= 30):
        raise _fault(f"{column}「{text}」が使えません。", "半角の英数字・-・_ で30文字までにしてください。")
    return text


def _once(name: str, column: str, values: list[str], faults: list[str]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    faults += [f"{name}: {column}「{value}」が2回あります。" for value in twice]


def _fault(sentence: str, remedy: str) -> Refusal:
    return Refusal(sentence, next_step=remedy, code="office.founding_line")
