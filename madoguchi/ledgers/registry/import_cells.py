"""The cells of one line: each reader gives the value, notes what it repaired, or refuses the line."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from madoguchi.common.codes import CodeUnreadable, postcode, repair_municipality_code
from madoguchi.common.era import DateUnreadable, era_of_code, era_on, format_era
from madoguchi.common.era_parts import ERAS, SOLAR_CALENDAR_BEGINS, Era, fold_date_text
from madoguchi.common.kana import fold_kana, fold_width
from madoguchi.common.partial import PartialDate
from madoguchi.common.text import has_control_characters, in_quotes, strip_controls
from madoguchi.ledgers.registry.import_mapping import Layout, plain
from madoguchi.ledgers.registry.import_rows import CellRefused, Repair
from madoguchi.ledgers.registry.import_source import BROKEN

_NO = frozenset({"", "0", "00", "無", "なし", "false", "off", "非該当"})
_LONGEST_NUMBER = 18
_ERA_CODES = {code: era for era in ERAS for code in (str(era.code), f"0{era.code}")}
_WIDTH = "全角の数字を半角にしました。"


class Cells:
    """The cells of one line under their fields, and the repairs made so far."""

    def __init__(self, layout: Layout, cells: tuple[str, ...]) -> None:
        self.layout = layout
        self.cells = cells
        self.repairs: list[Repair] = []

    def has(self, field: str) -> bool:
        return field in self.layout.places

    def raw(self, field: str) -> str:
        """What stands there, without spaces around; empty where the file has no such column."""
        place = self.layout.places.get(field)
        return self.cells[place].strip() if place is not None else ""

    def repaired(self, field: str, before: str, after: str, why: str) -> None:
        self.repairs.append(Repair(self.layout.head_of(field), before, after, why))

    def text(self, field: str, longest: int) -> str:
        """Text without invisible characters, at most as long as the register keeps."""
        written = self.raw(field)
        if written.isascii() and written.isprintable() and len(written) <= longest:
            return written
        if BROKEN in written:
            raise CellRefused(field, "文字が壊れていて読み取れません。")
        if has_control_characters(written):
            clean = " ".join(strip_controls(written).split())
            self.repaired(field, written, clean, "見えない文字を除きました。")
            written = clean
        if len(written) > longest:
            raise CellRefused(field, f"{len(written)}文字あり、{longest}文字までの長さを超えています。")
        return written

    def number(self, field: str) -> int | None:
        """A whole number, or None where nothing stands."""
        written = self.raw(field)
        if not written:
            return None
        digits = written if written.isascii() else self._narrow(field, written)
        if not digits.isdigit() or len(digits) > _LONGEST_NUMBER:
            raise CellRefused(field, f"{in_quotes(written)}を数字として読み取れません。")
        return int(digits)

    def _narrow(self, field: str, written: str) -> str:
        digits = "".join(fold_width(written).split())
        if digits != written and digits.isascii():
            self.repaired(field, written, digits, _WIDTH)
        return digits

    def needed_number(self, field: str) -> int:
        found = self.number(field)
        if found is None:
            raise CellRefused(field, "値がありません。")
        return found

    def code(self, field: str, known: Mapping[int, object], default: int | None) -> int:
        """A code of the standard, the town's own code or its word; the default where nothing stands."""
        written = self.raw(field)
        if not written:
            if default is None:
                raise CellRefused(field, "値がありません。")
            return default
        meant = _meaning(self.layout.mapping.codes.get(field, {}), written)
        if meant is None or int(meant) not in known:
            raise CellRefused(field, f"{in_quotes(written)}という番号は、標準にも対応表にもありません。")
        if not written.isascii() and fold_width(written).isdigit():
            self.repaired(field, written, str(meant), _WIDTH)
        return int(meant)

    def flag(self, field: str) -> bool:
        return fold_width(self.raw(field)).casefold() not in _NO

    def kana(self, field: str, longest: int) -> str:
        written = self.text(field, longest)
        folded = _folded_kana(written)
        if folded != written:
            self.repaired(field, written, folded, "フリガナを全角カタカナにそろえました。")
        return folded

    def postcode(self, field: str) -> str:
        """Seven digits; a lost zero is put back, what cannot be read is left out, both reported."""
        written = self.raw(field)
        if not written or (len(written) == 7 and written.isascii() and written.isdigit()):
            return written
        digits, why = _seven_digits(written)
        if why:
            self.repaired(field, written, digits, why)
        return digits

    def day(self, field: str, era: str, unknown: str) -> PartialDate:
        """A day that may be partly unknown. The line is refused where it cannot be read at all."""
        written, era_code = self.raw(field), self.raw(era)
        try:
            found, note = read_day(written, era_code)
        except DateUnreadable as error:
            raise CellRefused(field, error.sentence) from error
        if note:
            self.repaired(field, written, found.iso() or str(found), note)
        if found.exact and self.flag(unknown):
            self.repaired(
                unknown, written, f"{found}（不詳）", "不詳の印があるため、確かな日付として扱いません。"
            )
            return PartialDate(found.year, found.month)
        return found

    def municipality(self, field: str, own_code: str) -> None:
        """Refuse a line of another town; repairs of the code are reported."""
        written = self.raw(field)
        if not written or written == own_code:
            return
        reading = repair_municipality_code(written)
        if own_code not in {reading.code, written.zfill(6)}:
            raise CellRefused(field, f"ほかの市区町村（{in_quotes(written)}）の記録です。")
        self.repaired(field, written, own_code, reading.repairs[0] if reading.repairs else _WIDTH)


@lru_cache(maxsize=4096)
def _folded_kana(text: str) -> str:
    return fold_kana(text).replace(" ", "　").strip("　")


def _meaning(own: Mapping[str, int | str], written: str) -> int | str | None:
    """The town's own meaning first; then the number itself, 02 and 2 alike."""
    if own and (meant := own.get(plain(written))) is not None:
        return meant
    digits = written if written.isascii() else fold_width(written)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


@lru_cache(maxsize=4096)
def _seven_digits(written: str) -> tuple[str, str]:
    try:
        found = postcode(written).replace("-", "")
    except CodeUnreadable:
        digits = fold_width(written)
        if digits.isascii() and digits.isdigit() and len(digits) < 7 and int(digits):
            return digits.zfill(7), "先頭の0を補いました。"
        return "", "郵便番号として読み取れないため、空にしました。"
    plainly = written.isascii() and written.replace("-", "") == found
    return found, "" if plainly else "郵便番号の書き方をそろえました。"


@lru_cache(maxsize=4096)
def read_day(written: str, era_code: str = "") -> tuple[PartialDate, str]:
    """The day, and what was repaired on the way (empty for nothing). DateUnreadable.

    1- and 2-digit era codes stand in a column of their own (4 or 04 with 050101) or before the digits
    (4050101, 04050101); a day in 西暦 beside an era must lie in that era.
    """
    if plainly := _plain_day(written, era_code):
        return PartialDate.of(plainly), ""
    folded = fold_date_text(written)
    era = era_of_code(era_code) if era_code.strip("0 　") else None
    note = "" if folded == written or not _only_width(written, folded) else _WIDTH
    if era is None or not folded:
        return PartialDate.parse(written), note
    if folded.isdigit() and len(folded) < 6:
        folded, note = folded.zfill(6), "先頭の0を補いました。"
    if folded[:4].isdigit() and len(folded) >= 7:
        return _within(PartialDate.parse(folded), era, written), note
    return _counted_in(era, folded, written), note


def _plain_day(written: str, era_code: str) -> date | None:
    """20200614, and 050101 beside 4: how systems write nearly every day. Anything else is for the longer way."""
    era = _ERA_CODES.get(era_code)
    if len(written) != (6 if era else 8) or not (written.isascii() and written.isdigit()):
        return None
    year = int(written[:-4]) + (era.first.year - 1 if era else 0)
    try:
        day = date(year, int(written[-4:-2]), int(written[-2:]))
    except ValueError:
        return None
    if era:
        return day if max(era.first, SOLAR_CALENDAR_BEGINS) <= day <= era.last else None
    return day if year >= 1000 and not era_code else None


def _counted_in(era: Era, folded: str, written: str) -> PartialDate:
    try:
        return PartialDate.parse(f"{era.letter}{folded}")
    except DateUnreadable as error:
        as_written = f"{in_quotes(written)}（{era.name}）"
        sentence = error.sentence.replace(in_quotes(f"{era.letter}{folded}"), as_written)
        raise DateUnreadable(sentence, next_step=error.next_step) from error


def _only_width(written: str, folded: str) -> bool:
    return any(char.isdigit() and not char.isascii() for char in written) and folded != written


def _within(found: PartialDate, era: Era, written: str) -> PartialDate:
    if found.year and not (found.earliest <= era.last and era.first <= found.latest):
        raise DateUnreadable(
            f"日付{in_quotes(written)}は{era.name}の期間にありません。",
            next_step="元号と年を確かめてください。",
        )
    return found


def day_words(found: PartialDate) -> str:
    """平成5年1月1日, 昭和20年5月（日不詳）, 不詳; 西暦 before the solar calendar."""
    if found.exact is None:
        return str(found)
    return _exact_words(found.exact)


@lru_cache(maxsize=4096)
def _exact_words(day: date) -> str:
    return (
        format_era(day)
        if day >= SOLAR_CALENDAR_BEGINS and era_on(day)
        else f"{day.year}年{day.month}月{day.day}日"
    )
