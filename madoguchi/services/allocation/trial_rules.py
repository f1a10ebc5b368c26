"""試算: what would become of a round with other seats, other points of a row or other wishes; no queries.

A trial changes copies. Whoever is touched is scored again from the answers with the changed table, so groups,
exclusions and rows that apply to the first wish only come out as they really would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from madoguchi.ledgers.procedures.decision_tables import Row, Table
from madoguchi.ledgers.procedures.scoring_rules import ScoringRules
from madoguchi.services.allocation.contest import class_name, seat_key
from madoguchi.services.allocation.errors import TrialFaulty
from madoguchi.services.allocation.round_seats import pools_of

MOST_SEATS = 10_000
POINT_TABLES = ("base", "guardian", "adjust")


@dataclass(frozen=True)
class Changes:
    """What a trial changes: open seats by club or class (`club01`, `n01/1`), points by row of a table, wishes by receipt
    number."""

    seats: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, Decimal] = field(default_factory=dict)
    wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "seats": dict(self.seats),
            "points": {row: str(points) for row, points in self.points.items()},
            "wishes": {number: list(codes) for number, codes in self.wishes.items()},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Changes:
        return cls(
            told.get("seats", {}),
            {row: Decimal(points) for row, points in told.get("points", {}).items()},
            {number: tuple(codes) for number, codes in told.get("wishes", {}).items()},
        )


@dataclass(frozen=True)
class TriedApplicant:
    """An applicant of a trial. An empty score sheet is worked out again."""

    application_id: int
    number: str
    answers: dict[str, Any]
    facts: dict[str, Any]
    score_sheet: dict[str, Any]


@dataclass(frozen=True)
class TriedPackage:
    """What a round needs of a package, with the changes of a trial in it."""

    facilities: tuple[Any, ...]
    scoring: ScoringRules
    periods: tuple[Any, ...]


def read_points(text: str) -> Decimal:
    """Points as typed, in halves. Raises TrialFaulty."""
    try:
        points = Decimal(text.strip())
    except InvalidOperation:
        raise TrialFaulty("点", f"「{text[:20]}」は数ではありません。") from None
    if not points.is_finite() or abs(points) > 999 or points * 2 % 1:
        raise TrialFaulty("点", "点は0.5きざみで、−999 から 999 までです。")
    return points


def require_possible(changes: Changes, package: Any, numbers: Iterable[str]) -> None:
    """Refuse a trial of what does not exist, or of nothing. Raises TrialFaulty."""
    if not (changes.seats or changes.points or changes.wishes):
        raise TrialFaulty("試すこと", "変えるものが一つもありません。")
    places = {facility.code for facility in package.facilities}
    _require_seats(changes.seats, set(map(seat_key, pools_of(package.facilities))))
    _require_rows(changes.points, scored_rows(package.scoring))
    _require_wishes(changes.wishes, places, set(numbers))


def _require_seats(wanted: Mapping[str, int], pools: set[str]) -> None:
    for key, seats in wanted.items():
        if key not in pools:
            raise TrialFaulty("施設", f"「{key}」という施設またはクラスはありません。")
        if not 0 <= seats <= MOST_SEATS:
            raise TrialFaulty("定員", f"定員は0から{MOST_SEATS:,}までです。")


def _require_rows(wanted: Iterable[str], rows: Mapping[str, Row]) -> None:
    for row_id in wanted:
        if row_id not in rows:
            raise TrialFaulty("指数の表の行", f"「{row_id}」という行はありません。")
        if rows[row_id].hand:
            raise TrialFaulty("指数の表の行", f"「{row_id}」は人が点を決める行です。")


def _require_wishes(wanted: Mapping[str, tuple[str, ...]], places: set[str], numbers: set[str]) -> None:
    for number, codes in wanted.items():
        if number not in numbers:
            raise TrialFaulty("受付番号", f"「{number}」は、この回の申請にありません。")
        if len(set(codes)) != len(codes) or not set(codes) <= places:
            raise TrialFaulty("希望", "希望する施設に、重なりか、ない施設があります。")


def scored_rows(rules: ScoringRules) -> dict[str, Row]:
    """Every row that gives points, by its number."""
    return {row.id: row for name in POINT_TABLES for row in rules.tables[name].rows}


def tried_package(package: Any, changes: Changes) -> TriedPackage:
    """The package with other points."""
    return TriedPackage(package.facilities, _with_points(package.scoring, changes.points), package.periods)


def _with_points(rules: ScoringRules, points: Mapping[str, Decimal]) -> ScoringRules:
    if not points:
        return rules
    tables = {name: _changed(table, points) for name, table in rules.tables.items()}
    return replace(rules, tables=tables)


def _changed(table: Table, points: Mapping[str, Decimal]) -> Table:
    """A table of its own: rows are found by an index that belongs to the table."""
    rows = tuple(replace(row, points=points[row.id]) if row.id in points else row for row in table.rows)
    return Table(table.file, table.hit, table.facts, rows)


def without_row(rules: ScoringRules, row_id: str) -> ScoringRules:
    """The tables without one row, to see how much hangs on it."""
    tables = {
        name: Table(table.file, table.hit, table.facts, tuple(row for row in table.rows if row.id != row_id))
        for name, table in rules.tables.items()
    }
    return replace(rules, tables=tables)


def tried_applicants(applicants: Iterable[Any], changes: Changes, wishes_field: str) -> list[TriedApplicant]:
    """Everybody, with changed wishes; who is touched by a change has no score yet."""
    return [_tried(each, changes, wishes_field) for each in applicants]


def _tried(each: Any, changes: Changes, wishes_field: str) -> TriedApplicant:
    told = TriedApplicant(each.application_id, each.number, each.answers, each.facts, each.score_sheet)
    if each.number in changes.wishes:
        answers = {**each.answers, wishes_field: list(changes.wishes[each.number])}
        return replace(told, answers=answers, score_sheet={})
    if touched(each.score_sheet, changes.points):
        return replace(told, score_sheet={})
    return told


def touched(sheet: Mapping[str, Any], row_ids: Iterable[str]) -> bool:
    """Whether one of these rows fired for an applicant; a row with other points fires for the same people."""
    fired = {row["row_id"] for row in sheet.get("rows", ())}
    return any(row_id in fired for row_id in row_ids)


def in_words(changes: Changes, package: Any, opened: Mapping[str, int]) -> list[str]:
    """The changes of a trial, a sentence each. opened: the open seats of the round, by key of the pool."""
    names = {facility.code: facility for facility in package.facilities}
    rows = scored_rows(package.scoring)
    told = [
        f"{_pool_name(key, names)} {opened.get(key, 0)} → {seats}" for key, seats in changes.seats.items()
    ]
    told += [
        f"{row_id}「{rows[row_id].text}」 {rows[row_id].points:+g}点 → {points:+g}点"
        for row_id, points in changes.points.items()
    ]
    told += [
        f"{number}の希望 → {'、'.join(names[code].name for code in codes) or 'なし'}"
        for number, codes in changes.wishes.items()
    ]
    return told


def _pool_name(key: str, places: Mapping[str, Any]) -> str:
    code, _, label = key.partition("/")
    told = class_name(label)
    return f"{places[code].name} {told}の空き" if told else f"{places[code].name}の定員"


@dataclass(frozen=True)
class Moved:
    """One applicant with another end in the second of two runs."""

    application_id: int
    before: tuple[str, str]
    after: tuple[str, str]
    """Outcome and facility."""


def moved(before: Mapping[int, tuple[str, str]], after: Mapping[int, tuple[str, str]]) -> list[Moved]:
    """Who ends otherwise in the second run, by application."""
    nothing = ("", "")
    ids = sorted(before.keys() | after.keys())
    pairs = [(pk, before.get(pk, nothing), after.get(pk, nothing)) for pk in ids]
    return [Moved(pk, was, now) for pk, was, now in pairs if was != now]


@dataclass(frozen=True)
class Shares:
    """What a run is judged by, in counts: seats, first wishes met, families whose children are together."""

    placed: int
    first_choice: int
    families: int
    """With two children or more who have a seat."""
    together: int


def shares(rows: Sequence[tuple[str, int | None, str]]) -> Shares:
    """The counts of a run from facility, number of the wish and family of each child."""
    seated: dict[str, list[str]] = {}
    for facility, _, family in rows:
        if facility and family:
            seated.setdefault(family, []).append(facility)
    several = [places for places in seated.values() if len(places) > 1]
    return Shares(
        placed=sum(bool(facility) for facility, _, _ in rows),
        first_choice=sum(number == 1 for _, number, _ in rows),
        families=len(several),
        together=sum(len(set(places)) == 1 for places in several),
    )
