"""回の席: one row of the table of seats, what it allows, and how it is read from a file or a form; no queries."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.services.allocation.contest import EVERYBODY, class_name
from madoguchi.services.allocation.errors import SeatFault, SeatsFaulty
from madoguchi.services.allocation.round_seats import ClassSeats
from madoguchi.services.allocation.seats import KIND_LABELS, RatioKind, by_floor, by_staff, floor_a_child

CODE, CLASS, CAPACITY, STAYING, STAFF, FLOOR, RATIO = (
    *("施設コード", "クラス", "定員", "在園で残る子ども", "保育士の数", "面積", "配置基準"),
)
COLUMNS = (CODE, CLASS, CAPACITY, STAYING, STAFF, FLOOR, RATIO)
NEEDED = COLUMNS[:4]
Cells = Mapping[Any, Any]
"""A line by its columns; what stands beyond the last column is under None, as csv tells it."""
MOST = 10_000
MOST_LINES = 5_000
FILE = "ファイル"


@dataclass(frozen=True)
class SeatRow:
    """One class of one facility for a round. Without staff or floor these set no limit."""

    facility: str
    age_class: str
    capacity: int
    staying: int
    staff: int | None = None
    floor: Decimal | None = None
    ratio: RatioKind = RatioKind.STANDARD

    def limits(self, on: date) -> dict[str, int]:
        """The most children of the class by each thing that limits them, on a day."""
        told = {CAPACITY: self.capacity}
        if self.staff is not None:
            told[STAFF] = by_staff(self.age_class, self.staff, self.ratio, on)
        if self.floor is not None:
            told[FLOOR] = by_floor(self.floor, floor_a_child(self.age_class))
        return told

    def seats(self, on: date) -> ClassSeats:
        """The smallest of the limits, and who stays."""
        return ClassSeats(min(self.limits(on).values()), self.staying)

    def as_note(self) -> list[int | str | None]:
        """The figures for the trace."""
        floor = None if self.floor is None else f"{self.floor:f}"
        return [self.capacity, self.staying, self.staff, floor, self.ratio.value]


def read_seat_file(body: bytes, facilities: Sequence[Facility]) -> list[SeatRow]:
    """The rows of a CSV file (UTF-8 or Shift_JIS). Raises SeatsFaulty with everything that is wrong."""
    told = csv.DictReader(_text(body).splitlines())
    heads, lines = set(told.fieldnames or ()), list(told)
    missing = [name for name in NEEDED if name not in heads]
    if missing:
        raise SeatsFaulty(
            [
                SeatFault(
                    FILE, "見出し", f"「{'」「'.join(missing)}」の列がありません。", "1行目に加えてください。"
                )
            ]
        )
    if len(lines) > MOST_LINES:
        raise SeatsFaulty([SeatFault(FILE, "行", f"{MOST_LINES:,}行を超えています。", "分けてください。")])
    return read_rows([(f"{number}行目", line) for number, line in enumerate(lines, 2)], facilities)


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    remedy = "「CSV UTF-8」で保存し直してください。"
    raise SeatsFaulty([SeatFault(FILE, "文字コード", "UTF-8 でも Shift_JIS でもありません。", remedy)])


def read_rows(told: Iterable[tuple[str, Cells]], facilities: Sequence[Facility]) -> list[SeatRow]:
    """Rows from cells, each with the place it stands at. Raises SeatsFaulty with everything that is wrong."""
    reader = _Reader({facility.code: facility for facility in facilities})
    rows = [row for place, cells in told for row in reader.row(place, cells)]
    if not rows and not reader.faults:
        reader.blame(FILE, "行", "行が1つもありません。", "1行以上入れてください。")
    if reader.faults:
        raise SeatsFaulty(reader.faults)
    return rows


class _Reader:
    """Keeps the faults, so that a clerk sees all of them at once."""

    def __init__(self, places: Mapping[str, Facility]) -> None:
        self.places = places
        self.faults: list[SeatFault] = []
        self.seen: dict[tuple[str, str], str] = {}

    def blame(self, place: str, field: str, reason: str, remedy: str) -> None:
        self.faults.append(SeatFault(place, field, reason, remedy))

    def row(self, place: str, cells: Cells) -> Iterator[SeatRow]:
        """The row of these cells; none when something is wrong with it."""
        before = len(self.faults)
        text = {name: _cell(cells.get(name)) for name in COLUMNS}
        if None in cells:
            self.blame(place, "列", "見出しより多くの列があります。", "余分な列を消してください。")
        age_class = (
            text[CLASS].removesuffix("歳児クラス").removesuffix("歳児").removesuffix("歳") or EVERYBODY
        )
        self._place(place, text[CODE], age_class)
        if age_class == EVERYBODY and (text[STAFF] or text[FLOOR]):
            self.blame(
                place, STAFF, "クラスのない施設では使いません。", "保育士の数と面積を空欄にしてください。"
            )
        row = SeatRow(
            text[CODE],
            age_class,
            self._count(place, CAPACITY, text[CAPACITY]) or 0,
            self._count(place, STAYING, text[STAYING]) or 0,
            self._count(place, STAFF, text[STAFF], may_be_blank=True),
            self._area(place, text[FLOOR]),
            self._ratio(place, text[RATIO]),
        )
        if len(self.faults) == before:
            yield row

    def _place(self, place: str, code: str, age_class: str) -> None:
        found = self.places.get(code)
        if found is None:
            self.blame(
                place, CODE, f"「{code[:20]}」という施設はありません。", "施設の表のコードを書いてください。"
            )
        elif age_class not in (found.classes or (EVERYBODY,)):
            classes = "・".join(found.classes)
            remedy = f"{classes} のどれかを書いてください。" if classes else "空欄にしてください。"
            said = "" if age_class == EVERYBODY else age_class[:20]
            self.blame(place, CLASS, f"{found.name}に「{said}」というクラスはありません。", remedy)
        elif (code, age_class) in self.seen:
            former = self.seen[code, age_class]
            self.blame(
                place,
                CLASS,
                f"{found.name}の{class_name(age_class)}は{former}にもあります。",
                "1行にしてください。",
            )
        self.seen.setdefault((code, age_class), place)

    def _count(self, place: str, field: str, text: str, *, may_be_blank: bool = False) -> int | None:
        if not text and may_be_blank:
            return None
        if text.isdecimal() and int(text) <= MOST:
            return int(text)
        self.blame(
            place,
            field,
            f"「{text[:20]}」は0から{MOST:,}までの整数ではありません。",
            "数字で入れてください。",
        )
        return None

    def _area(self, place: str, text: str) -> Decimal | None:
        if not text:
            return None
        try:
            area = Decimal(text)
        except InvalidOperation:
            area = Decimal(-1)
        if area.is_finite() and 0 <= area <= 100_000 and area == area.quantize(Decimal("0.01")):
            return area
        self.blame(
            place,
            FLOOR,
            f"「{text[:20]}」は面積（m²、小数2けたまで）ではありません。",
            "例 39.60 のように入れてください。",
        )
        return None

    def _ratio(self, place: str, text: str) -> RatioKind:
        told = {label: kind for kind, label in KIND_LABELS.items()} | {kind.value: kind for kind in RatioKind}
        if not text:
            return RatioKind.STANDARD
        if text not in told:
            labels = "・".join(KIND_LABELS.values())
            self.blame(
                place,
                RATIO,
                f"「{text[:20]}」という基準はありません。",
                f"{labels} のどれかを書いてください。",
            )
        return told.get(text, RatioKind.STANDARD)


def _cell(told: Any) -> str:
    """A cell as people type it: full-width digits and blanks around are nothing to complain about."""
    return normalize("NFKC", told).replace(",", "").strip() if isinstance(told, str) else ""
