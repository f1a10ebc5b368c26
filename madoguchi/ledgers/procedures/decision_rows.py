"""The rows of a decision table at work: which match, with how many points, and which of them count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import combinations

from .decision_cells import Cell, Facts, OneOf, plain


class Hit(StrEnum):
    """UNIQUE: at most one row; FIRST: the uppermost; ANY: all matching agree; COLLECT: every matching row."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    COLLECT = "COLLECT"


class TwoRowsMatch(ValueError):
    """A UNIQUE or ANY table answers twice; found when a package is checked, so this is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Points a person decides: the fact that holds the number, its bounds and who approves."""

    fact: str
    low: Decimal
    high: Decimal
    approver: str


@dataclass(frozen=True, slots=True)
class PerUnit:
    """points for each full size of a fact, not beyond cap (a floor when the points are negative)."""

    fact: str
    size: Decimal
    cap: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. It counts on days from starts to ends, both included."""

    id: str
    line: int
    conditions: tuple[tuple[str, Cell], ...]
    starts: date
    ends: date
    points: Decimal
    per: PerUnit | None
    hand: Hand | None
    scope: str
    group: str
    group_policy: str
    excludes: frozenset[str]
    text: str
    results: Mapping[str, str]
    file: str = ""

    @property
    def source(self) -> str:
        """Where a clerk finds the row: tables/base.csv:12."""
        return f"{self.file}:{self.line}"

    def matches(self, values: Mapping[str, str | float]) -> bool:
        if self.hand and not self.conditions and self.hand.fact not in values:
            return False
        return all(fact in values and cell.admits(values[fact]) for fact, cell in self.conditions)


@dataclass(frozen=True, slots=True)
class Fired:
    """A row that matched, its points for these facts, and whether they count; why, when they do not."""

    row: Row
    points: Decimal
    counted: bool = True
    why: str = ""
    undecided: bool = False


@dataclass(frozen=True)
class Table:
    """A compiled table. facts are the headings it reads; on() gives the rows of one day, found by index."""

    file: str
    hit: Hit
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    _days: dict[tuple[date, frozenset[str]], RowIndex] = field(
        default_factory=dict, compare=False, repr=False
    )

    def on(self, day: date, scopes: Collection[str] = ()) -> RowIndex:
        """The rows in force on a day, of some scopes or of all; compiled once for each day."""
        key = (day, frozenset(scopes))
        if key not in self._days:
            rows = [row for row in self.rows if row.starts <= day <= row.ends]
            self._days[key] = RowIndex([row for row in rows if not scopes or row.scope in scopes])
        return self._days[key]


class RowIndex:
    """Rows filed by one fact each, so that a question looks only at rows which may match."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.place = {row.id: number for number, row in enumerate(rows)}
        self.always = [row for row in rows if not row.conditions]
        self.by_value: dict[str, dict[str | float, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self.by_fact: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.conditions:
                self._file(row)

    def _file(self, row: Row) -> None:
        words = next(((fact, cell) for fact, cell in row.conditions if isinstance(cell, OneOf)), None)
        if words is None:
            self.by_fact[row.conditions[0][0]].append(row)
            return
        fact, cell = words
        for value in cell.texts | cell.numbers:
            self.by_value[fact][value].append(row)

    def matching(self, facts: Facts) -> list[Row]:
        """Every row these facts fulfil, in the order of the table."""
        values = {name: known for name, value in facts.items() if (known := plain(value)) is not None}
        found = [row for row in self.always if row.matches(values)]
        for fact, value in values.items():
            rows = self.by_value[fact].get(value, ()) if fact in self.by_value else ()
            found += [row for row in rows if row.matches(values)]
            found += [row for row in self.by_fact.get(fact, ()) if row.matches(values)]
        return sorted(found, key=lambda row: self.place[row.id])


def decide(table: Table, facts: Facts, on: date) -> Row | None:
    """The one row that answers (UNIQUE, FIRST, ANY), or None when no row matches."""
    rows = table.on(on).matching(facts)
    if table.hit == Hit.UNIQUE and len(rows) > 1:
        raise TwoRowsMatch(f"{table.file}: {rows[0].id} と {rows[1].id} が同じ事実に当たります。")
    if table.hit == Hit.ANY and any(row.results != rows[0].results for row in rows):
        raise TwoRowsMatch(f"{table.file}: 当たった行の結果が一致しません。")
    return rows[0] if rows else None


def collect(table: Table, facts: Facts, on: date) -> list[Fired]:
    """Every row that matches, with points, after groups and exclusions (COLLECT)."""
    return settle(fire_all(table.on(on), facts))


def fire_all(rows: RowIndex, facts: Facts) -> list[Fired]:
    """The rows that match with their points, before groups: for callers that add rows of another subject."""
    return [fire(row, facts) for row in rows.matching(facts)]


def fire(row: Row, facts: Facts) -> Fired:
    """The points of one matching row for these facts."""
    if row.hand:
        return _by_hand(row, row.hand, facts)
    if row.per:
        return Fired(row, _per_unit(row.points, row.per, facts))
    return Fired(row, row.points)


def _by_hand(row: Row, hand: Hand, facts: Facts) -> Fired:
    value = facts.get(hand.fact)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fired(row, Decimal(0), counted=False, undecided=True, why="人が決める点がまだ入っていません。")
    points = Decimal(str(value))
    if not hand.low <= points <= hand.high:
        why = f"決めた点 {points} が {hand.low}〜{hand.high} の外です。直してください。"
        return Fired(row, Decimal(0), counted=False, undecided=True, why=why)
    return Fired(row, points)


def _per_unit(points: Decimal, per: PerUnit, facts: Facts) -> Decimal:
    value = facts.get(per.fact)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Decimal(0)
    units = (Decimal(str(value)) / per.size).to_integral_value(rounding=ROUND_FLOOR)
    product = points * units
    if per.cap is None:
        return product
    return max(product, per.cap) if points < 0 else min(product, per.cap)


def settle(fired: Sequence[Fired]) -> list[Fired]:
    """Apply groups (the largest or smallest row counts), then exclusions; beaten rows say by what."""
    return _settle_excludes(_settle_groups(fired))


def total(fired: Iterable[Fired]) -> Decimal:
    return sum((each.points for each in fired if each.counted), Decimal(0))


def _settle_groups(fired: Sequence[Fired]) -> list[Fired]:
    best: dict[str, Fired] = {}
    for each in fired:
        group = each.row.group
        if group and each.counted and (group not in best or _beats(each, best[group])):
            best[group] = each
    return [_against(each, best.get(each.row.group)) for each in fired]


def _beats(each: Fired, other: Fired) -> bool:
    return each.points < other.points if each.row.group_policy == "min" else each.points > other.points


def _against(each: Fired, kept: Fired | None) -> Fired:
    if kept is None or kept is each or not each.counted:
        return each
    return _beaten(each, f"同じ組では「{kept.row.text}」（{kept.points:+g}）だけを数えます。")


def _beaten(each: Fired, why: str) -> Fired:
    return replace(each, counted=False, why=why)


def _settle_excludes(fired: list[Fired]) -> list[Fired]:
    living = [each for each in fired if each.counted]
    rivals = {each.row.id: _rivals(each, living) for each in living}
    tied = [each for each in living if rivals[each.row.id]]
    if not tied:
        return fired
    kept = _best_set(tied, rivals)
    return [_excluded(each, kept, rivals.get(each.row.id, set())) for each in fired]


def _rivals(each: Fired, living: Sequence[Fired]) -> set[str]:
    return {
        other.row.id
        for other in living
        if other.row.id in each.row.excludes or each.row.id in other.row.excludes
    } - {each.row.id}


def _best_set(tied: Sequence[Fired], rivals: Mapping[str, set[str]]) -> set[str]:
    """The rows without rivals among them that cannot be added to and whose points are the most."""
    points = {each.row.id: each.points for each in tied}
    ids = list(points)
    complete: list[set[str]] = []
    for size in range(len(ids), 0, -1):
        for chosen in map(set, combinations(ids, size)):
            free = all(not rivals[one] & chosen for one in chosen)
            if free and all(one in chosen or rivals[one] & chosen for one in ids):
                complete.append(chosen)
    return max(complete, key=lambda chosen: sum(points[one] for one in chosen))


def _excluded(each: Fired, kept: set[str], rivals: set[str]) -> Fired:
    if not each.counted or not rivals or each.row.id in kept:
        return each
    winners = "・".join(sorted(rivals & kept))
    return _beaten(each, f"{winners} と重ねて数えないため、合計が大きくなる方を数えます。")
