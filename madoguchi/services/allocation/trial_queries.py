"""試算の結果を見る: the round and its trials beside each other. Part of queries.py.

Every number is counted from the placements that the session sees, so nobody subtracts somebody out of sight.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.contest import EVERYBODY, Pool, class_name, seat_key
from madoguchi.services.allocation.models import Placement, Round, RowWeight, Trial, TrialPlacement
from madoguchi.services.allocation.round_seats import label_of, labels_of
from madoguchi.services.allocation.trial_rules import Changes, Moved, Shares, in_words, moved, shares
from madoguchi.services.applications.states import Outcome

AS_IT_IS = "0"
"""The key of the round itself among its runs."""


@dataclass(frozen=True)
class Claim:
    """A family that could rightly claim a better wish: its children by receipt number, the wish and its number."""

    children: tuple[str, ...]
    number: int
    places: tuple[str, ...]


@dataclass(frozen=True)
class FindingView:
    """What the independent checker found in a result taken in. None of it where the reader does not see every child."""

    withheld: bool
    violations: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    current: bool = True
    """Whether the round is still the one that the result was checked for."""


@dataclass(frozen=True)
class RunView:
    """The round as it is, or one trial. Without figures a trial is not through yet; finding only of one taken in."""

    key: str
    name: str
    told: tuple[str, ...]
    started_at: datetime | None
    job_id: UUID | None
    outcomes: Mapping[str, int] | None
    shares: Shares | None
    finding: FindingView | None = None


@dataclass(frozen=True)
class ClubPair:
    """One club, or one class of a nursery, in two runs: open seats, children with a seat, the lowest total that got one."""

    code: str
    name: str
    class_name: str
    seats: tuple[int, int]
    placed: tuple[int, int]
    cut_off: tuple[Decimal | None, Decimal | None]

    @property
    def differs(self) -> bool:
        return any(one != other for one, other in (self.seats, self.placed, self.cut_off))


@dataclass(frozen=True)
class Comparison:
    """Two runs beside each other: figures, facilities, and everybody who ends otherwise."""

    one: RunView
    other: RunView
    clubs: tuple[ClubPair, ...]
    moved: tuple[Moved, ...]
    names: Mapping[str, str]


@dataclass(frozen=True)
class RowWeightView:
    """How much hangs on one row: children it fired for, who would end otherwise without it, seats more or less."""

    row_id: str
    text: str
    fired: int
    changed: int
    placed_change: int
    current: bool
    """Whether the round is still the one that was weighed."""


@dataclass(frozen=True)
class _Row:
    application_id: int
    outcome: str
    facility: str
    age_class: str
    wish: int | None
    total: Decimal | None
    family: str


def runs_of(round_id: int) -> list[RunView]:
    """The round as it is, then its trials, newest first."""
    found = Round.objects.get(pk=round_id)
    trials = Trial.objects.filter(round=found).order_by("-started_at", "-pk")
    return [_as_it_is(found), *(_trial(trial) for trial in trials)]


def comparison(round_id: int, one: str, other: str) -> Comparison:
    """Two runs of one round by their keys. Raises NotFound for a key that is not of this round or not through."""
    runs = {run.key: run for run in runs_of(round_id) if run.outcomes is not None}
    if one not in runs or other not in runs:
        raise NotFound("試算")
    found = Round.objects.get(pk=round_id)
    package = package_of(found.version_id).package
    rows = (_rows(round_id, one), _rows(round_id, other))
    opened = open_of(found)
    seats = [opened | dict(_changes(round_id, key).seats) for key in (one, other)]
    totals = [_totals(each, package.facilities) for each in rows]
    clubs = tuple(
        _pair(facility, label, seats, totals)
        for facility in package.facilities
        for label in labels_of(facility)
    )
    ends = [{row.application_id: (row.outcome, row.facility) for row in each} for each in rows]
    names = {facility.code: facility.name for facility in package.facilities}
    return Comparison(runs[one], runs[other], clubs, tuple(moved(*ends)), names)


def _pair(
    facility: Any,
    label: str,
    seats: Sequence[Mapping[str, int]],
    totals: Sequence[Mapping[Pool, list[Decimal | None]]],
) -> ClubPair:
    pool = (facility.code, label)
    there, others = (each.get(pool, []) for each in totals)
    one, other = (each.get(seat_key(pool), 0) for each in seats)
    return ClubPair(
        facility.code,
        facility.name,
        class_name(label),
        (one, other),
        (len(there), len(others)),
        (_lowest(there), _lowest(others)),
    )


def row_weights(round_id: int) -> list[RowWeightView]:
    """The rows of the points tables, those first on which most hangs."""
    found = Round.objects.get(pk=round_id)
    rows = RowWeight.objects.filter(round=found).order_by("-changed", "-fired", "row_id")
    return [
        RowWeightView(
            row.row_id,
            row.text,
            row.fired,
            row.changed,
            row.placed_change,
            row.input_sha256 == found.input_sha256,
        )
        for row in rows
    ]


def price_of_fairness(round_id: int) -> dict[str, Any] | None:
    """What keeping the ranks costs: how many more children could have a seat without them, and how many families could
    then claim one. Differences only: they tell of nobody. None until it was worked out for the present computation."""
    told: dict[str, Any] | None = Round.objects.get(pk=round_id).figures.get("without_ranks")
    return told


def _as_it_is(found: Round) -> RunView:
    rows = _rows(found.pk, AS_IT_IS)
    return RunView(AS_IT_IS, "いまの計算", (), found.computed_at, None, _outcomes(rows), _shares(rows))


def _trial(trial: Trial) -> RunView:
    package = package_of(trial.round.version_id).package
    told = tuple(in_words(Changes.from_json(trial.changes), package, open_of(trial.round)))
    if trial.finished_at is None:
        return RunView(str(trial.pk), trial.name, told, trial.started_at, trial.job_id, None, None)
    rows = _rows(trial.round_id, str(trial.pk))
    finding = _finding(trial, len(rows), package) if trial.source else None
    return RunView(
        str(trial.pk),
        trial.name,
        (f"{trial.source} の結果を取り込んだもの",) if trial.source else told,
        trial.started_at,
        trial.job_id,
        _outcomes(rows),
        _shares(rows),
        finding,
    )


def _finding(trial: Trial, seen: int, package: Any) -> FindingView:
    """Its sentences and counts tell of everybody, so they are for those who see everybody."""
    found = trial.finding
    if seen != found["children"]:
        return FindingView(withheld=True)
    names = {facility.code: facility.name for facility in package.facilities}
    claims = tuple(
        Claim(
            tuple(claim["children"]),
            claim["number"],
            tuple(names.get(code, "席なし") for code in claim["wish"]),
        )
        for claim in found["blocking"]
    )
    current = found["input_sha256"] == trial.round.input_sha256
    return FindingView(False, tuple(found["violations"]), claims, current)


def _rows(round_id: int, key: str) -> list[_Row]:
    columns = ("application_id", "outcome", "facility_code", "age_class", "wish_rank", "total", "of_family")
    if key == AS_IT_IS:
        told = Coalesce(KeyTextTransform("family", "explanation"), Value(""), output_field=CharField())
        rows: Any = Placement.objects.filter(round_id=round_id).annotate(of_family=told)
    else:
        rows = TrialPlacement.objects.filter(trial_id=int(key), trial__round_id=round_id)
        rows = rows.annotate(of_family=F("family"))
    return [_Row(*row) for row in rows.values_list(*columns)]


def _changes(round_id: int, key: str) -> Changes:
    if key == AS_IT_IS:
        return Changes()
    return Changes.from_json(Trial.objects.get(pk=int(key), round_id=round_id).changes)


def open_of(found: Round) -> dict[str, int]:
    """The open seats of a round as it was computed, by key of the pool."""
    return {
        seat_key((line["code"], line.get("age_class", EVERYBODY))): line["capacity"]
        - line.get("passed_on", 0)
        for line in found.figures.get("clubs", [])
    }


def open_places(round_id: int) -> list[tuple[str, str, int]]:
    """The clubs or classes whose seats a trial may change: key, name, and the open seats now."""
    found = Round.objects.get(pk=round_id)
    places = package_of(found.version_id).package.facilities
    opened = open_of(found)
    pools = [(place, label, seat_key((place.code, label))) for place in places for label in labels_of(place)]
    return [
        (key, f"{place.symbol} {place.name} {class_name(label)}".strip(), opened.get(key, 0))
        for place, label, key in pools
    ]


def _outcomes(rows: Iterable[_Row]) -> dict[str, int]:
    counted = Counter(row.outcome for row in rows)
    return {outcome: counted[outcome] for outcome in (Outcome.GRANTED, Outcome.WAITLISTED, Outcome.REFUSED)}


def _shares(rows: Iterable[_Row]) -> Shares:
    return shares([(row.facility, row.wish, row.family) for row in rows])


def _totals(rows: Iterable[_Row], facilities: Iterable[Any]) -> dict[Pool, list[Decimal | None]]:
    """The totals of the children with a seat, by pool of seats."""
    places = {facility.code: facility for facility in facilities}
    found: dict[Pool, list[Decimal | None]] = defaultdict(list)
    for row in rows:
        if row.facility in places:
            found[row.facility, label_of(places[row.facility], row.age_class)].append(row.total)
    return found


def _lowest(totals: Iterable[Decimal | None]) -> Decimal | None:
    return min((total for total in totals if total is not None), default=None)
