"""保育所の席: how many seats a class has open, from its staff, its floor and who stays.

Ratios of children to staff stand in tables/staff_ratio.csv with the days they hold (令和6年度から 3歳児 15対1,
4・5歳児 25対1; a facility under the transitional measure keeps the former ones). A change of the ratio never
takes the seat of a child who is there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "tables/staff_ratio.csv"
CREEPING, WALKING = Decimal("3.3"), Decimal("1.98")
LEAST_STAFF = 2
"""Never one alone, however few the children are."""


class RatioKind(StrEnum):
    """Which ratio a facility keeps: the standard, the former one by the transitional measure, that of a subsidy."""

    STANDARD = "standard"
    TRANSITIONAL = "transitional"
    SUBSIDY1 = "subsidy1"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    RatioKind.STANDARD: "標準",
    RatioKind.TRANSITIONAL: "経過措置",
    RatioKind.SUBSIDY1: "1歳児加算",
}


@dataclass(frozen=True)
class Ratio:
    """One row: so many children a member of staff, for these classes, on these days (both included)."""

    classes: frozenset[str]
    children: int
    starts: date
    ends: date
    kind: RatioKind


@dataclass(frozen=True)
class Room:
    """One class of one facility: staff, floor in m² and m² a child, and the children who stay."""

    age_class: str
    staff: int
    floor: Decimal
    floor_a_child: Decimal
    staying: int


class NoRatio(LookupError):
    """No row of the table holds for a class on a day."""

    def __init__(self, age_class: str, on: date) -> None:
        super().__init__(
            f"{on} の{age_class}歳児クラスの配置基準がありません。配置基準の表に行を足してください。"
        )


@cache
def shipped_ratios() -> tuple[Ratio, ...]:
    """The national ratios."""
    return read_ratios(TABLE.read_text(encoding="utf-8"))


def read_ratios(text: str) -> tuple[Ratio, ...]:
    """The rows of a table like the shipped one. Raises ValueError or KeyError for a row that cannot be read."""
    return tuple(
        Ratio(
            frozenset(row["class"].split("|")),
            int(row["children_per_staff"]),
            date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]),
            RatioKind(row["kind"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def ratio_of(age_class: str, kind: RatioKind, on: date, ratios: Iterable[Ratio] | None = None) -> Ratio:
    """The ratio a facility keeps for a class that day; without a row of its own kind the standard. Raises NoRatio."""
    table = shipped_ratios() if ratios is None else tuple(ratios)
    held = [each for each in table if age_class in each.classes and each.starts <= on <= each.ends]
    for wanted in (kind, RatioKind.STANDARD):
        for each in held:
            if each.kind == wanted:
                return each
    raise NoRatio(age_class, on)


def open_seats(room: Room, kind: RatioKind, on: date) -> int:
    """What floor and staff allow, less the children who stay; never below nothing."""
    floor = by_floor(room.floor, room.floor_a_child)
    return max(0, min(floor, by_staff(room.age_class, room.staff, kind, on)) - room.staying)


def by_floor(floor: Decimal, a_child: Decimal) -> int:
    """How many children a floor holds."""
    return int((floor / a_child).to_integral_value(ROUND_FLOOR))


def by_staff(age_class: str, staff: int, kind: RatioKind, on: date) -> int:
    """How many children of a class so many members of staff may look after. Raises NoRatio."""
    return staff * ratio_of(age_class, kind, on).children


def floor_a_child(age_class: str) -> Decimal:
    """m² of a child: 児童福祉施設の設備及び運営に関する基準 第32条 (ほふく室 3.3, 保育室 1.98)."""
    return CREEPING if age_class in ("0", "1") else WALKING


def staff_needed(children: Mapping[str, int], kind: RatioKind, on: date) -> int:
    """Staff for these children by class: classes with one ratio count together, each part cut to 0.1, the sum
    rounded half up, at least two."""
    together: dict[Ratio, int] = {}
    for age_class, count in children.items():
        held = ratio_of(age_class, kind, on)
        together[held] = together.get(held, 0) + count
    parts = (_cut(Decimal(count) / held.children) for held, count in together.items())
    return max(LEAST_STAFF, int(sum(parts, Decimal(0)).to_integral_value(ROUND_HALF_UP)))


def _cut(staff: Decimal) -> Decimal:
    return staff.quantize(Decimal("0.1"), ROUND_FLOOR)
